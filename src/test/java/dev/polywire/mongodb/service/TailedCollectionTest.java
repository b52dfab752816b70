package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.mongodb.CursorType;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.mongodb.server.SmallMongo;
import dev.polywire.mongodb.server.SmallMongoOptions;
import dev.polywire.mongodb.server.SmallMongoOptions.Behaviour;
import dev.polywire.testing.Outcome;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.stream.IntStream;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Cursors of all kinds at the small server, with the official driver on the side. */
class TailedCollectionTest {

    private static final JsonObject TAIL = new JsonObject().put("find", "log").put("tailable", true);
    /** So long that only an insert ends the wait. */
    private static final long TEN_MINUTES = 600_000;

    private final Vertx vertx = Vertx.vertx();
    private int port;

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    /** With a pool of one connection, and room for one cursor that waits. */
    private MongoService mongo(Behaviour behaviour) {
        SmallMongo server =
                new SmallMongo(vertx, EndpointOptions.of("127.0.0.1", 0), SmallMongoOptions.DEFAULT.behaves(behaviour));
        port = Outcome.value(server.listen());
        JsonObject config = new JsonObject()
                .put("port", port)
                .put("maxPoolSize", 1)
                .put("maxDedicatedConnections", 1)
                .put("drainMillis", 1_000);
        Outcome.value(vertx.deployVerticle(new MongoVerticle(), new DeploymentOptions().setConfig(config)));
        MongoService mongo = MongoService.proxy(vertx, "polywire.mongodb");
        JsonObject create =
                new JsonObject().put("create", "log").put("capped", true).put("size", 1_000_000);
        Outcome.value(mongo.command("db", "create", create, null));
        return mongo;
    }

    private static void insert(MongoService mongo, String collection, int from, int to) {
        JsonArray documents = new JsonArray();
        IntStream.range(from, to).forEach(id -> documents.add(new JsonObject().put("_id", id)));
        JsonObject insert = new JsonObject().put("insert", collection).put("documents", documents);
        Outcome.value(mongo.command("db", "insert", insert, null));
    }

    private OpenedCursor opened(MongoService mongo, JsonObject find, JsonObject options) {
        return OpenedCursor.of(vertx, Outcome.value(mongo.open("db", "find", find, options)));
    }

    private MongoCollection<BsonDocument> driver(com.mongodb.client.MongoClient client) {
        return client.getDatabase("db").getCollection("log", BsonDocument.class);
    }

    /** What the driver writes, ours reads while it waits; the only connection for others answers meanwhile. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void readsWhatTheDriverWrites(boolean awaitData) {
        MongoService mongo = mongo(Behaviour.TODAY);
        insert(mongo, "log", 0, 1);
        OpenedCursor stream = opened(
                mongo,
                TAIL.copy().put("awaitData", awaitData),
                awaitData ? new JsonObject().put("awaitMillis", TEN_MINUTES) : new JsonObject());
        assertEquals("[{\"_id\":0}]", stream.some(1, 5).getJsonArray("items").encode());
        Future<JsonObject> second = stream.next(2, 5);
        Outcome.value(mongo.ping());
        try (com.mongodb.client.MongoClient client = MongoClients.create("mongodb://127.0.0.1:" + port)) {
            driver(client).insertOne(new BsonDocument("_id", new BsonInt32(1)));
        }
        assertEquals("[{\"_id\":1}]", OpenedCursor.items(second));
        Outcome.value(stream.close());
    }

    @Test
    void driverReadsWhatWeWrite() {
        MongoService mongo = mongo(Behaviour.TODAY);
        insert(mongo, "log", 0, 1);
        try (com.mongodb.client.MongoClient client = MongoClients.create("mongodb://127.0.0.1:" + port);
                MongoCursor<BsonDocument> cursor = driver(client)
                        .find()
                        .cursorType(CursorType.TailableAwait)
                        .iterator()) {
            assertEquals(0, cursor.next().getInt32("_id").getValue());
            insert(mongo, "log", 1, 3);
            assertEquals(1, cursor.next().getInt32("_id").getValue());
            assertEquals(2, cursor.next().getInt32("_id").getValue());
        }
    }

    /** A close makes room, however long the server would still have waited. */
    @Test
    void roomForOne() {
        MongoService mongo = mongo(Behaviour.TODAY);
        insert(mongo, "log", 0, 1);
        JsonObject find = TAIL.copy().put("awaitData", true);
        JsonObject options = new JsonObject().put("awaitMillis", TEN_MINUTES);
        for (int i = 0; i < 3; i++) {
            OpenedCursor stream = opened(mongo, find, options);
            stream.some(1, 5);
            stream.next(2, 5);
            assertEquals("OVERLOADED retryable", Stage.failure(mongo.open("db", "find", find, options)));
            Outcome.value(stream.close());
        }
    }

    /** The server has nothing, so that its cursor is none: manual, "tailable cursors". */
    @Test
    void emptyCollection() {
        MongoService mongo = mongo(Behaviour.TODAY);
        assertEquals(
                new JsonArray(),
                opened(mongo, TAIL.copy().put("awaitData", true), new JsonObject())
                        .all(5));
    }

    @ParameterizedTest
    @CsvSource({"true, false, 100", "true, false, 7", "false, false, 100", "false, true, 100", "true, true, 1000"})
    void exhaust(boolean known, boolean ownsCursors, int max) {
        MongoService mongo = mongo(Behaviour.TODAY.cursors(known, ownsCursors));
        insert(mongo, "many", 0, 2_000);
        JsonObject find = new JsonObject().put("find", "many").put("batchSize", 10);
        JsonObject exhaust = new JsonObject().put("exhaust", true);
        // Each has given back its connection.
        for (int i = 0; i < 2; i++) {
            JsonArray all = opened(mongo, find, exhaust).all(max);
            assertEquals(
                    IntStream.range(0, 2_000).boxed().toList(),
                    all.stream()
                            .map(each -> ((JsonObject) each).getInteger("_id"))
                            .toList());
        }
        assertEquals(
                3, opened(mongo, find.copy().put("limit", 3), exhaust).all(max).size());
        assertEquals(
                10,
                opened(mongo, find.copy().put("singleBatch", true), exhaust)
                        .all(max)
                        .size());
    }
}
