package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.core.bus.stream.StreamReader;
import dev.polywire.core.net.Spi;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.testing.Outcome;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An application's own JSON at a connector: here times are plain texts that begin with {@code @}. */
class JsonDialectTest {

    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    /** Whose {@code fault} field says what it does wrong with a command, and with an answer. */
    private static final BsonCodec<JsonObject> TIMES = BsonCodec.of(JsonDialectTest::encoded, JsonDialectTest::decoded);

    private static Buffer encoded(JsonObject command) {
        return switch (command.getString("fault", "")) {
            case "refuses" -> throw new IllegalArgumentException("when: no time");
            case "refuses by protocol" -> throw ProtocolException.decode("when: no time");
            case "fails" -> throw new IllegalStateException("secret");
            case "recurs" -> throw new StackOverflowError();
            case "makes no BSON" -> Buffer.buffer("{}");
            case "makes nothing" -> null;
            case "sorts" -> Documents.bson("{a: 1, find: 'c'}");
            default -> {
                JsonObject extended = new JsonObject();
                command.forEach(field -> extended.put(
                        field.getKey(),
                        field.getValue() instanceof String text && text.startsWith("@")
                                ? new JsonObject().put("$date", text.substring(1))
                                : field.getValue()));
                yield ExtendedJson.encode(extended);
            }
        };
    }

    private static JsonObject decoded(Buffer document) {
        JsonObject plain = ExtendedJson.decode(document, false);
        if (plain.containsKey("fault")) {
            throw ProtocolException.decode("secret");
        }
        JsonObject time = plain.getValue("when") instanceof JsonObject when ? when : new JsonObject();
        return time.containsKey("$date") ? plain.put("when", "@" + time.getString("$date")) : plain;
    }

    private MongoService mongo(BsonCodec<JsonObject> codec) {
        JsonObject config = new JsonObject()
                .put("port", stage.port)
                .put("failFast", true)
                .put("maxPoolSize", 1)
                .put("pipelineMillis", 60_000)
                .put("heartbeatMillis", 0);
        Outcome.value(stage.vertx.deployVerticle(
                new MongoVerticle(Spi.NONE, codec), new DeploymentOptions().setConfig(config)));
        return stage.mongo();
    }

    private static Future<JsonObject> find(MongoService mongo, String fault) {
        return mongo.command("db", "find", new JsonObject().put("fault", fault).put("find", "c"), null);
    }

    @Test
    void bothWays() {
        MongoService mongo = mongo(TIMES);
        JsonObject insert = new JsonObject("{\"when\":\"@2020-02-03T04:05:06Z\",\"insert\":\"c\",\"maxTimeMS\":7}");
        Future<JsonObject> answer = mongo.command("db", "insert", insert, null);
        Asked asked = stage.next("insert");
        assertEquals(
                "{\"insert\": \"c\", \"when\": {\"$date\": \"2020-02-03T04:05:06Z\"}, \"maxTimeMS\": 7, \"$db\": \"db\"}",
                asked.document().toJson());
        asked.reply("{when: {$date: '2021-02-03T04:05:06Z'}, ok: 1.0}");
        assertEquals(
                "{\"when\":\"@2021-02-03T04:05:06Z\",\"ok\":1.0}",
                Outcome.value(answer).encode());
        Future<JsonObject> ping = mongo.ping();
        stage.next("ping").reply("{when: {$date: '2021-02-03T04:05:06Z'}, ok: 1.0}");
        assertEquals("@2021-02-03T04:05:06Z", Outcome.value(ping).getString("when"));
    }

    @Test
    void documentsOfAStream() {
        Future<JsonObject> opened = mongo(TIMES).open("db", "find", new JsonObject().put("find", "c"), null);
        Asked asked = stage.next("find");
        assertNull(asked.document().get("maxTimeMS"));
        asked.reply("{cursor: {id: {$numberLong: '0'}, ns: 'db.c', firstBatch: [{when: {$date:"
                + " '2021-02-03T04:05:06Z'}}]}, ok: 1.0}");
        JsonObject handle = Outcome.value(opened);
        Promise<Object> first = Promise.promise();
        stage.vertx.runOnContext(now -> new StreamReader(stage.vertx, handle, 10, 1_000)
                .exceptionHandler(first::tryFail)
                .handler(first::tryComplete));
        assertEquals(new JsonObject().put("when", "@2021-02-03T04:05:06Z"), Outcome.value(first.future()));
    }

    /** Nothing is sent then, and the command of another caller, which is in flight, gets its answer. */
    @ParameterizedTest
    @CsvSource({
        "refuses, BAD_REQUEST, when: no time",
        "refuses by protocol, BAD_REQUEST, when: no time",
        "fails, INTERNAL, the connector's codec failed",
        "recurs, INTERNAL, the connector's codec failed",
        "makes no BSON, INTERNAL, the connector's codec failed",
        "makes nothing, INTERNAL, the connector's codec failed",
        "sorts, INTERNAL, the connector's codec failed"
    })
    void commandsThatItCannotEncode(String fault, String failure, String message) {
        MongoService mongo = mongo(TIMES);
        Future<JsonObject> other = find(mongo, "");
        Asked asked = stage.next("find");
        ServiceException failed = (ServiceException) Outcome.failure(find(mongo, fault));
        assertEquals(failure, Stage.word(failed));
        assertEquals(message, failed.getMessage());
        asked.ok();
        assertEquals("{\"ok\":1.0}", Outcome.value(other).encode());
        assertEquals(0, stage.waiting());
        assertEquals(1, stage.hellos.size());
    }

    @ParameterizedTest
    @CsvSource({"find, INTERNAL", "insert, INTERNAL mayHaveExecuted"})
    void answersThatItCannotDecode(String name, String failure) {
        MongoService mongo = mongo(TIMES);
        Future<JsonObject> bad = mongo.command("db", name, new JsonObject().put(name, "c"), null);
        Future<JsonObject> good = find(mongo, "");
        stage.next(name).reply("{fault: 1, ok: 1.0}");
        stage.next("find").ok();
        ServiceException failed = (ServiceException) Outcome.failure(bad);
        assertEquals(failure, Stage.word(failed));
        assertEquals("the connector's codec failed", failed.getMessage());
        assertEquals(1.0, Outcome.value(good).getDouble("ok"));
        assertEquals(1, stage.hellos.size());
    }

    /** Refusals are told as without it, whatever it makes of them. */
    @Test
    void refusals() {
        Future<JsonObject> refused = find(mongo(TIMES), "");
        stage.next("find").reply("{ok: 0.0, errmsg: 'no', code: 7, fault: {$date: '2021-02-03T04:05:06Z'}}");
        ServiceException failed = (ServiceException) Outcome.failure(refused);
        assertEquals("REFUSED_BY_SERVER", Stage.word(failed));
        assertEquals("no", failed.getMessage());
        assertEquals(
                "{\"ok\":0.0,\"errmsg\":\"no\",\"code\":7,\"fault\":{\"$date\":\"2021-02-03T04:05:06Z\"}}",
                failed.getDebugInfo().getJsonObject("server").encode());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', nullValues = "none", textBlock = """
            {"a":1}               ; none               ; find: absent (expected: the command's name)
            {"find":"c","$db":"a"} ; none              ; $db: present (expected: absent, it is not the caller's)
            {"find":"c"}          ; {"canonical":true} ; options.canonical: true (expected: false, this connector's JSON is not Extended JSON)
            """)
    void refusedByUs(String command, String options, String message) {
        MongoService mongo = mongo(TIMES);
        JsonObject how = options == null ? null : new JsonObject(options);
        ServiceException failed =
                (ServiceException) Outcome.failure(mongo.command("db", "find", new JsonObject(command), how));
        assertEquals("BAD_REQUEST", Stage.word(failed));
        assertEquals(message, failed.getMessage());
        failed = (ServiceException) Outcome.failure(mongo.open("db", "find", new JsonObject(command), how));
        assertEquals(message, failed.getMessage());
    }

    /** The codecs that we have fit, too. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void extendedJsonItself(boolean canonical) {
        Future<JsonObject> answer = find(mongo(canonical ? ExtendedJson.CANONICAL : ExtendedJson.RELAXED), "none");
        stage.next("find").reply("{n: 5, ok: 1.0}");
        assertEquals(
                canonical
                        ? "{\"n\":{\"$numberInt\":\"5\"},\"ok\":{\"$numberDouble\":\"1.0\"}}"
                        : "{\"n\":5,\"ok\":1.0}",
                Outcome.value(answer).encode());
    }

    @Test
    void aDialectOfItsOwnNeedsTheName() {
        JsonDialect dialect = new JsonDialect(TIMES);
        JsonObject command = new JsonObject().put("b", 1).put("find", "c");
        JsonObject before = command.copy();
        assertEquals("find", Documents.parsed(dialect.command(command, "find")).getFirstKey());
        assertEquals(before.encode(), command.encode());
        assertThrows(ProtocolException.class, () -> dialect.command(command, "insert"));
    }
}
