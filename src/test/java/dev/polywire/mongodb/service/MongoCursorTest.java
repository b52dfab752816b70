package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.stream.StreamService;
import dev.polywire.core.bus.stream.StreamServiceVertxEBProxy;
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

    private static final String FIRST =
            "{cursor: {id: {$numberLong: '77'}, ns: 'db.a.b', firstBatch: [{n: 1}]}, ok: 1.0}";
    private static final JsonObject FIND = new JsonObject().put("find", "a.b");

    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    private record Opened(String id, StreamService streams) {

        Future<JsonObject> next(long batch, int max) {
            return streams.next(id, batch, max, 10_000L);
        }
    }

    private Opened open() {
        Future<JsonObject> opening = stage.mongo().open("db", "find", FIND, null);
        stage.next("find").reply(FIRST);
        JsonObject handle = Outcome.value(opening);
        return new Opened(
                handle.getString("id"), new StreamServiceVertxEBProxy(stage.vertx, handle.getString("address")));
    }

    /** Opened, and the first batch read. */
    private Opened opened() {
        Opened stream = open();
        assertEquals("[{\"n\":1}]", items(stream.next(1, 5)));
        return stream;
    }

    private static String items(Future<JsonObject> page) {
        return Outcome.value(page).getJsonArray("items").encode();
    }

    private void assertKilled() {
        Asked kill = stage.next("killCursors");
        assertEquals(
                BsonDocument.parse("{killCursors: 'a.b', cursors: [{$numberLong: '77'}], $db: 'db'}"), kill.document());
        kill.ok();
    }

    private static String next(String id, String documents) {
        return "{cursor: {id: {$numberLong: '" + id + "'}, ns: 'db.a.b', nextBatch: [" + documents + "]}, ok: 1.0}";
    }

    @Test
    void getMoreAsksForWhatTheReaderHasRoomFor() {
        stage.deploy();
        Opened stream = opened();
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
        Opened stream = opened();
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
        Opened stream = opened();
        Future<Void> closing = stream.streams().close(stream.id());
        assertKilled();
        Outcome.value(closing);
    }

    @Test
    void exhaustedCursorIsNotKilled() {
        stage.deploy();
        Opened stream = opened();
        Future<JsonObject> second = stream.next(2, 5);
        stage.next("getMore").reply(next("0", "{n: 2}"));
        assertTrue(Outcome.value(second).getBoolean("done"));
        Outcome.value(stream.streams().close(stream.id()));
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
        Opened stream = opened();
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
        Opened stream = opened();
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
        Opened stream = opened();
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
        Opened stream = opened();
        Future<JsonObject> second = stream.next(2, 5);
        for (int i = 0; i < 3; i++) {
            stage.next("getMore").reply(next("77", ""));
        }
        // The last of it: a cursor that is left open is killed when the bus ends, and nobody here would answer.
        stage.next("getMore").reply(next("0", "{n: 2}"));
        assertEquals("[{\"n\":2}]", items(second));
    }

    /** A server with empty batches for ever is not asked any more once the reader has gone. */
    @Test
    void closeEndsTheAsking() {
        stage.deploy();
        Opened stream = opened();
        stream.next(2, 5);
        Asked getMore = stage.next("getMore");
        Future<Void> closing = stream.streams().close(stream.id());
        assertKilled();
        getMore.reply(next("77", ""));
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
