package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.mongodb.client.MongoClients;
import dev.polywire.testing.FerretDb;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.stream.IntStream;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cursors of FerretDB, which end with the connection that opened them. */
class FerretCursorsIT {

    private static final FerretBus BUS = new FerretBus(FerretDb.plain());

    @BeforeAll
    static void deploy() {
        BUS.deploy(new JsonObject().put("maxPoolSize", 1));
    }

    @AfterAll
    static void close() {
        BUS.close();
    }

    private static void insert(String collection, int from, int to) {
        JsonArray documents = new JsonArray();
        IntStream.range(from, to).forEach(id -> documents.add(new JsonObject().put("_id", id)));
        command("insert", new JsonObject().put("insert", collection).put("documents", documents));
    }

    private static void command(String name, JsonObject arguments) {
        Outcome.value(BUS.mongo().command("db", name, arguments, null));
    }

    private static OpenedCursor opened(JsonObject find, JsonObject options) {
        return OpenedCursor.of(BUS.vertx, Outcome.value(BUS.mongo().open("db", "find", find, options)));
    }

    private static void create(String collection) {
        command(
                "create",
                new JsonObject().put("create", collection).put("capped", true).put("size", 1_000_000));
        insert(collection, 0, 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tailable(boolean awaitData) {
        String log = awaitData ? "awaited" : "polled";
        create(log);
        OpenedCursor stream = opened(
                new JsonObject().put("find", log).put("tailable", true).put("awaitData", awaitData), new JsonObject());
        assertEquals("[{\"_id\":0}]", stream.some(1, 5).getJsonArray("items").encode());
        Future<JsonObject> second = stream.next(2, 5);
        Outcome.value(BUS.mongo().ping());
        try (com.mongodb.client.MongoClient driver = MongoClients.create("mongodb://127.0.0.1:" + BUS.server.port())) {
            driver.getDatabase("db").getCollection(log).insertOne(new Document("_id", 1));
        }
        assertEquals("[{\"_id\":1}]", OpenedCursor.items(second));
        Outcome.value(stream.close());
    }

    /** Unknown there, so that each batch is asked for, on the connection that the cursor lives with. */
    @Test
    void exhaust() {
        insert("many", 0, 1_000);
        JsonObject find = new JsonObject().put("find", "many").put("batchSize", 10);
        assertEquals(
                1_000,
                opened(find, new JsonObject().put("exhaust", true)).all(100).size());
    }

    /** A cursor is used on the connection of another: the server does not know it there. */
    @Test
    void cursorOfAnotherConnection() {
        create("foreign");
        JsonObject await =
                new JsonObject().put("find", "foreign").put("tailable", true).put("awaitData", true);
        JsonObject found = Outcome.value(BUS.mongo().command("db", "find", await, null));
        command("getMore", getMore(found));
        MongoService other = MongoService.proxy(BUS.vertx, "other");
        BUS.deploy(new JsonObject().put("address", "other"));
        ServiceException refused =
                (ServiceException) Outcome.failure(other.command("db", "getMore", getMore(found), null));
        assertEquals("REFUSED_BY_SERVER", Stage.word(refused));
        assertEquals(43, refused.getDebugInfo().getJsonObject("server").getInteger("code"));
    }

    private static JsonObject getMore(JsonObject found) {
        return new JsonObject()
                .put(
                        "getMore",
                        new JsonObject()
                                .put(
                                        "$numberLong",
                                        found.getJsonObject("cursor").getValue("id") + ""))
                .put("collection", "foreign")
                .put("maxTimeMS", 1);
    }
}
