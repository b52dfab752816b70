package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.polywire.core.net.EndpointOptions;
import dev.polywire.mongodb.server.HelloFields;
import dev.polywire.mongodb.server.SmallMongo;
import dev.polywire.mongodb.server.SmallMongoOptions;
import dev.polywire.testing.Outcome;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;
import java.util.stream.IntStream;
import org.bson.BsonInt32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The cases of the old client as the messages that it sent, at a server as MongoDB 5.0. */
class MongoSeedTest {

    private static final Vertx VERTX = Vertx.vertx();
    private static int collections;

    private final MongoService mongo = MongoService.proxy(VERTX, "polywire.mongodb", Stage.A_MINUTE);
    private final String things = "db.things" + ++collections;

    @BeforeAll
    static void start() {
        int port = Outcome.value(new SmallMongo(
                        VERTX,
                        EndpointOptions.of("127.0.0.1", 0),
                        SmallMongoOptions.DEFAULT
                                .says(HelloFields.standalone().with("maxWireVersion", new BsonInt32(13)))
                                .behaves(SmallMongoOptions.Behaviour.LEGACY)
                                .compresses("snappy", "zlib", "zstd"))
                .listen());
        JsonObject config = new JsonObject()
                .put("port", port)
                .put("failFast", true)
                .put("compressors", new JsonArray(List.of("snappy", "zlib", "zstd")));
        Outcome.value(VERTX.deployVerticle(new MongoVerticle(), new DeploymentOptions().setConfig(config)));
    }

    @AfterAll
    static void close() {
        Outcome.value(VERTX.close());
    }

    private JsonObject send(JsonObject message) {
        return Outcome.value(mongo.send(message, null));
    }

    private JsonObject message(String opCode) {
        return new JsonObject().put("opCode", opCode).put("fullCollectionName", things);
    }

    private static JsonObject a(int value) {
        return new JsonObject().put("a", value);
    }

    private void insert(int... values) {
        JsonArray documents = new JsonArray();
        IntStream.of(values).forEach(value -> documents.add(a(value)));
        assertEquals(new JsonObject(), send(message("OP_INSERT").put("documents", documents)));
    }

    private JsonObject query(int numberToReturn, JsonObject query) {
        return send(message("OP_QUERY").put("numberToReturn", numberToReturn).put("query", query));
    }

    private List<Integer> found(JsonObject query) {
        return values(query(0, query));
    }

    private static List<Integer> values(JsonObject reply) {
        assertEquals("OP_REPLY", reply.getString("opCode"));
        return reply.getJsonArray("documents").stream()
                .map(each -> ((JsonObject) each).getInteger("a"))
                .toList();
    }

    @Test
    void isMaster() {
        JsonObject reply = send(new JsonObject()
                .put("opCode", "OP_QUERY")
                .put("fullCollectionName", "admin.$cmd")
                .put("numberToReturn", 1)
                .put("query", new JsonObject().put("isMaster", 1)));
        assertEquals(1, reply.getJsonArray("documents").size());
        assertEquals(1, reply.getJsonArray("documents").getJsonObject(0).getInteger("ok"));
    }

    @Test
    void opMsgInsert() {
        JsonObject reply = send(new JsonObject()
                .put("opCode", "OP_MSG")
                .put("body", new JsonObject().put("insert", things.substring(3)).put("$db", "db"))
                .put(
                        "sequences",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("identifier", "documents")
                                        .put("documents", new JsonArray().add(a(1))))));
        assertEquals("OP_MSG", reply.getString("opCode"));
        assertEquals(1, reply.getJsonObject("body").getInteger("n"));
        assertEquals(List.of(1), found(a(1)));
    }

    @Test
    void unknownCollection() {
        assertEquals(List.of(), found(new JsonObject()));
    }

    @Test
    void insertAndQuery() {
        insert(7, 8);
        assertEquals(List.of(7), found(a(7)));
    }

    @Test
    void update() {
        insert(1);
        JsonObject set = new JsonObject().put("$set", a(2));
        assertEquals(
                new JsonObject(),
                send(message("OP_UPDATE").put("selector", a(1)).put("update", set)));
        assertEquals(List.of(2), found(new JsonObject()));
    }

    @Test
    void delete() {
        insert(1);
        assertEquals(new JsonObject(), send(message("OP_DELETE").put("selector", a(1))));
        assertEquals(List.of(), found(new JsonObject()));
    }

    @Test
    void deleteOne() {
        insert(1, 2);
        send(message("OP_DELETE")
                .put("flags", new JsonArray().add("SingleRemove"))
                .put("selector", new JsonObject()));
        assertEquals(1, found(new JsonObject()).size());
    }

    @Test
    void unknownCursor() {
        JsonObject reply = send(message("OP_GET_MORE").put("cursorID", 123));
        assertEquals(new JsonArray().add("CursorNotFound"), reply.getJsonArray("responseFlags"));
    }

    @Test
    void pagesOfACursor() {
        insert(IntStream.range(0, 25).toArray());
        JsonObject first = query(10, new JsonObject());
        assertEquals(10, values(first).size());
        Object cursor = first.getValue("cursorID");
        assertNotEquals(0, cursor);
        JsonObject more = message("OP_GET_MORE").put("numberToReturn", 10).put("cursorID", cursor);
        JsonObject second = send(more);
        assertEquals(10, values(second).size());
        assertEquals(cursor, second.getValue("cursorID"));
        send(new JsonObject().put("opCode", "OP_KILL_CURSORS").put("cursorIDs", new JsonArray().add(cursor)));
        assertEquals(new JsonArray().add("CursorNotFound"), send(more).getJsonArray("responseFlags"));
    }

    /** As the old client's: compressed there and back. The connection's own compressor, the first one, is not asked. */
    @ParameterizedTest
    @ValueSource(strings = {"snappy", "zlib", "zstd"})
    void compressed(String compressor) {
        insert(1);
        JsonObject reply = send(new JsonObject()
                .put("opCode", "OP_COMPRESSED")
                .put("compressor", compressor)
                .put("message", message("OP_QUERY").put("query", a(1))));
        assertEquals("OP_COMPRESSED", reply.getString("opCode"));
        assertEquals(compressor, reply.getString("compressor"));
        assertEquals(List.of(1), values(reply.getJsonObject("message")));
    }

    @Test
    void compressedWithoutAReply() {
        JsonObject insert = message("OP_INSERT").put("documents", new JsonArray().add(a(5)));
        assertEquals(
                new JsonObject(),
                send(new JsonObject()
                        .put("opCode", "OP_COMPRESSED")
                        .put("compressor", "zlib")
                        .put("message", insert)));
        assertEquals(List.of(5), found(new JsonObject()));
    }

    @Test
    void compressedWithWhatWasNotNegotiated() {
        ServiceException refused = (ServiceException) Outcome.failure(mongo.send(
                new JsonObject()
                        .put("opCode", "OP_COMPRESSED")
                        .put("compressor", "noop")
                        .put("message", message("OP_QUERY").put("query", a(1))),
                null));
        assertEquals("BAD_REQUEST", Stage.word(refused));
        assertEquals(
                "compressor: another (expected: one of [snappy, zlib, zstd], which were negotiated)",
                refused.getMessage());
    }
}
