package dev.polywire.spi;

import dev.polywire.core.net.EndpointOptions;
import dev.polywire.mongodb.server.ScriptedMongo;
import dev.polywire.mongodb.server.ScriptedPeer;
import dev.polywire.mongodb.service.MongoVerticle;
import dev.polywire.mongodb.wire.BsonFields;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.mongodb.wire.MongoServerMachine;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** Commands of MongoDB, one at a time on the wire. */
final class MongoStand extends LoopStand implements ScriptedMongo.Script {

    @Override
    String protocol() {
        return "mongodb";
    }

    @Override
    String address() {
        return "polywire.mongodb";
    }

    @Override
    Calls calls() {
        return new Calls("command", List.of("find"));
    }

    @Override
    JsonObject body(About about) {
        return command("find", about.name());
    }

    static JsonObject command(String name, String what) {
        return new JsonObject()
                .put("database", "test")
                .put("name", name)
                .put("arguments", new JsonObject().put(name, what));
    }

    @Override
    void deploy() {
        int port = serving.join(
                () -> new ScriptedMongo(serving.vertx(), EndpointOptions.of("127.0.0.1", 0), this).listen());
        deploy(
                new MongoVerticle(spi),
                new JsonObject()
                        .put("port", relayTo(port).port())
                        .put("failFast", true)
                        .put("maxPoolSize", 1)
                        .put("pipeline", 1));
    }

    @Override
    public void request(ScriptedPeer client, MongoServerMachine.Request request) {
        String name = BsonFields.firstName(request.command());
        String about = name.equals("getMore") ? "" : String.valueOf(BsonFields.text(request.command(), name));
        switch (about) {
            case "HELD", "FILLING" -> hold(() -> reply(client, request, "{ok: 1}"));
            case "REFUSED" -> reply(client, request, "{ok: 0, code: 13, codeName: 'Unauthorized', errmsg: 'no'}");
            case "STREAM" ->
                reply(client, request, "{ok: 1, cursor: {id: {$numberLong: '7'}, ns: 'test.x', firstBatch: []}}");
            case "" ->
                reply(client, request, "{ok: 1, cursor: {id: {$numberLong: '0'}, ns: 'test.x', nextBatch: [{a: 1}]}}");
            default -> reply(client, request, "{ok: 1}");
        }
    }

    private static void reply(ScriptedPeer client, MongoServerMachine.Request request, String json) {
        client.reply(request, Documents.bson(json));
    }

    /** For a connection, which queues it when it takes it. */
    @Override
    List<String> waiting() {
        return List.of();
    }

    /** An answer in which {@code ok} is 0 is an answer, too. */
    @Override
    List<String> refused() {
        return answered();
    }
}
