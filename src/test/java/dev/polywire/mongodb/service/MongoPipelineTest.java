package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.PendingCalls;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bson.BsonBinary;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many commands on one connection: how many, in which order, and whose answer is whose. */
class MongoPipelineTest {

    /** Nobody says hello beside the pool: its connections have the numbers from 1. */
    private static final JsonObject ALONE = new JsonObject().put("heartbeatMillis", 0);

    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    private List<Future<JsonObject>> finds(MongoService mongo, int count) {
        return IntStream.range(0, count).mapToObj(n -> Stage.find(mongo, n)).toList();
    }

    private static int number(Asked find) {
        return Integer.parseInt(find.document().getString("find").getValue().substring("things".length()));
    }

    @Test
    void sixtyFourAtATimeInOrder() {
        stage.deploy();
        List<Future<JsonObject>> calls = finds(stage.mongo(), 200);
        List<Asked> onTheWire = new ArrayList<>();
        for (int n = 0; n < 64; n++) {
            onTheWire.add(stage.next("find"));
            assertEquals(n, number(onTheWire.get(n)));
        }
        // All 200 were taken before this is answered, by the same event loop.
        assertEquals(201, stage.status().getInteger("inFlight"));
        assertEquals(0, stage.waiting());
        for (int n = 64; n < 200; n++) {
            onTheWire.get(n - 64).reply("{n: " + (n - 64) + ", ok: 1.0}");
            onTheWire.add(stage.next("find"));
            assertEquals(n, number(onTheWire.get(n)));
        }
        for (int n = 136; n < 200; n++) {
            onTheWire.get(n).reply("{n: " + n + ", ok: 1.0}");
        }
        for (int n = 0; n < 200; n++) {
            assertEquals(n, Outcome.value(calls.get(n)).getInteger("n"));
        }
    }

    @Test
    void answersOutOfOrder() {
        stage.deploy();
        List<Future<JsonObject>> calls = finds(stage.mongo(), 4);
        List<Asked> asked =
                IntStream.range(0, 4).mapToObj(n -> stage.next("find")).toList();
        for (int n : new int[] {2, 0, 3, 1}) {
            asked.get(n).reply("{n: " + n + ", ok: 1.0}");
        }
        for (int n = 0; n < 4; n++) {
            assertEquals(n, Outcome.value(calls.get(n)).getInteger("n"));
        }
    }

    @Test
    void answerNobodyAskedFor() {
        stage.deploy(ALONE);
        Future<JsonObject> oldest = Stage.find(stage.mongo(), 0);
        Future<JsonObject> read = Stage.find(stage.mongo(), 1);
        Future<JsonObject> write = Stage.insert(stage.mongo(), 2);
        stage.next("find");
        stage.next("find");
        Asked insert = stage.next("insert");
        insert.replyTo(insert.id() + 1, "{ok: 1.0}");
        assertEquals("PROTOCOL_VIOLATION mayHaveExecuted", Stage.failure(oldest));
        assertEquals("CONNECTION_LOST retryable", Stage.failure(read));
        assertEquals("UNKNOWN_OUTCOME mayHaveExecuted", Stage.failure(write));
        assertServedBy(2);
    }

    /** The second answer to the same request. */
    @Test
    void answeredTwice() {
        stage.deploy(ALONE);
        Future<JsonObject> first = Stage.find(stage.mongo(), 0);
        Future<JsonObject> second = Stage.insert(stage.mongo(), 1);
        Asked find = stage.next("find");
        stage.next("insert");
        find.ok();
        Outcome.value(first);
        find.ok();
        assertEquals("PROTOCOL_VIOLATION mayHaveExecuted", Stage.failure(second));
        assertServedBy(2);
    }

    private void assertServedBy(int connection) {
        Future<JsonObject> next = stage.mongo().ping();
        Asked ping = stage.next("ping");
        assertEquals(connection, ping.peer().number());
        ping.ok();
        Outcome.value(next);
    }

    /** A command that was given up behind others is not sent when its turn would have come. */
    @Test
    void givenUpWhileWaiting() {
        stage.deploy(new JsonObject().put("pipeline", 1));
        Future<JsonObject> first = Stage.insert(stage.mongo(), 1);
        Asked blocking = stage.next("insert");
        assertEquals("UNAVAILABLE retryable", Stage.failure(Stage.insert(stage.mongo(200), 2)));
        Future<JsonObject> third = Stage.insert(stage.mongo(), 3);
        blocking.ok();
        Outcome.value(first);
        Asked next = stage.next("insert");
        assertEquals("things3", next.document().getString("insert").getValue());
        next.ok();
        Outcome.value(third);
        assertEquals(
                "{\"idle\":1,\"inUse\":0,\"connecting\":0,\"waiting\":0,\"generation\":0,\"dedicated\":0}",
                stage.status().getJsonObject("pool").encode());
    }

    /** A silent command does not hold up the ones behind it longer than its deadline. */
    @Test
    void nextIsSentWhenOneTimesOut() {
        stage.deploy(new JsonObject().put("pipeline", 1));
        Future<JsonObject> silent = Stage.find(stage.mongo(200), 1);
        stage.next("find");
        Future<JsonObject> next = Stage.find(stage.mongo(), 2);
        assertEquals("TIMEOUT mayHaveExecuted", Stage.failure(silent));
        stage.next("find").ok();
        Outcome.value(next);
    }

    /** Too many answers are missing: the server is taken for dead, and another connection is tried. */
    @Test
    void tooManyMissingAnswers() {
        stage.deploy(ALONE.copy().put("pipeline", 1_000));
        Future<JsonObject> patient = Stage.insert(stage.mongo(), 1);
        List<Future<JsonObject>> hasty = finds(stage.mongo(300), PendingCalls.MAX_GIVEN_UP + 1);
        hasty.forEach(call -> assertEquals("TIMEOUT mayHaveExecuted", Stage.failure(call)));
        assertEquals("UNKNOWN_OUTCOME mayHaveExecuted", Stage.failure(patient));
        assertEquals(1, stage.nextGone().number());
        stage.next("insert");
        for (int n = 0; n <= PendingCalls.MAX_GIVEN_UP; n++) {
            stage.next("find");
        }
        assertServedBy(2);
    }

    /** A server that does not read is not written to without end; what waits for it can still be given up unsent. */
    @Test
    void backPressure() {
        stage.deploy(ALONE.copy().put("pipeline", 1_000));
        Future<JsonObject> ping = stage.mongo().ping();
        Asked first = stage.next("ping");
        first.peer().pause();
        first.ok();
        Outcome.value(ping);
        int count = 40;
        List<Future<Buffer>> large =
                IntStream.range(0, count).mapToObj(this::megabyte).toList();
        assertEquals("UNAVAILABLE retryable", Stage.failure(Stage.insert(stage.mongo(300), 1)));
        first.peer().resume();
        for (int n = 0; n < count; n++) {
            Asked insert = stage.next("insert");
            assertEquals(n, insert.document().getInt32("n").getValue());
            insert.ok();
        }
        large.forEach(Outcome::value);
        assertEquals(0, stage.waiting());
    }

    private Future<Buffer> megabyte(int n) {
        BsonDocument insert = BsonDocument.parse("{insert: 'things'}")
                .append("n", new BsonInt32(n))
                .append("bytes", new BsonBinary(new byte[1_000_000]));
        DeliveryOptions headers = new DeliveryOptions()
                .addHeader("action", "command")
                .addHeader("database", "db")
                .addHeader("timeout", "60000")
                .setSendTimeout(62_000);
        return stage.vertx
                .eventBus()
                .<Buffer>request("polywire.mongodb.raw", Documents.bson(insert), headers)
                .map(Message::body);
    }

    @Test
    void messageTooLongForTheServerIsNotSent() {
        stage.deploy(new JsonObject().put("maxMessageBytes", 2_000));
        String text = "x".repeat(2_000);
        JsonObject insert = new JsonObject().put("insert", "things").put("text", text);
        Future<JsonObject> tooLong = stage.mongo().command("db", "insert", insert, null);
        assertEquals("LIMIT_EXCEEDED", Stage.failure(tooLong));
        assertTrue(Outcome.failure(tooLong).getMessage().contains("(expected: <= 2000)"));
        assertServedBy(1);
    }
}
