package dev.polywire.bolt.server;

import static org.awaitility.Awaitility.await;

import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.BoltVersion;
import dev.polywire.bolt.wire.PackStreamWriter;
import dev.polywire.bolt.wire.ValueDialect;
import dev.polywire.core.net.MemoryBudget;
import dev.polywire.testing.Heap;
import dev.polywire.testing.InSmallJvm;
import dev.polywire.testing.RawPeer;
import dev.polywire.testing.SmallJvm;
import io.vertx.core.buffer.Buffer;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a server holds above its connections: the request in progress, rows that nobody has read; and unfinished messages. */
class ServedMemoryTest {

    private static final BoltVersion VERSION = BoltVersion.V5_4;
    private static final int MEBIBYTE = 1024 * 1024;
    private static final int CHUNK_BYTES = 60_000;

    private final Served served = new Served();
    private final MemoryBudget budget = MemoryBudget.of(served.loop.vertx());
    private final List<RawBolt> clients = IntStream.range(0, 10)
            .mapToObj(n -> RawBolt.ready(served.port, VERSION))
            .toList();

    @AfterEach
    void close() {
        clients.forEach(RawBolt::close);
        served.close();
    }

    private static Buffer message(BoltRequest request) {
        PackStreamWriter out = new PackStreamWriter(ValueDialect.of(VERSION), 2 * MEBIBYTE);
        request.write(out);
        Buffer message = out.take();
        Buffer chunks = Buffer.buffer();
        for (int at = 0; at < message.length(); at += CHUNK_BYTES) {
            int end = Math.min(message.length(), at + CHUNK_BYTES);
            chunks.appendShort((short) (end - at)).appendBuffer(message, at, end - at);
        }
        return chunks.appendShort((short) 0);
    }

    @Test
    @InSmallJvm
    void requestsInProgressAreHeld() {
        budget.limit(200L * MEBIBYTE);
        Buffer query = message(RawBolt.run("never " + "x".repeat(300_000)));
        Heap.requireNear(
                Heap.bytesOf(() -> {
                    clients.forEach(client -> client.peer().write(query));
                    await().until(() -> served.handler.heard.stream()
                                    .filter(heard -> heard.startsWith("run never"))
                                    .count()
                            == clients.size());
                    // Its queries are those that are held.
                    served.handler.heard.clear();
                    return served;
                }),
                budget.heldBytes());
        clients.forEach(client -> client.peer().close());
        await().until(() -> budget.heldBytes() == 0);
    }

    @Test
    @InSmallJvm
    void resultsThatNobodyReadsAreHeld() {
        budget.limit(200L * MEBIBYTE);
        Heap.requireNear(
                Heap.bytesOf(() -> {
                    clients.forEach(client -> client.send(RawBolt.run("list 1000"), new BoltRequest.Pull(1, -1)));
                    clients.forEach(client -> client.expect("SUCCESS", "RECORD [" + TestHandler.text(0) + "]", "MORE"));
                    await().until(() -> budget.heldBytes() > 10 * 1_000_000);
                    return served;
                }),
                budget.heldBytes());
        clients.forEach(client -> client.send(BoltRequest.Discard.ALL));
        await().until(() -> budget.heldBytes() == 0);
    }

    /** A page is asked for as a whole, and is written as far as its client reads. */
    @Test
    void pagesThatNobodyReadsAreHeld() {
        budget.limit(200L * MEBIBYTE);
        clients.forEach(client -> client.send(RawBolt.run("texts 1000000"), BoltRequest.Pull.ALL));
        await().until(() -> served.handler.made.get() >= 10 * 1_000 && budget.heldBytes() > 10 * MEBIBYTE);
        clients.forEach(client -> client.peer().reset());
        await().until(() -> budget.heldBytes() == 0);
    }

    @Test
    void manyUnfinishedMessagesDoNotFillTheHeap() {
        SmallJvm.run(UnfinishedMessages.class).requireClean();
    }

    /** Thirty who are logged in, each with an eighth of the heap of one message, whose end never comes. */
    static final class UnfinishedMessages {

        private static final int CLIENTS = 30;
        private static final long MESSAGE_BYTES = Runtime.getRuntime().maxMemory() * 15 / 128;

        private UnfinishedMessages() {}

        public static void main(String[] arguments) throws InterruptedException {
            try (Served served = new Served();
                    RawBolt healthy = RawBolt.ready(served.port, VERSION)) {
                List<RawBolt> clients = new ArrayList<>();
                List<Thread> writers = new ArrayList<>();
                for (int i = 0; i < CLIENTS; i++) {
                    RawBolt client = RawBolt.ready(served.port, VERSION);
                    clients.add(client);
                    writers.add(new Thread(() -> write(client.peer())));
                }
                writers.forEach(Thread::start);
                AtomicBoolean over = new AtomicBoolean();
                served.loop.vertx().setTimer(5_000, passed -> over.set(true));
                while (!over.get()) {
                    healthy.send(RawBolt.run("healthy"), BoltRequest.Pull.ALL);
                    healthy.expect("SUCCESS", "RECORD [healthy]", "SUCCESS");
                }
                clients.forEach(client -> client.peer().reset());
                for (Thread writer : writers) {
                    writer.join();
                }
                await().until(() -> MemoryBudget.of(served.loop.vertx()).heldBytes() < MEBIBYTE);
            }
        }

        /** A text that is as long as it says, but for its last byte. */
        private static void write(RawPeer peer) {
            Buffer chunk = Buffer.buffer().appendShort((short) CHUNK_BYTES).appendBytes(new byte[CHUNK_BYTES]);
            try {
                for (long sent = 0; sent < MESSAGE_BYTES; sent += CHUNK_BYTES) {
                    peer.write(chunk);
                }
            } catch (UncheckedIOException dropped) {
                // As it should be, or it waits until it is reset.
            }
        }
    }
}
