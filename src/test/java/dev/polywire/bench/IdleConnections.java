package dev.polywire.bench;

import dev.polywire.core.net.EndpointOptions;
import dev.polywire.framed.client.FramedConnection;
import dev.polywire.framed.client.FramedListener;
import dev.polywire.framed.server.FramedServer;
import dev.polywire.framed.wire.FramedLimits;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** Heap of the JVM that has accepted a thousand connections on which nothing happens. */
final class IdleConnections {

    static final String NAME = "idle framed connection";

    private static final int CONNECTIONS = 1_000;
    private static final int ROUNDS = 5;
    private static final double MOST_MORE_BYTES = 4_096;

    private IdleConnections() {}

    /** Accepts framed connections, and each line of its input asks for its heap. */
    static final class Framed {

        private Framed() {}

        public static void main(String[] arguments) throws IOException, InterruptedException {
            Counting counting = new Counting();
            FramedServer server = new FramedServer(
                    Vertx.vertx(), EndpointOptions.of("127.0.0.1", 0), FramedLimits.DEFAULT, 10_000, 10_000, counting);
            answer(server.listen().await(), counting.open);
        }
    }

    private static final class Counting implements FramedListener {

        final AtomicInteger open = new AtomicInteger();

        @Override
        public void opened(FramedConnection connection) {
            connection.resume();
            open.incrementAndGet();
        }

        @Override
        public void received(FramedConnection connection, Buffer payload) {}

        @Override
        public void closed(FramedConnection connection, RuntimeException cause) {}
    }

    /** The same by a bare server, whose sockets have the handlers that anybody needs. */
    static final class Bare {

        private Bare() {}

        public static void main(String[] arguments) throws IOException, InterruptedException {
            AtomicInteger open = new AtomicInteger();
            Future<NetServer> server = Vertx.vertx()
                    .createNetServer()
                    .connectHandler(socket -> {
                        socket.handler(bytes -> {}).closeHandler(closed -> {}).exceptionHandler(broken -> {});
                        open.incrementAndGet();
                    })
                    .listen(0, "127.0.0.1");
            answer(server.await().actualPort(), open);
        }
    }

    static void run() throws IOException {
        List<Double> ours = new ArrayList<>();
        List<Double> bare = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            ours.add(bytesEach(Framed.class));
            bare.add(bytesEach(Bare.class));
        }
        double our = ours.stream().sorted().toList().get(ROUNDS / 2);
        double other = bare.stream().sorted().toList().get(ROUNDS / 2);
        System.out.printf(
                Locale.ROOT,
                "| %s | heap bytes | %,.0f | | %,.0f | | +%,.0f | <= +%,.0f%s |%n",
                NAME,
                our,
                other,
                our - other,
                MOST_MORE_BYTES,
                our - other <= MOST_MORE_BYTES ? "" : " **missed**");
    }

    private static double bytesEach(Class<?> program) throws IOException {
        try (Jvm jvm = new Jvm(List.of("-Xmx512m"), program)) {
            InetSocketAddress server =
                    new InetSocketAddress("127.0.0.1", jvm.answer().getInteger("port"));
            List<SocketChannel> sockets = new ArrayList<>();
            try {
                connect(sockets, server, jvm, 100);
                long before = jvm.ask("heap").getLong("bytes");
                connect(sockets, server, jvm, CONNECTIONS);
                return (jvm.ask("heap").getLong("bytes") - before) / (double) CONNECTIONS;
            } finally {
                for (SocketChannel each : sockets) {
                    each.close();
                }
            }
        }
    }

    private static void connect(List<SocketChannel> sockets, InetSocketAddress server, Jvm jvm, int count)
            throws IOException {
        for (int i = 0; i < count; i++) {
            sockets.add(SocketChannel.open(server));
        }
        while (jvm.ask("open").getInteger("open") < sockets.size()) {
            Thread.onSpinWait();
        }
    }

    private static void answer(int port, AtomicInteger open) throws IOException {
        Jvm.say(new JsonObject().put("port", port));
        var orders = new java.io.BufferedReader(new java.io.InputStreamReader(System.in));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            Jvm.say(
                    order.equals("open")
                            ? new JsonObject().put("open", open.get())
                            : new JsonObject().put("bytes", heapBytes()));
        }
        System.exit(0);
    }

    private static long heapBytes() {
        for (int i = 0; i < 4; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
