package dev.polywire.bridge;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.MemoryBudget;
import dev.polywire.testing.Heap;
import dev.polywire.testing.PressedJvm;
import dev.polywire.testing.Soak;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * Permitted clients that each send most of a frame and stop, more of them than a heap of 128 MB can have, for a while: a
 * healthy client beside them is answered, every large request has its outcome, and nothing of them stays.
 */
class BridgePressureIT {

    /** A legal frame in each case: the smallest limit admits half of a mebibyte. */
    private static final int LARGE_BYTES = 400_000;

    /** It takes its turn among hundreds whose frames do not end: at the latest when these have left. */
    private static final int PATIENCE_MILLIS = (Integer.parseInt(Soak.seconds()) + 20) * 1_000;

    /** Before a client that was refused asks again. */
    private static final long POLITE_MILLIS = 10;

    private static final List<String> OVERLOADED = List.of("overloaded", "reply_dropped");

    /** The bridge under pressure. */
    static final class Program {

        private Program() {}

        public static void main(String[] arguments) {
            Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
            vertx.eventBus().consumer("echo", message -> message.reply(message.body()));
            BridgeRig rig = new BridgeRig(
                    vertx, new JsonObject().put("maxTotalBytes", Long.parseLong(arguments[0])), BridgeRig.call("echo"));
            PressedJvm.serve(() -> new JsonObject()
                    .put("port", rig.port())
                    .put("heldBytes", rig.heldBytes())
                    .put("memory", MemoryBudget.of(vertx).status())
                    .put("connected", rig.connected())
                    .put("counters", rig.counters()));
        }
    }

    /** A client in the middle of a frame; without a thread, because there are hundreds. */
    private static final class Unfinished {

        private final int port;
        private final ByteBuffer frame;
        private SocketChannel socket;
        private boolean gone;

        Unfinished(int port, int frameBytes) {
            this.port = port;
            frame = ByteBuffer.allocate(frameBytes);
            frame.putInt(0, frameBytes);
            Arrays.fill(frame.array(), 4, frameBytes, (byte) ' ');
            frame.limit(frameBytes - 1);
        }

        /** Sends what the bridge takes. A dropped one comes again. */
        void step() throws IOException {
            if (socket == null || gone) {
                close();
                socket = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                socket.configureBlocking(false);
                frame.position(0);
                gone = false;
            }
            try {
                socket.write(frame);
                gone = socket.read(ByteBuffer.allocate(1_000)) < 0;
            } catch (IOException reset) {
                gone = true;
            }
        }

        void close() throws IOException {
            if (socket != null) {
                socket.close();
            }
        }
    }

    /** Clients that come, ask for much, and go with the outcome: the answer, a refusal, or the end of the connection. */
    private static final class Asking implements Callable<Integer> {

        private final int port;
        private final JsonObject body;
        private volatile boolean over;

        Asking(int port, int bytes) {
            this.port = port;
            this.body = new JsonObject().put("text", "x".repeat(bytes));
        }

        /** @return how many were answered. @throws AssertionError when one had no outcome */
        @Override
        public Integer call() {
            int answered = 0;
            while (!over) {
                try (BridgeClient client = new BridgeClient(port)) {
                    JsonObject outcome = client.patience(PATIENCE_MILLIS)
                            .request("echo", new JsonObject(), body)
                            .read();
                    if (outcome.getString("type").equals("message")) {
                        answered++;
                    } else {
                        assertTrue(OVERLOADED.contains(outcome.getString("message")), outcome::encode);
                        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(POLITE_MILLIS));
                    }
                } catch (UncheckedIOException gone) {
                    if (gone.getCause() instanceof SocketTimeoutException silence) {
                        throw new AssertionError("no outcome", silence);
                    }
                }
            }
            return answered;
        }
    }

    /** At the same time, because each goes on for a while. */
    @Test
    void unfinishedFramesOfManyClientsNeverFillTheHeap() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<Future<?>> cases = List.of(
                    threads.submit(() -> press(threads, 300, 1_000_000, "67108864")),
                    threads.submit(() -> press(threads, 100, 1_000_000, "16777216")),
                    threads.submit(() -> press(threads, 40, LARGE_BYTES, "1048576")));
            assertAll(cases.stream().map(each -> each::get));
        } finally {
            threads.shutdownNow();
        }
    }

    private static Void press(ExecutorService threads, int count, int frameBytes, String maxTotalBytes)
            throws Exception {
        try (PressedJvm pressed = PressedJvm.start(Program.class, maxTotalBytes)) {
            int port = pressed.ask("status").getInteger("port");
            try (BridgeClient healthy = new BridgeClient(port)) {
                asks(healthy, 1_000);
                long before = pressed.heapBytes();
                List<Unfinished> clients = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    clients.add(new Unfinished(port, frameBytes));
                }
                Asking asking = new Asking(port, LARGE_BYTES);
                Future<Integer> asked = threads.submit(asking);
                try {
                    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(Soak.seconds()));
                    while (System.nanoTime() < end) {
                        for (Unfinished each : clients) {
                            each.step();
                        }
                        asks(healthy, 20);
                    }
                } finally {
                    asking.over = true;
                    for (Unfinished each : clients) {
                        each.close();
                    }
                }
                System.out.println(asked.get() + " large requests were answered beside " + count + " clients, "
                        + pressed.ask("status").encode());
                asks(healthy, 100);
                await().until(() -> {
                    JsonObject status = pressed.ask("status");
                    return status.getInteger("connected") == 1 && status.getInteger("heldBytes") == 0;
                });
                Heap.requireBack(before, pressed.heapBytes());
            }
        }
        return null;
    }

    private static void asks(BridgeClient healthy, int times) {
        JsonObject body = new JsonObject().put("text", "x".repeat(2_000));
        for (int i = 0; i < times; i++) {
            try {
                assertEquals(
                        body,
                        healthy.request("echo", new JsonObject(), body).read().getJsonObject("body"));
            } catch (UncheckedIOException dropped) {
                throw new AssertionError("the healthy client was dropped", dropped);
            }
        }
    }
}
