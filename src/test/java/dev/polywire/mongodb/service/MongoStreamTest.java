package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.stream.StreamReader;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cursors as streams, against a server that is not ours. */
class MongoStreamTest {

    private static final RealMongo REAL = new RealMongo();
    private static final int COUNT = 3_000;

    @AfterAll
    static void close() {
        REAL.close();
    }

    @BeforeAll
    static void fill() {
        REAL.driver("many")
                .insertMany(IntStream.range(0, COUNT)
                        .mapToObj(i -> new BsonDocument("_id", new BsonInt32(i)))
                        .toList());
    }

    private static JsonObject open(String name, JsonObject arguments) {
        return Outcome.value(REAL.mongo().open("db", name, arguments, null));
    }

    /** All that the stream gives, read by {@code max} items at a time. */
    private static List<JsonObject> all(JsonObject handle, int max) {
        Promise<List<JsonObject>> all = Promise.promise();
        REAL.vertx.getOrCreateContext().runOnContext(now -> {
            List<JsonObject> items = new ArrayList<>();
            new StreamReader(REAL.vertx, handle, max, 1_000)
                    .exceptionHandler(all::tryFail)
                    .endHandler(end -> all.tryComplete(items))
                    .handler(item -> items.add((JsonObject) item));
        });
        return Outcome.value(all.future());
    }

    private static void assertAllInOrder(List<JsonObject> items) {
        assertEquals(
                IntStream.range(0, COUNT).boxed().toList(),
                items.stream().map(item -> item.getInteger("_id")).toList());
    }

    @ParameterizedTest
    @CsvSource({"10, 7", "10, 256", "1, 1000", "0, 256", "500, 3", "10000, 100"})
    void allInOrder(int batchSize, int max) {
        JsonObject find = new JsonObject()
                .put("find", "many")
                .put("batchSize", batchSize)
                .put("sort", new JsonObject().put("_id", 1));
        assertAllInOrder(all(open("find", find), max));
    }

    @Test
    void aggregate() {
        JsonObject aggregate = new JsonObject()
                .put("pipeline", new JsonArray().add(new JsonObject().put("$sort", new JsonObject().put("_id", 1))))
                .put("cursor", new JsonObject().put("batchSize", 10))
                .put("aggregate", "many");
        assertAllInOrder(all(open("aggregate", aggregate), 100));
    }

    @Test
    void listCollections() {
        List<JsonObject> collections = all(open("listCollections", new JsonObject().put("listCollections", 1)), 10);
        assertTrue(collections.stream().anyMatch(each -> each.getString("name").equals("many")));
    }

    @Test
    void listIndexes() {
        List<JsonObject> indexes = all(open("listIndexes", new JsonObject().put("listIndexes", "many")), 10);
        assertEquals("_id_", indexes.get(0).getString("name"));
    }

    @Test
    void nothingFound() {
        assertEquals(List.of(), all(open("find", new JsonObject().put("find", "none")), 10));
    }

    @Test
    void canonicalDocuments() {
        JsonObject find = new JsonObject().put("find", "many").put("limit", 1);
        JsonObject handle =
                Outcome.value(REAL.mongo().open("db", "find", find, new JsonObject().put("canonical", true)));
        assertEquals(
                new JsonObject().put("$numberInt", "0"), all(handle, 10).get(0).getValue("_id"));
    }

    @Test
    void rawDocumentsAreOneBufferABatch() {
        JsonObject handle = raw("many");
        Message<Buffer> first = Outcome.value(message(handle, "next", question(1, 2)));
        assertEquals(
                List.of("1", "false"),
                List.of(first.headers().get("batch"), first.headers().get("done")));
        assertEquals(
                Buffer.buffer()
                        .appendBuffer(ExtendedJson.encode(new JsonObject().put("_id", 0)))
                        .appendBuffer(ExtendedJson.encode(new JsonObject().put("_id", 1))),
                first.body());
        Message<Buffer> renewed = Outcome.value(message(handle, "next", question(2, 0)));
        assertEquals(0, renewed.body().length());
        assertEquals("false", renewed.headers().get("done"));
        Outcome.value(message(handle, "close", new JsonObject()));
        assertEquals("NOT_FOUND", Stage.failure(message(handle, "next", question(2, 2))));
    }

    @Test
    void rawDocumentsByTheReader() {
        Promise<Buffer> all = Promise.promise();
        JsonObject handle = raw("many");
        REAL.vertx.getOrCreateContext().runOnContext(now -> {
            Buffer read = Buffer.buffer();
            new StreamReader(REAL.vertx, handle, 700, 1_000)
                    .exceptionHandler(all::tryFail)
                    .endHandler(end -> all.tryComplete(read))
                    .handler(records -> read.appendBuffer((Buffer) records));
        });
        Buffer documents = Outcome.value(all.future());
        int count = 0;
        for (int at = 0; at < documents.length(); at += documents.getIntLE(at)) {
            Buffer document = documents.getBuffer(at, at + documents.getIntLE(at));
            assertEquals(new JsonObject().put("_id", count++), ExtendedJson.decode(document, false));
        }
        assertEquals(COUNT, count);
    }

    @Test
    void aFormThatIsNone() {
        JsonObject find = new JsonObject().put("find", "many");
        assertEquals(
                "BAD_REQUEST",
                Stage.failure(REAL.mongo().open("db", "find", find, new JsonObject().put("form", "xml"))));
    }

    /** A batch is one message on the bus: it ends at a megabyte, whatever the reader has room for. */
    @Test
    void pagesEndAtOneMegabyte() {
        BsonString text = new BsonString("x".repeat(300_000));
        for (int i = 0; i < 10; i++) {
            REAL.driver("large").insertOne(new BsonDocument("_id", new BsonInt32(i)).append("text", text));
        }
        JsonObject handle = open("find", new JsonObject().put("find", "large"));
        List<Integer> sizes = new ArrayList<>();
        boolean done = false;
        for (long batch = 1; !done; batch++) {
            JsonObject page = Outcome.value(next(handle, batch, 100));
            sizes.add(page.getJsonArray("items").size());
            done = page.getBoolean("done");
        }
        assertEquals(List.of(4, 4, 2), sizes);
    }

    @Test
    void noCursor() {
        JsonObject insert = new JsonObject().put("insert", "x");
        assertEquals("BAD_REQUEST", Stage.failure(REAL.mongo().open("db", "insert", insert, null)));
        JsonObject getMore = new JsonObject().put("getMore", 1);
        assertEquals("BAD_REQUEST", Stage.failure(REAL.mongo().open("db", "getMore", getMore, null)));
    }

    @Test
    void closedStreamIsNotFound() {
        JsonObject handle = open("find", new JsonObject().put("find", "many").put("batchSize", 1));
        JsonObject page = Outcome.value(next(handle, 1, 1));
        assertEquals(1, page.getJsonArray("items").size());
        assertFalse(page.getBoolean("done"));
        Outcome.value(request(handle, "close", new JsonObject()));
        assertEquals("NOT_FOUND", Stage.failure(next(handle, 2, 1)));
    }

    private static JsonObject raw(String collection) {
        JsonObject find = new JsonObject().put("find", collection);
        return Outcome.value(REAL.mongo().open("db", "find", find, new JsonObject().put("form", "raw")));
    }

    private static JsonObject question(long batch, int max) {
        return new JsonObject().put("batch", batch).put("max", max);
    }

    private static Future<Message<Buffer>> message(JsonObject handle, String action, JsonObject question) {
        return REAL.vertx
                .eventBus()
                .request(
                        handle.getString("address"),
                        question.put("id", handle.getString("id")),
                        new DeliveryOptions().addHeader("action", action));
    }

    /** As a caller without our jar does it. */
    private static Future<JsonObject> next(JsonObject handle, long batch, int max) {
        return request(
                handle,
                "next",
                new JsonObject().put("batch", batch).put("max", max).putNull("waitMillis"));
    }

    private static Future<JsonObject> request(JsonObject handle, String action, JsonObject body) {
        return REAL.vertx
                .eventBus()
                .<JsonObject>request(
                        handle.getString("address"),
                        body.put("id", handle.getString("id")),
                        new DeliveryOptions().addHeader("action", action))
                .map(Message::body);
    }
}
