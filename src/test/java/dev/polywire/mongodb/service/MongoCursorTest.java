package dev.polywire.mongodb.service;

import static dev.polywire.mongodb.service.OpenedCursor.FIND;
import static dev.polywire.mongodb.service.OpenedCursor.FIRST;
import static dev.polywire.mongodb.service.OpenedCursor.NONE_YET;
import static dev.polywire.mongodb.service.OpenedCursor.TAIL;
import static dev.polywire.mongodb.service.OpenedCursor.items;
import static dev.polywire.mongodb.service.OpenedCursor.next;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.mongodb.wire.Documents;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.Vectors;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import org.bson.BsonDocument;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a cursor makes of its server, and what is left at the server: nothing. */
class MongoCursorTest {

    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    private OpenedCursor opened() {
        return OpenedCursor.read(stage, FIND, null);
    }

    private void assertKilled() {
        OpenedCursor.assertKilled(stage);
    }

    @Test
    void getMoreAsksForWhatTheReaderHasRoomFor() {
        stage.deploy();
        OpenedCursor stream = opened();
        Future<JsonObject> second = stream.next(2, 5);
        Asked getMore = stage.next("getMore");
        assertEquals(
                BsonDocument.parse("{getMore: {$numberLong: '77'}, collection: 'a.b', batchSize: 5, $db: 'db'}"),
                getMore.document());
        getMore.reply(next("77", "{n: 2}, {n: 3}"));
        assertEquals("[{\"n\":2},{\"n\":3}]", items(second));
        Future<JsonObject> third = stream.next(3, 6);
        stage.next("getMore").reply(next("0", "{n: 4}"));
        assertTrue(Outcome.value(third).getBoolean("done"));
    }

    /** A server that gives more than it was asked for fills later pages. */
    @Test
    void batchLargerThanThePage() {
        stage.deploy();
        OpenedCursor stream = opened();
        Future<JsonObject> second = stream.next(2, 2);
        stage.next("getMore").reply(next("0", "{n: 2}, {n: 3}, {n: 4}"));
        assertEquals("[{\"n\":2},{\"n\":3}]", items(second));
        assertEquals("[{\"n\":4}]", items(stream.next(3, 2)));
    }

    /** A server takes the limit of a find for that of its cursor, however late the reader comes. */
    @Test
    void onlyCommandsCarryTheDeadline() {
        stage.deploy();
        stage.mongo().open("db", "find", FIND, null);
        assertFalse(stage.next("find").document().containsKey("maxTimeMS"));
        stage.mongo(5_000).command("db", "find", FIND, null);
        long millis = stage.next("find").document().getInt64("maxTimeMS").getValue();
        assertTrue(millis > 0 && millis <= 5_000, () -> millis + " ms");
        stage.mongo().command("db", "find", FIND.copy().put("maxTimeMS", 7), null);
        assertEquals(7, stage.next("find").document().getInt32("maxTimeMS").getValue());
        stage.mongo().command("db", "getMore", new JsonObject().put("getMore", 1), null);
        assertFalse(stage.next("getMore").document().containsKey("maxTimeMS"));
    }

    @Test
    void earlyCloseKills() {
        stage.deploy();
        OpenedCursor stream = opened();
        Future<Void> closing = stream.close();
        assertKilled();
        Outcome.value(closing);
    }

    @Test
    void exhaustedCursorIsNotKilled() {
        stage.deploy();
        OpenedCursor stream = opened();
        Future<JsonObject> second = stream.next(2, 5);
        stage.next("getMore").reply(next("0", "{n: 2}"));
        assertTrue(Outcome.value(second).getBoolean("done"));
        Outcome.value(stream.close());
        stage.mongo().ping();
        stage.next("ping");
    }

    @Test
    void lapsedLeaseKills() {
        stage.deploy(new JsonObject().put("leaseMillis", 100));
        opened();
        assertKilled();
    }

    @Test
    void undeployKills() {
        String id = stage.deploy();
        opened();
        Future<Void> leaving = stage.vertx.undeploy(id);
        assertKilled();
        Outcome.value(leaving);
    }

    /** Nobody answers the killCursors: the connector leaves all the same, after its time to drain. */
    @Test
    void undeployWithASilentServer() {
        String id = stage.deploy(new JsonObject().put("drainMillis", 100));
        opened();
        Future<Void> leaving = stage.vertx.undeploy(id);
        stage.next("killCursors");
        Outcome.value(leaving);
    }

    @Tag("M43")
    @Test
    void foreignCursor() {
        stage.deploy();
        OpenedCursor stream = opened();
        Future<JsonObject> second = stream.next(2, 5);
        stage.next("getMore").reply(next("78", "{n: 2}"));
        assertEquals("PROTOCOL_VIOLATION mayHaveExecuted", Stage.failure(second));
        assertKilled();
        assertEquals("ready", stage.status().getString("state"));
    }

    @Test
    void answerWithoutACursor() {
        stage.deploy();
        Future<JsonObject> opening = stage.mongo().open("db", "find", FIND, null);
        stage.next("find").ok();
        assertEquals("PROTOCOL_VIOLATION mayHaveExecuted", Stage.failure(opening));
    }

    @Test
    void refusedGetMoreEndsTheStream() {
        stage.deploy();
        OpenedCursor stream = opened();
        Future<JsonObject> second = stream.next(2, 5);
        stage.next("getMore").reply("{ok: 0.0, code: 43, errmsg: 'cursor id 77 not found'}");
        ServiceException refused = (ServiceException) Outcome.failure(second);
        assertEquals("REFUSED_BY_SERVER", Stage.word(refused));
        assertEquals(43, refused.getDebugInfo().getJsonObject("server").getInteger("code"));
        assertKilled();
    }

    /** A document of the batch is bad (string length 0): the stream ends, the connection goes on. */
    @Test
    void undecodableBatch() {
        stage.deploy();
        OpenedCursor stream = opened();
        Future<JsonObject> second = stream.next(2, 5);
        Asked getMore = stage.next("getMore");
        getMore.raw(Documents.reply(Vectors.bytes("0d000000026100000000000000")));
        assertEquals("PROTOCOL_VIOLATION mayHaveExecuted", Stage.failure(second));
        assertKilled();
        assertEquals(1, getMore.peer().number());
    }

    /** A tailable cursor has nothing for now: it is asked again, and the reader hears nothing until there is something. */
    @Test
    void emptyBatchIsNotTheEnd() {
        stage.deploy();
        OpenedCursor stream = OpenedCursor.read(stage, TAIL, null);
        Future<JsonObject> second = stream.next(2, 5);
        for (int i = 0; i < 3; i++) {
            Asked getMore = stage.next("getMore");
            assertFalse(getMore.document().containsKey("maxTimeMS"));
            getMore.reply(NONE_YET);
        }
        // The last of it: a cursor that is left open is killed when the bus ends, and nobody here would answer.
        stage.next("getMore").reply(next("0", "{n: 2}"));
        assertEquals("[{\"n\":2}]", items(second));
    }

    /** The reader has had an answer, "none yet", and has not asked again: nobody wants to know. */
    @Test
    void nobodyAsksTheServerForNobody() {
        stage.deploy();
        OpenedCursor stream = OpenedCursor.read(stage, TAIL, new JsonObject().put("pollMillis", 1));
        assertEquals("[]", items(stream.streams().next(stream.id(), 2, 5, 1L)));
        stage.next("getMore").reply(NONE_YET);
        pings(20);
        Future<JsonObject> second = stream.next(2, 5);
        stage.next("getMore").reply(next("0", "{n: 2}"));
        assertEquals("[{\"n\":2}]", items(second));
    }

    /** A minute would have to pass, while the reader waits. */
    @Test
    void pollMillis() {
        stage.deploy();
        OpenedCursor stream = OpenedCursor.read(stage, TAIL, new JsonObject().put("pollMillis", 60_000));
        Future<JsonObject> second = stream.next(2, 5);
        stage.next("getMore").reply(NONE_YET);
        pings(20);
        Future<Void> closing = stream.close();
        assertKilled();
        Outcome.value(closing);
        assertTrue(Outcome.value(second).getBoolean("done"));
    }

    /** Nothing else arrives meanwhile. */
    private void pings(int count) {
        for (int i = 0; i < count; i++) {
            Future<JsonObject> ping = stage.mongo().ping();
            stage.next("ping").ok();
            Outcome.value(ping);
        }
    }

    /** The batch that was on its way is gone: another getMore would give the one behind it. */
    @Test
    void lostGetMoreIsNotSentAgain() {
        stage.deploy();
        OpenedCursor stream = opened();
        Future<JsonObject> second = stream.next(2, 5);
        stage.next("getMore").peer().close();
        assertEquals("CONNECTION_LOST retryable", Stage.failure(second));
        assertKilled();
    }

    /** A server with empty batches for ever is not asked any more once the reader has gone. */
    @Test
    void closeEndsTheAsking() {
        stage.deploy();
        OpenedCursor stream = opened();
        stream.next(2, 5);
        Asked getMore = stage.next("getMore");
        Future<Void> closing = stream.close();
        assertKilled();
        getMore.reply(NONE_YET);
        Outcome.value(closing);
        assertEquals(0, stage.status().getInteger("streams"));
        // A getMore after the pause of an empty batch, 100 ms, would come before the ping.
        Outcome.value(stage.vertx.timer(300).onComplete(later -> stage.mongo().ping()));
        stage.next("ping");
    }

    /** The find was answered after its caller had given up: nobody will read its cursor. */
    @Test
    void cursorThatComesLateIsKilled() {
        stage.deploy();
        Future<JsonObject> opening = stage.mongo(200).open("db", "find", FIND, null);
        Asked find = stage.next("find");
        assertEquals("TIMEOUT mayHaveExecuted", Stage.failure(opening));
        find.reply(FIRST);
        assertKilled();
        assertEquals(1, stage.counter("lateServerAnswers"));
    }

    /** The connection is that of others, too. */
    @ParameterizedTest
    @ValueSource(strings = {"{ok: 0.0, code: 59, errmsg: 'no'}", "{ok: 1.0}", "{ok: 1.0, cursor: 7}"})
    void lateAnswerWithoutACursor(String answer) {
        stage.deploy();
        Future<JsonObject> opening = stage.mongo(200).open("db", "find", FIND, null);
        Asked find = stage.next("find");
        assertEquals("TIMEOUT mayHaveExecuted", Stage.failure(opening));
        Future<JsonObject> other = Stage.find(stage.mongo(), 1);
        Asked others = stage.next("find");
        find.reply(answer);
        others.ok();
        Outcome.value(other);
        assertEquals(1, others.peer().number());
        assertEquals(1, stage.counter("lateServerAnswers"));
    }
}
