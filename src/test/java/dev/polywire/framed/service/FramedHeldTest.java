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
        private static final int ATTEMPTS = 5;
        private static final int CONNECTIONS = 100;
        /** Nothing is dropped here. */
        private static final int LIMIT_BYTES = 64 * 1024 * 1024;

        /** Of a parked message beside its content. */
        private static final int PARKED_BYTES = 128;

        private static final int SETTLED_BYTES = 16 * 1024;

        private final Vertx vertx = Vertx.vertx();
        private final Context context = vertx.getOrCreateContext();
        private final MemoryBudget budget = MemoryBudget.of(vertx);
        private final BlockingQueue<FramedConnection> opened = new LinkedBlockingQueue<>();

        private interface Case {
            /** @return whether the heap says what the accounts say */
            boolean isTrue() throws Exception;
        }

        public static void main(String[] arguments) throws Exception {
            Program program = new Program();
            program.budget.limit(LIMIT_BYTES);
            for (int bytes : new int[] {100, 1_000, 10_000}) {
                require(() -> program.output(bytes));
                require(() -> program.parking(bytes));
                require(() -> program.items(bytes));
            }
            Outcome.value(program.vertx.close());
        }

        /** The first time loads classes, and what an earlier case held may go in the middle of a later one. */
        private static void require(Case holder) throws Exception {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                if (holder.isTrue()) {
                    return;
                }
            }
            throw new AssertionError("never");
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
        private boolean output(int bytes) throws Exception {
            boolean same;
            FramedServer server = server(0);
            try (FramedPeer peer = FramedPeer.connect(listen(server))) {
                FramedConnection to = next();
                on(() -> to.send(Buffer.buffer(new byte[10_000_000])));
                same = compare(
                        "output of " + bytes,
                        1,
                        () -> on(() -> {
                            for (int sent = 0; sent < 3_000_000; sent += bytes) {
                                to.sendNoWait(Buffer.buffer(new byte[bytes]));
                            }
                        }));
                peer.reset();
            }
            Outcome.on(context, server::close);
            return same;
        }

        /** Messages that arrive while a request waits, and nobody reads. */
        private boolean parking(int bytes) throws Exception {
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
            int each = 50_000 / (bytes + PARKED_BYTES);
            Buffer all = Buffer.buffer();
            for (int i = 0; i < each; i++) {
                all.appendBuffer(message);
            }
            boolean same = compare("parking of " + bytes, 1, () -> {
                peers.forEach(peer -> peer.write(all));
                long wanted = (long) CONNECTIONS * each * (bytes + PARKED_BYTES);
                until(() -> budget.heldBytes() >= wanted);
            });
            peers.forEach(FramedPeer::close);
            Outcome.on(context, server::close);
            return same;
        }

        /** Items that a reader has given back. */
        private boolean items(int bytes) throws Exception {
            FramedInbox inbox = Outcome.on(
                    context,
                    () -> Future.succeededFuture(new FramedInbox(vertx, "inbox", (items, why) -> new JsonObject())));
            on(() -> {
                JsonArray items = new JsonArray();
                for (int held = 0; held < 3_000_000; held += bytes) {
                    items.add(new JsonObject()
                            .put("text", Buffer.buffer(new byte[bytes]).toString())
                            .put("connection", Integer.toString(held)));
                }
                inbox.giveBack(items);
                inbox.close();
            });
            boolean same =
                    compare("items of " + bytes, -1, () -> on(() -> inbox.pull(Integer.MAX_VALUE, Integer.MAX_VALUE)));
            on(inbox::release);
            return same;
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

        /** @param sign 1: {@code step} makes somebody hold something; -1: makes them release it */
        private boolean compare(String what, int sign, Runnable step) {
            long heapBefore = settledHeapBytes();
            long countedBefore = budget.heldBytes();
            step.run();
            long held = sign * (settledHeapBytes() - heapBefore);
            long counted = sign * (budget.heldBytes() - countedBefore);
            System.out.println(what + ": holds " + held + ", counts " + counted + " bytes");
            return Math.abs(held - counted) <= counted / 5;
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

        /** When what was held before is gone: sockets close in turns of the loop. */
        private long settledHeapBytes() {
            long before;
            long now = heapBytes();
            do {
                before = now;
                for (int turn = 0; turn < 100; turn++) {
                    on(() -> {});
                }
                now = heapBytes();
            } while (Math.abs(now - before) > SETTLED_BYTES);
            return now;
        }

        private static long heapBytes() {
            System.gc();
            return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        }
    }
}
