package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.Outcome;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The cases of the old client, as commands over the bus, against a server that is not ours. */
class MongoServiceTest {

    private static final RealMongo REAL = new RealMongo();

    private final MongoService mongo = REAL.mongo();
    private final String things = RealMongo.unique();

    @AfterAll
    static void close() {
        REAL.close();
    }

    @Test
    void connects() {
        assertEquals("ready", Outcome.value(mongo.status()).getString("state"));
        assertEquals(1.0, Outcome.value(mongo.ping()).getDouble("ok"));
    }

    @Test
    void isMaster() {
        JsonObject answer = run("admin", "isMaster", new JsonObject().put("isMaster", 1));
        assertEquals(1.0, answer.getDouble("ok"));
        assertEquals(true, answer.getBoolean("ismaster"));
    }

    @Test
    void insertAndFind() {
        assertEquals(1, insert(new JsonObject().put("a", 7)).getInteger("n"));
        assertEquals(7, find(new JsonObject().put("a", 7)).getJsonObject(0).getInteger("a"));
    }

    @Test
    void unknownDatabaseIsEmpty() {
        JsonObject answer = run("nobody_made_it", "find", new JsonObject().put("find", things));
        assertTrue(answer.getJsonObject("cursor").getJsonArray("firstBatch").isEmpty());
    }

    @Test
    void update() {
        insert(new JsonObject().put("a", 1));
        JsonObject update = new JsonObject()
                .put("q", new JsonObject().put("a", 1))
                .put("u", new JsonObject().put("$set", new JsonObject().put("a", 2)));
        JsonObject answer =
                run("update", new JsonObject().put("update", things).put("updates", new JsonArray().add(update)));
        assertEquals(1, answer.getInteger("nModified"));
        assertEquals(2, find(new JsonObject()).getJsonObject(0).getInteger("a"));
    }

    @Test
    void delete() {
        insert(new JsonObject().put("a", 1));
        delete(new JsonObject().put("a", 1), 0);
        assertTrue(find(new JsonObject()).isEmpty());
    }

    @Test
    void deleteOfOneLeavesTheOther() {
        insert(new JsonObject().put("a", 1));
        insert(new JsonObject().put("a", 2));
        delete(new JsonObject(), 1);
        assertEquals(1, find(new JsonObject()).size());
    }

    @Test
    void unknownCursor() {
        JsonObject getMore = new JsonObject()
                .put("getMore", new JsonObject().put("$numberLong", "123"))
                .put("collection", things);
        ServiceException refused = (ServiceException) Outcome.failure(mongo.command("db", "getMore", getMore, null));
        assertEquals("REFUSED_BY_SERVER", Stage.word(refused));
        assertEquals(43, refused.getDebugInfo().getJsonObject("server").getInteger("code"));
    }

    @Test
    void pagesOfACursor() {
        insertMany(25);
        JsonObject find = new JsonObject().put("find", things).put("batchSize", 10);
        JsonObject first = run("find", find).getJsonObject("cursor");
        assertEquals(10, first.getJsonArray("firstBatch").size());
        long id = first.getLong("id");
        assertNotEquals(0, id);
        JsonObject getMore = new JsonObject()
                .put("getMore", new JsonObject().put("$numberLong", Long.toString(id)))
                .put("collection", things)
                .put("batchSize", 10);
        JsonObject second = run("getMore", getMore).getJsonObject("cursor");
        assertEquals(10, second.getJsonArray("nextBatch").size());
        assertEquals(id, second.getLong("id"));
    }

    /** JSON objects of many languages have an order of their own; the bus keeps it, and the server wants the name first. */
    @Test
    void nameNeedNotComeFirst() {
        JsonObject insert = new JsonObject()
                .put(
                        "documents",
                        new JsonArray().add(new JsonObject().put("b", 1).put("a", 2)))
                .put("insert", things);
        assertEquals(1, run("insert", insert).getInteger("n"));
        assertEquals(
                "[b, a, _id]",
                find(new JsonObject()).getJsonObject(0).fieldNames().toString());
    }

    @Test
    void largeIntegersSurvive() {
        JsonObject document = new JsonObject()
                .put("plain", 9_007_199_254_740_993L)
                .put("typed", new JsonObject().put("$numberLong", "-9223372036854775808"))
                .put("small", new JsonObject().put("$numberLong", "5"));
        insert(document);
        JsonObject relaxed = find(new JsonObject()).getJsonObject(0);
        assertEquals(new JsonObject().put("$numberLong", "9007199254740993"), relaxed.getValue("plain"));
        assertEquals(document.getValue("typed"), relaxed.getValue("typed"));
        assertEquals(5, relaxed.getInteger("small"));
        assertEquals(
                9_007_199_254_740_993L,
                REAL.driver(things).find().first().getInt64("plain").getValue());
    }

    @Test
    void canonicalOnRequest() {
        insert(new JsonObject().put("a", 7));
        JsonObject answer = Outcome.value(mongo.command(
                "db", "find", new JsonObject().put("find", things), new JsonObject().put("canonical", true)));
        assertEquals(new JsonObject().put("$numberDouble", "1.0"), answer.getValue("ok"));
        JsonObject found =
                answer.getJsonObject("cursor").getJsonArray("firstBatch").getJsonObject(0);
        assertEquals(new JsonObject().put("$numberInt", "7"), found.getValue("a"));
    }

    @Test
    void duplicateKey() {
        insert(new JsonObject().put("_id", 1));
        ServiceException refused = (ServiceException) Outcome.failure(mongo.command("db", "insert", insertOf(1), null));
        assertEquals(4502, refused.failureCode());
        JsonObject server = refused.getDebugInfo().getJsonObject("server");
        assertEquals(11_000, server.getJsonArray("writeErrors").getJsonObject(0).getInteger("code"));
        assertTrue(refused.getMessage().contains("duplicate key"), refused.getMessage());
    }

    @Test
    void unknownCommand() {
        ServiceException refused = (ServiceException)
                Outcome.failure(mongo.command("db", "makeCoffee", new JsonObject().put("makeCoffee", 1), null));
        assertEquals("REFUSED_BY_SERVER", Stage.word(refused));
        assertEquals(59, refused.getDebugInfo().getJsonObject("server").getInteger("code"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            ''          ; find ; {"find": "x"}                        ;                      ; database
            a.b         ; find ; {"find": "x"}                        ;                      ; database
            $external   ; find ; {"find": "x"}                        ;                      ; database
            db          ; find ; {"count": "x"}                       ;                      ; find: absent
            db          ; ''   ; {"find": "x"}                        ;                      ; absent
            db          ; find ; {"find": "x", "$db": "admin"}        ;                      ; $db: present
            db          ; find ; {"find": "x", "a": {"$oid": "12"}}   ;                      ; $oid
            db          ; find ; {"find": "x"}                        ; {"canonical": 1}     ; options.canonical
            db          ; find ; {"find": "x"}                        ; {"cannonical": true} ; options.cannonical
            """)
    void badRequest(String database, String name, String arguments, String options, String said) {
        JsonObject read = options == null ? null : new JsonObject(options);
        ServiceException bad =
                (ServiceException) Outcome.failure(mongo.command(database, name, new JsonObject(arguments), read));
        assertEquals("BAD_REQUEST", Stage.word(bad));
        assertTrue(bad.getMessage().contains(said), bad.getMessage());
        ServiceException open =
                (ServiceException) Outcome.failure(mongo.open(database, name, new JsonObject(arguments), read));
        assertEquals("BAD_REQUEST", Stage.word(open));
    }

    private JsonObject run(String name, JsonObject arguments) {
        return run("db", name, arguments);
    }

    private JsonObject run(String database, String name, JsonObject arguments) {
        return Outcome.value(mongo.command(database, name, arguments, null));
    }

    private JsonObject insert(JsonObject document) {
        return run("insert", new JsonObject().put("insert", things).put("documents", new JsonArray().add(document)));
    }

    private JsonObject insertOf(int... ids) {
        JsonArray documents = new JsonArray();
        IntStream.of(ids).forEach(id -> documents.add(new JsonObject().put("_id", id)));
        return new JsonObject().put("insert", things).put("documents", documents);
    }

    private void insertMany(int count) {
        assertEquals(
                count,
                run("insert", insertOf(IntStream.range(0, count).toArray())).getInteger("n"));
    }

    private void delete(JsonObject query, int limit) {
        JsonObject delete = new JsonObject().put("q", query).put("limit", limit);
        JsonObject answer =
                run("delete", new JsonObject().put("delete", things).put("deletes", new JsonArray().add(delete)));
        assertFalse(answer.containsKey("writeErrors"));
        assertEquals(1, answer.getInteger("n"));
    }

    private JsonArray find(JsonObject filter) {
        return run("find", new JsonObject().put("find", things).put("filter", filter))
                .getJsonObject("cursor")
                .getJsonArray("firstBatch");
    }
}
