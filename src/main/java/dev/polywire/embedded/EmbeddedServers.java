package dev.polywire.embedded;

import dev.polywire.bolt.service.BoltServerVerticle;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.eventstore.server.EventStoreServer;
import dev.polywire.framed.service.FramedServerVerticle;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** Starts embedded servers by configuration, on loopback: they have no passwords, or well-known ones. */
public final class EmbeddedServers {

    private static final String HOST = EmbeddedOptions.HOST;

    private EmbeddedServers() {}

    /** Starts a server. */
    public static Future<EmbeddedServer> start(Vertx vertx, EmbeddedOptions options) {
        int port = options.port();
        return switch (options.type()) {
            // Each in a class of its own, which a program without its library does not load.
            case MONGODB ->
                foreign(vertx, "mongodb (mongo-java-server, in memory)", port, () -> EmbeddedMongo.start(port)::stop);
            case AMQP -> foreign(vertx, "amqp (Qpid Broker-J, in memory)", port, () -> EmbeddedAmqp.start(port)::stop);
            case FRAMED_ECHO -> framedEcho(vertx, options);
            case BOLT_ECHO -> boltEcho(vertx, port);
            case EVENTSTORE -> eventStore(vertx, port);
        };
    }

    /** @param start gives what stops it */
    private static Future<EmbeddedServer> foreign(Vertx vertx, String what, int port, Callable<Runnable> start) {
        return vertx.executeBlocking(start)
                .map(stop -> new Running(
                        what,
                        port,
                        () -> vertx.executeBlocking(() -> {
                            stop.run();
                            return null;
                        })));
    }

    private static Future<EmbeddedServer> framedEcho(Vertx vertx, EmbeddedOptions options) {
        JsonObject config =
                listening("echo", options.port()).put("codec", "utf8").put("correlation", options.correlation());
        return pair(
                vertx,
                "framed echo server",
                config,
                FramedServerVerticle::new,
                () -> new EchoVerticle(config.getString("address")));
    }

    private static Future<EmbeddedServer> boltEcho(Vertx vertx, int port) {
        JsonObject config = listening("bolt-echo", port);
        String handler = config.getString("address") + ".queries";
        config.put("handler", handler);
        return pair(vertx, "bolt echo server", config, BoltServerVerticle::new, () -> new BoltEchoVerticle(handler));
    }

    /** Its first client has it load protobuf, which takes longer than all the rest. */
    private static Future<EmbeddedServer> eventStore(Vertx vertx, int port) {
        EventStoreServer server = new EventStoreServer(vertx, EndpointOptions.of(HOST, port));
        return server.listen()
                .map(listening -> new Running("eventstore (like 5.0.11, in memory)", port, server::close));
    }

    private static JsonObject listening(String name, int port) {
        return new JsonObject()
                .put("name", "embedded-" + name)
                .put("address", "polywire.embedded." + name + "-" + port)
                .put("host", HOST)
                .put("port", port);
    }

    /** A server, and a verticle that answers its messages. */
    private static Future<EmbeddedServer> pair(
            Vertx vertx, String what, JsonObject config, Supplier<Deployable> server, Supplier<Deployable> echo) {
        return vertx.deployVerticle(server.get(), new DeploymentOptions().setConfig(config))
                .compose(listening -> vertx.deployVerticle(echo.get())
                        .recover(silent -> vertx.undeploy(listening).transform(gone -> Future.failedFuture(silent)))
                        .map(answering -> new Running(
                                what,
                                config.getInteger("port"),
                                () -> vertx.undeploy(answering).eventually(() -> vertx.undeploy(listening)))));
    }

    private record Running(String what, int port, Supplier<Future<Void>> closing) implements EmbeddedServer {

        @Override
        public String description() {
            return what + " at " + HOST + ":" + port;
        }

        @Override
        public Future<Void> close() {
            return closing.get();
        }
    }
}
