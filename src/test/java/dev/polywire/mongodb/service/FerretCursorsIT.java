package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.mongodb.client.MongoClients;
import dev.polywire.testing.FerretDb;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.ArrayList;
import java.util.stream.IntStream;
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

    /** It forgets such a cursor as soon as there is nothing, though it has said its id: that is told as it is. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tailableThatItForgets(boolean awaitData) {
        JsonObject find = tail("forgotten" + awaitData, awaitData).put("batchSize", 1);
        OpenedCursor stream = opened(find, new JsonObject());
        assertEquals("[{\"_id\":0}]", stream.some(1, 5).getJsonArray("items").encode());
        assertEquals(
                "[{\"_id\":1},{\"_id\":2}]",
                stream.some(2, 5).getJsonArray("items").encode());
        assertUnknownCursor(stream.next(3, 5));
        Outcome.value(BUS.mongo().ping());
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

    /** A cursor is used on the connection of another connector, and then on its own. */
    @Test
    void cursorOfAnotherConnection() {
        insert("foreign", 0, 3);
        JsonObject find = new JsonObject().put("find", "foreign").put("batchSize", 1);
        JsonObject cursor = Outcome.value(BUS.mongo().command("db", "find", find, null))
                .getJsonObject("cursor");
        JsonObject id = new JsonObject().put("$numberLong", String.valueOf(cursor.getLong("id")));
        JsonObject getMore = new JsonObject().put("getMore", id).put("collection", "foreign");
        BUS.deploy(new JsonObject().put("address", "other"));
        assertUnknownCursor(MongoService.proxy(BUS.vertx, "other").command("db", "getMore", getMore, null));
        command("getMore", getMore);
    }

    private static void assertUnknownCursor(Future<JsonObject> call) {
        ServiceException refused = (ServiceException) Outcome.failure(call);
        assertEquals("REFUSED_BY_SERVER", Stage.word(refused));
        assertEquals(43, refused.getDebugInfo().getJsonObject("server").getInteger("code"));
    }
}
