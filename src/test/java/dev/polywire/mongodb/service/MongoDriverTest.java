package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.testing.Outcome;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.json.JsonMode;
import org.bson.json.JsonWriterSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the official driver writes we read, and what we write it reads: every type, in both forms of the JSON. */
class MongoDriverTest {

    private static final RealMongo REAL = new RealMongo();

    private static final JsonWriterSettings CANONICAL =
            JsonWriterSettings.builder().outputMode(JsonMode.EXTENDED).build();
    private static final JsonWriterSettings RELAXED =
            JsonWriterSettings.builder().outputMode(JsonMode.RELAXED).build();

    private final String things = RealMongo.unique();

    @AfterAll
    static void close() {
        REAL.close();
    }

    /** One value of each type, in the canonical form of the Extended JSON specification. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'$numberInt': '7'}",
                "{'$numberInt': '-2147483648'}",
                "{'$numberLong': '7'}",
                "{'$numberLong': '9007199254740993'}",
                "{'$numberLong': '-9223372036854775808'}",
                "{'$numberDouble': '7.5'}",
                "{'$numberDouble': '-0.0'}",
                "{'$numberDouble': 'NaN'}",
                "{'$numberDouble': '-Infinity'}",
                "{'$numberDecimal': '0.1000'}",
                "{'$numberDecimal': '-1.797E+308'}",
                "'text with \\u0000 and \\ud83d\\ude00'",
                "{}",
                "{'b': {'c': [{'$numberInt': '1'}, null, 'x']}, 'a': {'$gt': {'$numberInt': '5'}}}",
                "[]",
                "true",
                "null",
                "{'$oid': '0123456789abcdef01234567'}",
                "{'$date': {'$numberLong': '1700000000123'}}",
                "{'$date': {'$numberLong': '-1'}}",
                "{'$binary': {'base64': 'AQIDBA==', 'subType': '00'}}",
                "{'$binary': {'base64': 'AQIDBAUGBwgJCgsMDQ4PEA==', 'subType': '04'}}",
                "{'$timestamp': {'t': 4294967295, 'i': 1}}",
                "{'$regularExpression': {'pattern': '^a.*', 'options': 'im'}}",
                "{'$code': 'f()'}",
                "{'$minKey': 1}",
                "{'$maxKey': 1}",
            })
    void bothWays(String value) {
        String text = "{'_id': {'$numberInt': '1'}, 'v': " + value + "}";
        BsonDocument document = BsonDocument.parse(text.replace('\'', '"'));
        REAL.driver(things).insertOne(document);
        assertEquals(json(document, CANONICAL), find(1, true));
        assertEquals(relaxedByUs(document), find(1, false));

        insert(json(document, CANONICAL).put("_id", 2));
        insert(json(document, RELAXED).put("_id", 3));
        assertEquals(document.get("v"), driverFinds(2).get("v"));
        assertEquals(relaxed(document).get("v"), driverFinds(3).get("v"));
    }

    /** The relaxed form has no width of integers: the driver's own reading of it says what is left. */
    private static BsonDocument relaxed(BsonDocument document) {
        return BsonDocument.parse(document.toJson(RELAXED));
    }

    /** Ours differs in one point: an integer that a reader of doubles would change stays typed. */
    private static JsonObject relaxedByUs(BsonDocument document) {
        JsonObject relaxed = json(document, RELAXED);
        boolean large = relaxed.getValue("v") instanceof Long value && Math.abs((double) value) >= 0x1p53;
        return large ? relaxed.put("v", json(document, CANONICAL).getValue("v")) : relaxed;
    }

    private static JsonObject json(BsonDocument document, JsonWriterSettings form) {
        return new JsonObject(document.toJson(form));
    }

    private JsonObject find(int id, boolean canonical) {
        JsonObject find = new JsonObject().put("find", things).put("filter", new JsonObject().put("_id", id));
        JsonObject options = new JsonObject().put("canonical", canonical);
        return Outcome.value(REAL.mongo().command("db", "find", find, options))
                .getJsonObject("cursor")
                .getJsonArray("firstBatch")
                .getJsonObject(0);
    }

    private void insert(JsonObject document) {
        JsonObject insert = new JsonObject().put("insert", things).put("documents", new JsonArray().add(document));
        Outcome.value(REAL.mongo().command("db", "insert", insert, null));
    }

    private BsonDocument driverFinds(int id) {
        return REAL.driver(things)
                .find(new BsonDocument("_id", new BsonInt32(id)))
                .first();
    }
}
