package dev.polywire.bench;

import dev.polywire.core.net.EndpointOptions;
import dev.polywire.mongodb.server.ScriptedMongo;
import dev.polywire.mongodb.service.ExtendedJson;
import dev.polywire.mongodb.wire.BsonFields;
import dev.polywire.mongodb.wire.OpMsg;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** A MongoDB whose cursors never end: each answer holds the same documents. */
final class DocumentsServer implements Server {

    @Override
    public Future<Integer> listen(Vertx vertx) {
        Buffer first = answer("firstBatch");
        Buffer next = answer("nextBatch");
        return new ScriptedMongo(
                        vertx,
                        EndpointOptions.of("127.0.0.1", 0),
                        (peer, request) -> peer.reply(
                                request,
                                BsonFields.firstName(((OpMsg) request.message()).body())
                                                .equals("find")
                                        ? first
                                        : next))
                .listen();
    }

    private static Buffer answer(String batch) {
        JsonArray documents = new JsonArray();
        for (int i = 0; i < ItemStream.MAX; i++) {
            documents.add(planet(i));
        }
        JsonObject cursor = new JsonObject()
                .put("id", new JsonObject().put("$numberLong", "7"))
                .put("ns", "db.planets")
                .put(batch, documents);
        return ExtendedJson.encode(new JsonObject().put("cursor", cursor).put("ok", 1.0));
    }

    static JsonObject planet(int number) {
        return new JsonObject()
                .put("_id", number)
                .put("name", "Jupiter")
                .put("rings", true)
                .put("temperatures", new JsonArray().add(-145.5).add(-108.0));
    }
}
