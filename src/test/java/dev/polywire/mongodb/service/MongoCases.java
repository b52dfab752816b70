package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.stream.StreamReader;
import dev.polywire.testing.Outcome;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The cases of the old client, as commands over the bus, with any server that is not ours. */
abstract class MongoCases {

    /** A collection that no other test has. */
    final String things = RealMongo.unique();

    abstract Vertx vertx();

    /** Of a connector that is up. */
    abstract MongoService mongo();

    @Test
    void connects() {
        assertEquals("ready", Outcome.value(mongo().status()).getString("state"));
        assertEquals(1.0, Outcome.value(mongo().ping()).getDouble("ok"));
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
        ServiceException refused = (ServiceException) Outcome.failure(mongo().command("db", "getMore", getMore, null));
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
        List<String> fields =
                new ArrayList<>(find(new JsonObject()).getJsonObject(0).fieldNames());
        // Where a server puts the id is its own affair.
        fields.remove("_id");
        assertEquals(List.of("b", "a"), fields);
    }

    @Test
    void canonicalOnRequest() {
        insert(new JsonObject().put("a", 7));
        JsonObject answer = Outcome.value(mongo().command(
                        "db", "find", new JsonObject().put("find", things), new JsonObject().put("canonical", true)));
        assertEquals(new JsonObject().put("$numberDouble", "1.0"), answer.getValue("ok"));
        JsonObject found =
                answer.getJsonObject("cursor").getJsonArray("firstBatch").getJsonObject(0);
        assertEquals(new JsonObject().put("$numberInt", "7"), found.getValue("a"));
    }

    @Test
    void duplicateKey() {
        insert(new JsonObject().put("_id", 1));
        ServiceException refused =
                (ServiceException) Outcome.failure(mongo().command("db", "insert", insertOf(1), null));
        assertEquals(4502, refused.failureCode());
        JsonObject server = refused.getDebugInfo().getJsonObject("server");
        assertEquals(11_000, server.getJsonArray("writeErrors").getJsonObject(0).getInteger("code"));
        assertTrue(refused.getMessage().contains("duplicate key"), refused.getMessage());
    }

    @Test
    void unknownCommand() {
        ServiceException refused = (ServiceException)
                Outcome.failure(mongo().command("db", "makeCoffee", new JsonObject().put("makeCoffee", 1), null));
        assertEquals("REFUSED_BY_SERVER", Stage.word(refused));
        assertEquals(59, refused.getDebugInfo().getJsonObject("server").getInteger("code"));
    }

    @Test
    void stream() {
        insertMany(25);
        JsonObject find = new JsonObject().put("find", things).put("batchSize", 10);
        JsonObject handle = Outcome.value(mongo().open("db", "find", find, null));
        Promise<List<Integer>> all = Promise.promise();
        vertx().getOrCreateContext().runOnContext(now -> {
            List<Integer> ids = new ArrayList<>();
            new StreamReader(vertx(), handle, 10, 1_000)
                    .exceptionHandler(all::tryFail)
                    .endHandler(end -> all.tryComplete(ids))
                    .handler(item -> ids.add(((JsonObject) item).getInteger("_id")));
        });
        assertEquals(IntStream.range(0, 25).boxed().toList(), Outcome.value(all.future()));
    }

    final JsonObject run(String name, JsonObject arguments) {
        return run("db", name, arguments);
    }

    final JsonObject run(String database, String name, JsonObject arguments) {
        return Outcome.value(mongo().command(database, name, arguments, null));
    }

    final JsonObject insert(JsonObject document) {
        return run("insert", new JsonObject().put("insert", things).put("documents", new JsonArray().add(document)));
    }

    final JsonObject insertOf(int... ids) {
        JsonArray documents = new JsonArray();
        IntStream.of(ids).forEach(id -> documents.add(new JsonObject().put("_id", id)));
        return new JsonObject().put("insert", things).put("documents", documents);
    }

    final void insertMany(int count) {
        assertEquals(
                count,
                run("insert", insertOf(IntStream.range(0, count).toArray())).getInteger("n"));
    }

    final void delete(JsonObject query, int limit) {
        JsonObject delete = new JsonObject().put("q", query).put("limit", limit);
        JsonObject answer =
                run("delete", new JsonObject().put("delete", things).put("deletes", new JsonArray().add(delete)));
        assertFalse(answer.containsKey("writeErrors"));
        assertEquals(1, answer.getInteger("n"));
    }

    final JsonArray find(JsonObject filter) {
        return run("find", new JsonObject().put("find", things).put("filter", filter))
                .getJsonObject("cursor")
                .getJsonArray("firstBatch");
    }
}
