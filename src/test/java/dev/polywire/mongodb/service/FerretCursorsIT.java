package dev.polywire.mongodb.service;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.mongodb.client.MongoClients;
import dev.polywire.testing.FerretDb;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.ArrayList;
import java.util.Objects;
import java.util.stream.IntStream;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
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

    private static JsonObject tail(String collection, boolean awaitData) {
        JsonObject create =
                new JsonObject().put("create", collection).put("capped", true).put("size", 1_000_000);
        command("create", create);
        insert(collection, 0, 3);
        return new JsonObject().put("find", collection).put("tailable", true).put("awaitData", awaitData);
    }

    /** Its first batch holds everything, and it gives no cursor then: there is nothing to be asked again. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tailableThatIsOverAtOnce(boolean awaitData) {
        JsonObject find = tail("over" + awaitData, awaitData);
        assertEquals(3, opened(find, new JsonObject()).all(5).size());
    }

    /** What the driver writes while the reader waits; the pool's only connection serves others meanwhile. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tailable(boolean awaitData) {
        String log = "log" + awaitData;
        OpenedCursor stream = opened(tail(log, awaitData).put("batchSize", 1), new JsonObject());
        assertEquals("[{\"_id\":0}]", stream.some(1, 5).getJsonArray("items").encode());
        assertEquals(
                "[{\"_id\":1},{\"_id\":2}]",
                stream.some(2, 5).getJsonArray("items").encode());
        Future<JsonObject> third = stream.next(3, 5);
        Outcome.value(BUS.mongo().ping());
        try (com.mongodb.client.MongoClient driver = MongoClients.create("mongodb://127.0.0.1:" + BUS.server.port())) {
            driver.getDatabase("db").getCollection(log).insertOne(new Document("_id", 3));
        }
        assertEquals("[{\"_id\":3}]", OpenedCursor.items(third));
        Outcome.value(stream.close());
    }

    /** Unknown there, so that each batch is asked for, on the connection that the cursor lives with. The driver reads as many. */
    @Test
    void exhaust() {
        insert("many", 0, 1_000);
        JsonObject find = new JsonObject().put("find", "many").put("batchSize", 10);
        JsonArray all = opened(find, new JsonObject().put("exhaust", true)).all(100);
        try (com.mongodb.client.MongoClient driver = MongoClients.create("mongodb://127.0.0.1:" + BUS.server.port())) {
            assertEquals(
                    driver.getDatabase("db").getCollection("many").find().into(new ArrayList<>()).stream()
                            .map(each -> new JsonObject(each.toJson()))
                            .toList(),
                    all.getList());
        }
    }

    /** Any connection reads it, until the one that has opened it ends. */
    @Test
    void cursorThatEndsWithItsConnection() {
        insert("foreign", 0, 1_000);
        String id = Outcome.value(
                BUS.deploying(BUS.server.settings().put("address", "other").put("maxPoolSize", 1)));
        MongoService other = MongoService.proxy(BUS.vertx, "other");
        JsonObject find = new JsonObject().put("find", "foreign").put("batchSize", 1);
        JsonObject found = Outcome.value(other.command("db", "find", find, null));
        JsonObject getMore = new JsonObject()
                .put(
                        "getMore",
                        new JsonObject()
                                .put(
                                        "$numberLong",
                                        String.valueOf(
                                                found.getJsonObject("cursor").getLong("id"))))
                .put("collection", "foreign")
                .put("batchSize", 1);
        command("getMore", getMore);
        Outcome.value(BUS.vertx.undeploy(id));
        // It notices the end of a connection a little later.
        ServiceException refused = await().until(() -> failure(getMore), Objects::nonNull);
        assertEquals("REFUSED_BY_SERVER", Stage.word(refused));
        assertEquals(43, refused.getDebugInfo().getJsonObject("server").getInteger("code"));
    }

    private static @Nullable ServiceException failure(JsonObject getMore) {
        return Outcome.value(BUS.mongo()
                .command("db", "getMore", getMore, null)
                .transform(done -> Future.succeededFuture((ServiceException) done.cause())));
    }
}
