package dev.polywire.app;

import dev.polywire.amqp.service.AmqpVerticle;
import dev.polywire.bolt.service.BoltServerVerticle;
import dev.polywire.bolt.service.BoltVerticle;
import dev.polywire.bridge.TcpBridgeVerticle;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.eventstore.server.EventStoreServer;
import dev.polywire.framed.service.FramedClientVerticle;
import dev.polywire.framed.service.FramedServerVerticle;
import dev.polywire.mongodb.service.MongoService;
import dev.polywire.mongodb.service.MongoVerticle;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Deploys each verticle, and prints a line for each: that it runs, or why it does not. Run in a JVM whose class path has no
 * optional library. It uses nothing of the tests.
 */
final class ThinApplication {

    private record Case(String name, Supplier<Deployable> verticle, String config) {}

    private ThinApplication() {}

    public static void main(String[] arguments) {
        Logger.getLogger("").setLevel(Level.OFF);
        Vertx vertx = Vertx.vertx();
        try {
            run(vertx);
        } finally {
            // Its threads keep the JVM.
            vertx.close().await();
        }
    }

    private static void run(Vertx vertx) {
        for (Case each : cases()) {
            DeploymentOptions options =
                    new DeploymentOptions().setConfig(new JsonObject(each.config.replace('\'', '"')));
            String said = vertx.deployVerticle(each.verticle, options)
                    .map(deployed -> "runs")
                    .otherwise(cannot -> cannot.getClass().getSimpleName() + ": " + cannot.getMessage())
                    .await();
            System.out.println(each.name + ": " + said);
        }
        // A node that only sends needs no library of the protocol.
        MongoService.proxy(vertx, "polywire.nobody")
                .ping()
                .otherwise(nobody -> new JsonObject().put("failure", nobody.getMessage()))
                .onSuccess(answer -> System.out.println("proxy: " + answer.getString("failure")))
                .await();
        System.out.println("eventstore: "
                + new EventStoreServer(vertx, EndpointOptions.of("127.0.0.1", 0))
                        .listen()
                        .map(port -> "runs")
                        .otherwise(Throwable::getMessage)
                        .await());
    }

    /** Nobody listens at port 1; a connector runs all the same, and tries again. */
    private static List<Case> cases() {
        return List.of(
                new Case("mongodb", MongoVerticle::new, "{'port':1}"),
                new Case("mongodb again", MongoVerticle::new, "{'port':1}"),
                new Case("bolt", BoltVerticle::new, "{'uri':'bolt://127.0.0.1:1'}"),
                new Case("bolt-server", BoltServerVerticle::new, "{'port':0,'handler':'queries'}"),
                new Case("amqp", AmqpVerticle::new, "{'uri':'amqp://127.0.0.1:1'}"),
                new Case("framed-client", FramedClientVerticle::new, "{'port':1,'codec':'utf8'}"),
                new Case("framed-server", FramedServerVerticle::new, "{'port':0,'codec':'utf8','address':'a.server'}"),
                new Case("bridge", TcpBridgeVerticle::new, "{'port':0,'listen':['news']}"),
                new Case(
                        "whole",
                        PolywireVerticle::new,
                        "{'connectors':[{'type':'framed-server','name':'whole','port':0,'codec':'utf8'}],"
                                + "'bridge':{'port':0,'listen':['news']}}"),
                new Case(
                        "whole with mongodb",
                        PolywireVerticle::new,
                        "{'connectors':[{'type':'framed-server','name':'x','port':0,'codec':'utf8'},"
                                + "{'type':'mongodb','name':'y','port':1}]}"));
    }
}
