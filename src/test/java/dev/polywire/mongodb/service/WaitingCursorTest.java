package dev.polywire.mongodb.service;

import static dev.polywire.mongodb.service.OpenedCursor.AWAIT;
import static dev.polywire.mongodb.service.OpenedCursor.FIND;
import static dev.polywire.mongodb.service.OpenedCursor.FIRST;
import static dev.polywire.mongodb.service.OpenedCursor.NONE_YET;
import static dev.polywire.mongodb.service.OpenedCursor.TAIL;
import static dev.polywire.mongodb.service.OpenedCursor.assertKilled;
import static dev.polywire.mongodb.service.OpenedCursor.items;
import static dev.polywire.mongodb.service.OpenedCursor.next;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.bson.BsonDocument;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Cursors that wait, at a scripted server: connection 1 is the pool's, each cursor has the next one. */
class WaitingCursorTest {

    /** Nobody else connects. */
    private static final JsonObject UNWATCHED = new JsonObject().put("heartbeatMillis", 0);

    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    private Asked asked(int connection, String name) {
        Asked asked = stage.next(name);
        assertEquals(connection, asked.peer().number());
        return asked;
    }

    /** The others' connection answers, whatever waits elsewhere. */
    private void ping() {
        Future<JsonObject> ping = stage.mongo().ping();
        asked(1, "ping").ok();
        Outcome.value(ping);
    }

    private OpenedCursor opened(int connection) {
        Future<JsonObject> opening = stage.mongo().open("db", "find", AWAIT, null);
        asked(connection, "find").reply(FIRST);
        OpenedCursor stream = OpenedCursor.of(stage.vertx, Outcome.value(opening));
        assertEquals("[{\"n\":1}]", items(stream.next(1, 5)));
        return stream;
    }

    private void killed(Future<Void> closing) {
        assertEquals(1, assertKilled(stage));
        Outcome.value(closing);
    }

    @Test
    void twoConnections() {
        stage.deploy(UNWATCHED);
        OpenedCursor stream = opened(2);
        Future<JsonObject> second = stream.next(2, 5);
        Asked getMore = asked(2, "getMore");
        assertEquals(
                BsonDocument.parse("{getMore: {$numberLong: '77'}, collection: 'a.b', batchSize: 5, maxTimeMS: 1000,"
                        + " $db: 'db'}"),
                getMore.document());
        ping();
        getMore.reply(NONE_YET);
        Asked again = asked(2, "getMore");
        ping();
        again.reply(next("77", "{n: 2}"));
        assertEquals("[{\"n\":2}]", items(second));
        Future<Void> closing = stream.close();
        assertEquals(2, stage.nextGone().number());
        killed(closing);
        ping();
    }

    /** The stream is over at once, though nobody has answered its getMore, nor what kills the cursor. */
    @Test
    void closedWhileTheServerWaits() {
        stage.deploy(UNWATCHED);
        OpenedCursor stream = opened(2);
        Future<JsonObject> second = stream.next(2, 5);
        asked(2, "getMore");
        Future<Void> closing = stream.close();
        assertTrue(Outcome.value(second).getBoolean("done"));
        assertEquals(2, stage.nextGone().number());
        assertEquals(0, stage.status().getInteger("streams"));
        killed(closing);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 3_600_000})
    void awaitMillis(long millis) {
        stage.deploy(UNWATCHED);
        OpenedCursor stream = OpenedCursor.read(stage, AWAIT, new JsonObject().put("awaitMillis", millis));
        stream.next(2, 5);
        assertEquals(
                millis, asked(2, "getMore").document().getNumber("maxTimeMS").longValue());
        killed(stream.close());
    }

    @Test
    void changeStream() {
        stage.deploy(UNWATCHED);
        JsonObject aggregate = new JsonObject()
                .put("aggregate", "a.b")
                .put("pipeline", new JsonArray().add(new JsonObject().put("$changeStream", new JsonObject())));
        Future<JsonObject> opening = stage.mongo().open("db", "aggregate", aggregate, null);
        asked(2, "aggregate").reply(FIRST);
        OpenedCursor stream = OpenedCursor.of(stage.vertx, Outcome.value(opening));
        items(stream.next(1, 5));
        stream.next(2, 5);
        assertEquals(1_000, asked(2, "getMore").document().getInt32("maxTimeMS").getValue());
        killed(stream.close());
    }

    /** Then it is over, and its connection with it, before anybody has read what it holds. */
    @Test
    void firstBatchThatHoldsEverything() {
        stage.deploy(UNWATCHED);
        Future<JsonObject> opening = stage.mongo().open("db", "find", AWAIT, null);
        asked(2, "find").reply(FIRST.replace("77", "0"));
        OpenedCursor stream = OpenedCursor.of(stage.vertx, Outcome.value(opening));
        assertEquals(2, stage.nextGone().number());
        JsonObject page = Outcome.value(stream.next(1, 5));
        assertEquals("[{\"n\":1}] true", page.getJsonArray("items").encode() + " " + page.getBoolean("done"));
        ping();
    }

    /** The server ends a cursor whose collection was dropped. */
    @Test
    void endOfACursor() {
        stage.deploy(UNWATCHED);
        OpenedCursor stream = opened(2);
        Future<JsonObject> second = stream.next(2, 5);
        asked(2, "getMore").reply(next("0", ""));
        assertTrue(Outcome.value(second).getBoolean("done"));
        assertEquals(2, stage.nextGone().number());
        ping();
    }

    @Test
    void asManyAsThereMayBe() {
        stage.deploy(UNWATCHED);
        List<OpenedCursor> streams = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            OpenedCursor stream = opened(2 + i);
            stream.next(2, 5);
            asked(2 + i, "getMore");
            streams.add(stream);
        }
        assertEquals("OVERLOADED retryable", Stage.failure(stage.mongo().open("db", "find", AWAIT, null)));
        ping();
        killed(streams.remove(7).close());
        assertEquals(9, stage.nextGone().number());
        streams.add(opened(34));
        streams.forEach(each -> killed(each.close()));
    }

    /** One connection breaks: its stream ends, and another goes on. The pool has taken new connections. */
    @Test
    void lostConnection() {
        stage.deploy(UNWATCHED);
        OpenedCursor lost = opened(2);
        OpenedCursor other = opened(3);
        Future<JsonObject> failing = lost.next(2, 5);
        Asked getMore = asked(2, "getMore");
        Future<JsonObject> second = other.next(2, 5);
        Asked others = asked(3, "getMore");
        getMore.peer().abort();
        assertEquals("CONNECTION_LOST retryable", Stage.failure(failing));
        assertKilled(stage);
        others.reply(next("77", "{n: 2}"));
        assertEquals("[{\"n\":2}]", items(second));
        Future<Void> closing = other.close();
        assertKilled(stage);
        Outcome.value(closing);
    }

    @Test
    void unknownCursor() {
        stage.deploy(UNWATCHED);
        OpenedCursor stream = opened(2);
        Future<JsonObject> second = stream.next(2, 5);
        asked(2, "getMore").reply("{ok: 0.0, code: 43, errmsg: 'cursor id 77 not found'}");
        assertEquals("REFUSED_BY_SERVER", Stage.failure(second));
        assertEquals(2, stage.nextGone().number());
        assertEquals(1, assertKilled(stage));
    }

    @Test
    void refusedFind() {
        stage.deploy(UNWATCHED);
        Future<JsonObject> opening = stage.mongo().open("db", "find", AWAIT, null);
        asked(2, "find").reply("{ok: 0.0, code: 2, errmsg: 'not capped'}");
        assertEquals("REFUSED_BY_SERVER", Stage.failure(opening));
        assertEquals(2, stage.nextGone().number());
        ping();
    }

    /** Its caller has given up: the connection is kept for the answer, because only that names the cursor. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void findThatComesLate(boolean accepted) {
        stage.deploy(UNWATCHED);
        Future<JsonObject> opening = stage.mongo(200).open("db", "find", AWAIT, null);
        Asked find = asked(2, "find");
        assertEquals("TIMEOUT mayHaveExecuted", Stage.failure(opening));
        ping();
        find.reply(accepted ? FIRST : "{ok: 0.0, code: 2, errmsg: 'not capped'}");
        assertEquals(2, stage.nextGone().number());
        if (accepted) {
            assertEquals(1, assertKilled(stage));
        }
        ping();
    }

    @Test
    void leaving() {
        String id = stage.deploy(UNWATCHED);
        OpenedCursor stream = opened(2);
        Future<JsonObject> second = stream.next(2, 5);
        asked(2, "getMore");
        Future<Void> leaving = stage.vertx.undeploy(id);
        assertEquals("SHUTTING_DOWN retryable", Stage.failure(second));
        assertEquals(2, stage.nextGone().number());
        killed(leaving);
    }

    /** Other actions have it by the pool, with their own words. */
    @Test
    void asACommand() {
        stage.deploy(UNWATCHED);
        Future<JsonObject> find = stage.mongo().command("db", "find", AWAIT, null);
        asked(1, "find").reply(FIRST);
        assertTrue(Outcome.value(find).containsKey("cursor"));
        JsonObject getMore =
                new JsonObject().put("getMore", 77).put("collection", "a.b").put("maxTimeMS", 5);
        Future<JsonObject> more = stage.mongo().command("db", "getMore", getMore, null);
        asked(1, "getMore").reply(NONE_YET);
        assertTrue(Outcome.value(more).containsKey("cursor"));
        JsonObject message = new JsonObject()
                .put("opCode", "OP_MSG")
                .put("body", AWAIT.copy().put("$db", "db"));
        Future<JsonObject> sent = stage.mongo().send(message, null);
        asked(1, "find").reply(FIRST);
        assertTrue(Outcome.value(sent).containsKey("body"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            await ; {"awaitMillis": 0}
            await ; {"awaitMillis": 3600001}
            await ; {"exhaust": true}
            tail  ; {"exhaust": true}
            tail  ; {"awaitMillis": 5}
            tail  ; {"pollMillis": 0}
            tail  ; {"pollMillis": 60001}
            find  ; {"awaitMillis": 5}
            find  ; {"exhaust": "yes"}
            find  ; {"maxAwaitTimeMS": 5}
            """)
    void optionsThatAreNone(String what, String options) {
        stage.deploy(UNWATCHED);
        JsonObject find = what.equals("await") ? AWAIT : what.equals("tail") ? TAIL : FIND;
        assertEquals("BAD_REQUEST", Stage.failure(stage.mongo().open("db", "find", find, new JsonObject(options))));
        ping();
    }
}
