package dev.polywire.embedded;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import dev.polywire.bolt.service.BoltServerVerticle;
import dev.polywire.core.net.ListenException;
import dev.polywire.framed.service.FramedServerVerticle;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Starts embedded servers by configuration, on loopback: they have no passwords, or well-known ones. */
public final class EmbeddedServers {

    private static final String HOST = EmbeddedOptions.HOST;

    /** It logs a stack trace for each refused command, though the client gets the refusal. Referenced, to keep its level. */
    private static final Logger MONGODB_LOG = Logger.getLogger("de.bwaldvogel.mongo");

    private EmbeddedServers() {}

    /** Starts a server. */
    public static Future<EmbeddedServer> start(Vertx vertx, EmbeddedOptions options) {
        return switch (options.type()) {
            case MONGODB -> mongodb(vertx, options.port());
            case AMQP -> amqp(vertx, options.port());
            case FRAMED_ECHO -> framedEcho(vertx, options);
            case BOLT_ECHO -> boltEcho(vertx, options.port());
        };
    }

    private static Future<EmbeddedServer> mongodb(Vertx vertx, int port) {
        MONGODB_LOG.setLevel(Level.OFF);
        MongoServer server = new MongoServer(new MemoryBackend());
        return vertx.executeBlocking(() -> {
                    try {
                        server.bind(HOST, port);
                        return server;
                    } catch (Exception sneaky) {
                        server.shutdownNow();
                        throw ListenException.at(HOST + ":" + port, sneaky);
                    }
                })
                .map(up -> new Running(
                        "mongodb (mongo-java-server, in memory)",
                        port,
                        () -> vertx.executeBlocking(() -> {
                            server.shutdownNow();
                            return null;
                        })));
    }

    private static Future<EmbeddedServer> amqp(Vertx vertx, int port) {
        return vertx.executeBlocking(() -> EmbeddedAmqp.start(port))
                .map(up -> new Running(
                        "amqp (Qpid Broker-J, in memory)",
                        port,
                        () -> vertx.executeBlocking(() -> {
                            up.stop();
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
