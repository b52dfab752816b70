package dev.polywire.bench;

import dev.polywire.bolt.server.BoltHandler;
import dev.polywire.bolt.server.BoltServer;
import dev.polywire.bolt.server.QueryResult;
import dev.polywire.bolt.server.ServerBounds;
import dev.polywire.bolt.server.ServerSession;
import dev.polywire.bolt.wire.AuthToken;
import dev.polywire.bolt.wire.BoltServerOptions;
import dev.polywire.bolt.wire.BoltVersion;
import dev.polywire.bolt.wire.PackStreamWriter;
import dev.polywire.bolt.wire.ValueDialect;
import dev.polywire.bridge.TcpBridgeVerticle;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Spi;
import dev.polywire.framed.client.FramedConnection;
import dev.polywire.framed.client.FramedListener;
import dev.polywire.framed.server.FramedServer;
import dev.polywire.framed.wire.FramedLimits;
import io.netty.util.internal.PlatformDependent;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetServer;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Memory, of heap and buffers, of the JVM that has accepted connections on which nothing happens any more.
 *
 * @param program accepts them
 * @param greeting what each client says first
 * @param mostMoreBytes than a bare socket, for each
 */
record IdleConnections(String name, Class<?> program, int connections, Buffer greeting, double mostMoreBytes) {

    static final List<IdleConnections> ALL = List.of(
            new IdleConnections("idle framed connection", Framed.class, 1_000, Buffer.buffer(), 4_096),
            new IdleConnections("idle bolt connection", Bolt.class, 5_000, hello(), 64.0 * 1024 * 1024 / 5_000),
            new IdleConnections("idle bridge connection", Bridge.class, 1_000, ping(), 8_192));

    private static final int ROUNDS = 5;

    /** Accepts framed connections, and each line of its input asks for its heap. */
    static final class Framed {

        private Framed() {}

        public static void main(String[] arguments) throws IOException, InterruptedException {
            Counting counting = new Counting();
            FramedServer server = new FramedServer(
                    Vertx.vertx(),
                    EndpointOptions.of("127.0.0.1", 0),
                    FramedLimits.DEFAULT,
                    10_000,
                    10_000,
                    Spi.NONE,
                    counting);
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

    /** Accepts Bolt's, which are open when they have logged in. */
    static final class Bolt {

        private Bolt() {}

        public static void main(String[] arguments) throws IOException {
            LoggedIn loggedIn = new LoggedIn();
            ServerBounds usual = ServerBounds.DEFAULT;
            ServerBounds bounds = new ServerBounds(
                    10_000,
                    10_000,
                    usual.maxOutputBytes(),
                    usual.maxWaitingBytes(),
                    usual.maxOpenResults(),
                    usual.stallTimeoutMillis(),
                    usual.idleTimeoutMillis(),
                    usual.handlerTimeoutMillis(),
                    usual.transactionTimeoutMillis(),
                    usual.logins());
            BoltServer server = new BoltServer(
                    Vertx.vertx(),
                    EndpointOptions.of("127.0.0.1", 0),
                    new BoltServerOptions(BoltServer.AGENT, ""),
                    bounds,
                    loggedIn);
            answer(server.listen().await(), loggedIn.open);
        }
    }

    private static final class LoggedIn implements BoltHandler {

        final AtomicInteger open = new AtomicInteger();

        @Override
        public Future<String> verifyAuth(ServerSession session, AuthToken token) {
            open.incrementAndGet();
            return Future.succeededFuture("idle");
        }

        @Override
        public Future<QueryResult> run(ServerSession session, String query, Map<String, @Nullable Object> parameters) {
            return Future.succeededFuture(QueryResult.empty());
        }
    }

    /** The handshake for Bolt 5.0 and a HELLO, which is a login there. */
    private static Buffer hello() {
        Buffer hello = new PackStreamWriter(ValueDialect.of(BoltVersion.V5_0), 1_000)
                .structure(1, 0x01)
                .map(Map.of("user_agent", "idle/1", "scheme", "none"))
                .take();
        return Buffer.buffer()
                .appendInt(0x6060B017)
                .appendInt(5)
                .appendBytes(new byte[12])
                .appendShort((short) hello.length())
                .appendBuffer(hello)
                .appendShort((short) 0);
    }

    /** Accepts clients of the bridge, each of which has asked once. */
    static final class Bridge {

        private Bridge() {}

        public static void main(String[] arguments) throws IOException {
            Connected connected = new Connected();
            TcpBridgeVerticle bridge = new TcpBridgeVerticle(connected);
            JsonObject config = new JsonObject().put("port", 0).put("call", new JsonArray());
            Vertx.vertx()
                    .deployVerticle(bridge, new DeploymentOptions().setConfig(config))
                    .await();
            answer(bridge.actualPort(), connected.open);
        }
    }

    private static final class Connected implements Spi {

        final AtomicInteger open = new AtomicInteger();

        @Override
        public void connected(String protocol, String target) {
            open.incrementAndGet();
        }
    }

    private static Buffer ping() {
        Buffer ping = new JsonObject().put("type", "ping").toBuffer();
        return Buffer.buffer().appendInt(ping.length()).appendBuffer(ping);
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

    /** @param otherBuild in front of our class path; null: beside a bare socket */
    void run(@Nullable String otherBuild) throws IOException {
        List<Double> ours = new ArrayList<>();
        List<Double> others = new ArrayList<>();
        String classPath = System.getProperty("java.class.path");
        for (int i = 0; i < ROUNDS; i++) {
            ours.add(bytesEach(classPath, program));
            others.add(
                    otherBuild == null
                            ? bytesEach(classPath, Bare.class)
                            : bytesEach(otherBuild + File.pathSeparator + classPath, program));
        }
        double our = ours.stream().sorted().toList().get(ROUNDS / 2);
        double other = others.stream().sorted().toList().get(ROUNDS / 2);
        if (otherBuild != null) {
            System.out.printf(
                    Locale.ROOT,
                    "| %s | heap and direct bytes | %,.0f | | %,.0f | | %.2f | |%n",
                    name,
                    our,
                    other,
                    our / other);
            return;
        }
        System.out.printf(
                Locale.ROOT,
                "| %s | heap and direct bytes | %,.0f | | %,.0f | | +%,.0f | <= +%,.0f%s |%n",
                name,
                our,
                other,
                our - other,
                mostMoreBytes,
                our - other <= mostMoreBytes ? "" : " **missed**");
    }

    private double bytesEach(String classPath, Class<?> program) throws IOException {
        try (Jvm jvm = new Jvm(classPath, List.of("-Xmx512m"), program)) {
            InetSocketAddress server =
                    new InetSocketAddress("127.0.0.1", jvm.answer().getInteger("port"));
            List<SocketChannel> sockets = new ArrayList<>();
            try {
                connect(sockets, server, jvm, 100);
                long before = jvm.ask("heap").getLong("bytes");
                connect(sockets, server, jvm, connections);
                return (jvm.ask("heap").getLong("bytes") - before) / (double) connections;
            } finally {
                for (SocketChannel each : sockets) {
                    each.close();
                }
            }
        }
    }

    private void connect(List<SocketChannel> sockets, InetSocketAddress server, Jvm jvm, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            SocketChannel socket = SocketChannel.open(server);
            socket.write(ByteBuffer.wrap(greeting.getBytes()));
            sockets.add(socket);
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
                            : new JsonObject().put("bytes", bytes()));
        }
        System.exit(0);
    }

    /** Of heap and buffers, after a collection. */
    static long bytes() {
        for (int i = 0; i < 4; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed()
                + PlatformDependent.usedDirectMemory();
    }
}
