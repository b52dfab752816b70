package dev.polywire.mongodb.service;

import static dev.polywire.mongodb.service.OpenedCursor.FIND;
import static dev.polywire.mongodb.service.OpenedCursor.assertKilled;
import static dev.polywire.mongodb.service.OpenedCursor.items;
import static dev.polywire.mongodb.service.OpenedCursor.next;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.net.Spi;
import dev.polywire.testing.Loop;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the pool has no place for, for a while: a getMore that was not sent, and the end of a cursor, which is sent until it is answered. */
class RepeatedCommandTest {

    /** One command at a time. */
    private static final JsonObject ONE = new JsonObject().put("pipeline", 1);
    /** And none waits. */
    private static final JsonObject NO_WAIT = ONE.copy().put("maxWaiting", 0);

    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    private Asked busy(Future<JsonObject> find) {
        Asked asked = stage.next("find");
        assertEquals(false, find.isComplete());
        return asked;
    }

    private void requireRefused() {
        assertEquals("OVERLOADED retryable", Stage.failure(stage.mongo().ping()));
    }

    @Test
    void getMoreThatHadNoPlace() {
        stage.deploy(NO_WAIT);
        OpenedCursor stream = OpenedCursor.read(stage, FIND, null);
        Asked other = busy(Stage.find(stage.mongo(), 1));
        Future<JsonObject> second = stream.next(2, 5);
        requireRefused();
        other.ok();
        stage.next("getMore").reply(next("0", "{n: 2}"));
        assertEquals("[{\"n\":2}]", items(second));
    }

    /** The connection that it waits for breaks. */
    @Test
    void getMoreThatWasNotSent() {
        stage.deploy(ONE);
        OpenedCursor stream = OpenedCursor.read(stage, FIND, null);
        Future<JsonObject> lost = Stage.find(stage.mongo(), 1);
        Asked other = busy(lost);
        Future<JsonObject> second = stream.next(2, 5);
        await().until(() -> stage.status().getJsonObject("pool").getInteger("waiting") == 1);
        other.peer().abort();
        assertEquals("CONNECTION_LOST retryable", Stage.failure(lost));
        Asked getMore = stage.next("getMore");
        assertEquals(2, getMore.peer().number());
        getMore.reply(next("0", "{n: 2}"));
        assertEquals("[{\"n\":2}]", items(second));
    }

    /** The reader has gone meanwhile: its getMore would come before the end of the cursor, or after it. */
    @Test
    void getMoreOfNobody() {
        stage.deploy(NO_WAIT);
        OpenedCursor stream = OpenedCursor.read(stage, FIND, null);
        Asked other = busy(Stage.find(stage.mongo(), 1));
        stream.next(2, 5);
        requireRefused();
        Future<Void> closing = stream.close();
        assertEquals(0, stage.status().getInteger("streams"));
        other.ok();
        assertKilled(stage);
        Outcome.value(closing);
    }

    @Test
    void killThatHadNoPlace() {
        stage.deploy(NO_WAIT);
        OpenedCursor stream = OpenedCursor.read(stage, FIND, null);
        Asked other = busy(Stage.find(stage.mongo(), 1));
        Future<Void> closing = stream.close();
        assertEquals(0, stage.status().getInteger("streams"));
        requireRefused();
        other.ok();
        assertKilled(stage);
        Outcome.value(closing);
        assertEquals(0, stage.counter("cursorsNotKilled"));
    }

    /** Sent, and not answered. */
    @Test
    void killWhoseAnswerIsLost() {
        stage.deploy();
        OpenedCursor stream = OpenedCursor.read(stage, FIND, null);
        Future<Void> closing = stream.close();
        stage.next("killCursors").peer().abort();
        assertEquals(2, assertKilled(stage));
        Outcome.value(closing);
        assertEquals(0, stage.counter("cursorsNotKilled"));
    }

    @Test
    void killThatIsRefused() {
        stage.deploy();
        OpenedCursor stream = OpenedCursor.read(stage, FIND, null);
        Future<Void> closing = stream.close();
        stage.next("killCursors").reply("{ok: 0.0, code: 13, errmsg: 'not authorized'}");
        assertEquals("REFUSED_BY_SERVER", Stage.failure(closing));
        assertEquals(1, stage.counter("cursorsNotKilled"));
    }

    /** No place until its time is over. */
    @Test
    void killThatIsGivenUp() {
        try (CursorRoom room = new CursorRoom(200, 0, Spi.NONE)) {
            CursorStream stream = room.read(false);
            room.open(false, room.deadline());
            room.stage.next("find");
            Future<Void> closing = room.loop.call(stream::close);
            assertEquals("OVERLOADED", CursorRoom.reason(closing));
            assertEquals(1L, room.loop.call(room.opening::notKilled));
            Loop.await(room.loop.call(room.client::close));
        }
    }
}
