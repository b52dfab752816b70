package dev.polywire.framed.service;

import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.MemoryBudget;
import dev.polywire.core.net.Spi;
import dev.polywire.framed.client.FramedConnection;
import dev.polywire.framed.client.FramedListener;
import dev.polywire.framed.server.FramedServer;
import dev.polywire.framed.wire.FramedEnvelope;
import dev.polywire.framed.wire.FramedLimits;
import dev.polywire.testing.FramedPeer;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.SmallJvm;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** What waits for a peer or a reader is in the accounts as it is in the heap. */
class FramedHeldTest {

    @Test
    void isWhatTheHeapHas() {
        SmallJvm.run(Program.class).requireClean();
    }

    static final class Program implements FramedListener {

        private static final int PATIENCE_SECONDS = 60;
        private static final int CONNECTIONS = 40;

        private final Vertx vertx = Vertx.vertx();
        private final Context context = vertx.getOrCreateContext();
        private final MemoryBudget budget = MemoryBudget.of(vertx);
        private final BlockingQueue<FramedConnection> opened = new LinkedBlockingQueue<>();

        private interface Step {
            void run() throws Exception;
        }

        public static void main(String[] arguments) throws Exception {
            Program program = new Program();
            for (int bytes : new int[] {100, 1_000, 10_000}) {
                program.output(bytes);
                program.parking(bytes);
                program.items(bytes);
            }
            Outcome.value(program.vertx.close());
        }

        @Override
        public void opened(FramedConnection connection) {
            opened.add(connection);
        }

        @Override
        public void received(FramedConnection connection, Buffer payload) {
            throw new AssertionError("nobody asked");
        }

        @Override
        public void closed(FramedConnection connection, RuntimeException cause) {}

        /** Messages that wait for a peer that does not read. */
        private void output(int bytes) throws Exception {
            FramedServer server = server(0);
            try (FramedPeer peer = FramedPeer.connect(listen(server))) {
                FramedConnection to = next();
                on(() -> to.send(Buffer.buffer(new byte[10_000_000])));
                compare(
                        "output of " + bytes,
                        () -> on(() -> {
                            for (int sent = 0; sent < 2_000_000; sent += bytes) {
                                to.sendNoWait(Buffer.buffer(new byte[bytes]));
                            }
                        }));
                peer.reset();
            }
            Outcome.on(context, server::close);
        }

        /** Messages that arrive while a request waits, and nobody reads. */
        private void parking(int bytes) throws Exception {
            FramedServer server = server(1);
            int port = listen(server);
            List<FramedPeer> peers = new ArrayList<>();
            List<FramedConnection> connections = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                peers.add(FramedPeer.connect(port));
                FramedConnection connection = next();
                connections.add(connection);
                on(() -> connection.request(Buffer.buffer("?"), Deadline.after(vertx, 60_000)));
            }
            Buffer message = FramedPeer.frame(FramedEnvelope.message(Buffer.buffer(new byte[bytes])));
            int each = 50_000 / (bytes + 128);
            Buffer all = Buffer.buffer();
            for (int i = 0; i < each; i++) {
                all.appendBuffer(message);
            }
            compare("parking of " + bytes, () -> {
                peers.forEach(peer -> peer.write(all));
                long wanted = (long) CONNECTIONS * each * bytes;
                until(() -> budget.heldBytes() >= wanted);
            });
            peers.forEach(FramedPeer::close);
            Outcome.on(context, server::close);
        }

        /** Items that a reader has given back. */
        private void items(int bytes) throws Exception {
            FramedInbox inbox = Outcome.on(
                    context,
                    () -> Future.succeededFuture(new FramedInbox(vertx, "inbox", (items, why) -> new JsonObject())));
            compare(
                    "items of " + bytes,
                    () -> on(() -> {
                        JsonArray items = new JsonArray();
                        for (int held = 0; held < 2_000_000; held += bytes) {
                            items.add(new JsonObject()
                                    .put("text", Buffer.buffer(new byte[bytes]).toString())
                                    .put("connection", Integer.toString(held)));
                        }
                        inbox.giveBack(items);
                        inbox.close();
                    }));
            on(inbox::release);
        }

        private FramedServer server(int maxOutstanding) {
            FramedLimits usual = FramedLimits.DEFAULT;
            FramedLimits limits = new FramedLimits(
                    usual.maxFrameBytes(), 60_000, 0, FramedLimits.GREATEST_MAX_OUTPUT_BYTES, 60_000, maxOutstanding);
            return Outcome.on(
                    context,
                    () -> Future.succeededFuture(new FramedServer(
                            vertx, EndpointOptions.of("127.0.0.1", 0), limits, 1_000, 1_000, Spi.NONE, this)));
        }

        private int listen(FramedServer server) {
            return Outcome.on(context, server::listen);
        }

        private FramedConnection next() throws InterruptedException {
            return opened.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }

        private void on(Runnable work) {
            Outcome.on(context, () -> {
                work.run();
                return Future.succeededFuture();
            });
        }

        private void compare(String what, Step holds) throws Exception {
            long heapBefore = heapBytes();
            long countedBefore = budget.heldBytes();
            holds.run();
            long held = heapBytes() - heapBefore;
            long counted = budget.heldBytes() - countedBefore;
            String both = what + ": holds " + held + ", counts " + counted + " bytes";
            System.out.println(both);
            if (Math.abs(held - counted) > counted / 5) {
                throw new AssertionError(both);
            }
        }

        private static void until(BooleanSupplier condition) {
            long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (!condition.getAsBoolean()) {
                if (System.nanoTime() > endNanos) {
                    throw new AssertionError("not within " + PATIENCE_SECONDS + " s");
                }
                Thread.onSpinWait();
            }
        }

        private static long heapBytes() {
            System.gc();
            return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        }
    }
}
