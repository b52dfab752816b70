package com.example;

import dev.polywire.app.PolywireVerticle;
import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.framed.service.FramedService;
import dev.polywire.mongodb.server.ScriptedMongo;
import dev.polywire.mongodb.service.MongoService;
import dev.polywire.mongodb.service.MongoVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import org.bson.ByteBuf;
import org.bson.RawBsonDocument;

/** Deploys one connector, then a whole configuration, and calls both. */
public final class JavaApp extends VerticleBase {

    public static void main(String[] arguments) {
        Vertx vertx = Vertx.vertx();
        try {
            vertx.deployVerticle(new JavaApp()).toCompletionStage().toCompletableFuture().join();
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @Override
    public Future<?> start() {
        return server().compose(this::oneConnector).compose(called -> wholeConfiguration());
    }

    /** Stands for a MongoDB: a server of Polywire that answers every command with the same document. */
    private Future<Integer> server() {
        ByteBuf bson = RawBsonDocument.parse("{'ok': 1, 'text': 'hello'}").getByteBuffer();
        byte[] answer = new byte[bson.remaining()];
        bson.get(answer);
        return new ScriptedMongo(
                        vertx,
                        EndpointOptions.of("127.0.0.1", 0),
                        (peer, request) -> peer.reply(request, Buffer.buffer(answer)))
                .listen();
    }

    /** The configuration of a verticle is what an entry of {@code connectors} has in a configuration file. */
    private Future<Void> oneConnector(int port) {
        JsonObject entry = new JsonObject().put("type", "mongodb").put("port", port);
        MongoService mongo = MongoService.proxy(vertx, "polywire.mongodb");
        return vertx.deployVerticle(new MongoVerticle(), new DeploymentOptions().setConfig(entry))
                .compose(deployed -> mongo.command("test", "hostInfo", new JsonObject().put("hostInfo", 1), null))
                .onSuccess(answer -> print("the server says " + answer.getString("text")))
                .compose(answered -> mongo.open("test", "ping", new JsonObject().put("ping", 1), null))
                .recover(cause -> {
                    ServiceException failure = Failure.of(cause);
                    print("failure " + failure.failureCode() + " " + failure.getDebugInfo().getString("name"));
                    return Future.succeededFuture();
                })
                .mapEmpty();
    }

    /** As in a file; port 0 lets the system choose. */
    private Future<Void> wholeConfiguration() {
        JsonObject configuration = new JsonObject("""
                {
                  "connectors": [
                    {"type": "framed-server", "name": "inbox", "port": 0, "codec": "utf8"}
                  ],
                  "bridge": {
                    "port": 0,
                    "call": [{"address": "polywire.inbox", "actions": ["connections"]}]
                  }
                }
                """);
        PolywireVerticle polywire = new PolywireVerticle();
        return vertx.deployVerticle(polywire, new DeploymentOptions().setConfig(configuration))
                .onSuccess(deployed -> print("the bridge listens: " + (polywire.bridgePort() > 0)))
                .compose(deployed -> FramedService.proxy(vertx, "polywire.inbox").status())
                .onSuccess(status -> print(status.getString("name") + " is " + status.getString("state")))
                .mapEmpty();
    }

    private static void print(String line) {
        System.out.println(line);
    }
}
