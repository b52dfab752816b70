package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.mongodb.server.ScriptedMongo;
import dev.polywire.testing.Outcome;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import org.bson.BsonDocument;
import org.bson.json.JsonMode;
import org.bson.json.JsonWriterSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that mongo-java-server does not keep, between the official driver and us, over a server of our own. */
class MongoShelfTest {

    private static final Vertx VERTX = Vertx.vertx();
    private static final int PORT =
            Outcome.value(new ScriptedMongo(VERTX, EndpointOptions.of("127.0.0.1", 0), new Shelf()).listen());

    static {
        Outcome.value(VERTX.deployVerticle(
                new MongoVerticle(), new DeploymentOptions().setConfig(new JsonObject().put("port", PORT))));
    }

    @AfterAll
    static void close() {
        Outcome.value(VERTX.close());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'$code': 'f()', '$scope': {'a': {'$numberInt': '1'}}}",
                "{'$dbPointer': {'$ref': 'db.c', '$id': {'$oid': '0123456789abcdef01234567'}}}",
                "{'$symbol': 's'}",
                "{'$undefined': true}",
                "{'$binary': {'base64': '/w==', 'subType': '80'}}",
                "{'$binary': {'base64': 'AQIDBAUGBwgJCgsMDQ4PEA==', 'subType': '03'}}",
                "{'$numberDecimal': 'NaN'}",
            })
    void bothWays(String value) {
        BsonDocument document = BsonDocument.parse("{'_id': {'$numberInt': '1'}, 'v': " + value + "}");
        String canonical = document.toJson(
                JsonWriterSettings.builder().outputMode(JsonMode.EXTENDED).build());
        try (com.mongodb.client.MongoClient driver = MongoClients.create("mongodb://127.0.0.1:" + PORT)) {
            MongoCollection<BsonDocument> things = driver.getDatabase("db").getCollection("things", BsonDocument.class);
            things.insertOne(document);
            assertEquals(new JsonObject(canonical), find());

            things.insertOne(BsonDocument.parse("{_id: '" + UUID.randomUUID() + "'}"));
            insert(new JsonObject(canonical));
            assertEquals(document, things.find().first());
        }
    }

    private static MongoService mongo() {
        return MongoService.proxy(VERTX, "polywire.mongodb");
    }

    private static JsonObject find() {
        JsonObject options = new JsonObject().put("canonical", true);
        return Outcome.value(mongo().command("db", "find", new JsonObject().put("find", "things"), options))
                .getJsonObject("cursor")
                .getJsonArray("firstBatch")
                .getJsonObject(0);
    }

    private static void insert(JsonObject document) {
        JsonObject insert = new JsonObject().put("insert", "things").put("documents", new JsonArray().add(document));
        Outcome.value(mongo().command("db", "insert", insert, null));
    }
}
