package dev.polywire.embedded;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import dev.polywire.framed.service.FramedServerVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Starts embedded servers by configuration, on loopback: they have no passwords, or such as everybody knows. */
public final class EmbeddedServers {

    private static final String HOST = EmbeddedOptions.HOST;

    /** It logs a stack trace for each command it refuses; whoever sent the command hears of it. Held, or it is forgotten. */
    private static final Logger MONGODB_LOG = Logger.getLogger("de.bwaldvogel.mongo");

    private EmbeddedServers() {}

    /** Starts one. */
    public static Future<EmbeddedServer> start(Vertx vertx, EmbeddedOptions options) {
        return switch (options.type()) {
            case MONGODB -> mongodb(vertx, options.port());
            case AMQP -> amqp(vertx, options.port());
            case FRAMED_ECHO -> echo(vertx, options.port());
        };
    }

    private static Future<EmbeddedServer> mongodb(Vertx vertx, int port) {
        MONGODB_LOG.setLevel(Level.OFF);
        MongoServer server = new MongoServer(new MemoryBackend());
        return vertx.executeBlocking(() -> {
                    server.bind(HOST, port);
                    return server;
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

    private static Future<EmbeddedServer> echo(Vertx vertx, int port) {
        String address = "polywire.embedded.echo-" + port;
        JsonObject config = new JsonObject()
                .put("name", "embedded-echo")
                .put("address", address)
                .put("host", HOST)
                .put("port", port)
                .put("codec", "utf8");
        return vertx.deployVerticle(new FramedServerVerticle(), new DeploymentOptions().setConfig(config))
                .compose(server -> vertx.deployVerticle(new EchoVerticle(address))
                        .recover(silent -> vertx.undeploy(server).transform(gone -> Future.failedFuture(silent)))
                        .map(echo -> new Running(
                                "framed echo server",
                                port,
                                () -> vertx.undeploy(echo).eventually(() -> vertx.undeploy(server)))));
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
