package dev.polywire.mongodb.service;

import static dev.polywire.mongodb.service.OpenedCursor.FIND;
import static dev.polywire.mongodb.service.OpenedCursor.assertKilled;
import static dev.polywire.mongodb.service.OpenedCursor.items;
import static dev.polywire.mongodb.service.OpenedCursor.next;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.MemoryBudget;
import dev.polywire.mongodb.wire.OpMsg;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import org.bson.BsonDocument;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Batches that a scripted server sends without being asked for each; they come on connection 2. */
class ExhaustCursorTest {

    private static final JsonObject EXHAUST = new JsonObject().put("exhaust", true);
    /** The server's own message before them: the answers to hello and find are 1 and 2. */
    private static final int BEFORE = 2;

    /** Nobody else connects. */
    private static final JsonObject UNWATCHED = new JsonObject().put("heartbeatMillis", 0);

    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    private OpenedCursor opened() {
        stage.deploy(UNWATCHED);
        return OpenedCursor.read(stage, FIND, EXHAUST);
    }

    private Asked getMore() {
        Asked getMore = stage.next("getMore");
        assertEquals(2, getMore.peer().number());
        return getMore;
    }

    private void ping() {
        Future<JsonObject> ping = stage.mongo().ping();
        Asked asked = stage.next("ping");
        assertEquals(1, asked.peer().number());
        asked.ok();
        Outcome.value(ping);
    }

    @Test
    void oneQuestionManyAnswers() {
        OpenedCursor stream = opened();
        Future<JsonObject> second = stream.next(2, 5);
        Asked getMore = getMore();
        assertEquals(
                BsonDocument.parse("{getMore: {$numberLong: '77'}, collection: 'a.b', batchSize: 5, $db: 'db'}"),
                getMore.document());
        assertEquals(OpMsg.EXHAUST_ALLOWED, ((OpMsg) getMore.request().message()).flagBits());
        getMore.more(getMore.id(), next("77", "{n: 2}, {n: 3}"));
        assertEquals("[{\"n\":2},{\"n\":3}]", items(second));
        getMore.more(BEFORE + 1, next("77", "{n: 4}"));
        getMore.more(BEFORE + 2, next("77", ""));
        getMore.replyTo(BEFORE + 3, next("0", "{n: 5}, {n: 6}"));
        ping();
        assertEquals("[{\"n\":4}]", items(stream.next(3, 5)));
        assertEquals("[{\"n\":5}]", items(stream.next(4, 1)));
        assertEquals(2, stage.nextGone().number());
        JsonObject last = Outcome.value(stream.next(5, 9));
        assertEquals("[{\"n\":6}] true", last.getJsonArray("items").encode() + " " + last.getBoolean("done"));
        ping();
    }

    /** It answers once, and is asked on. */
    @Test
    void serverThatDoesNotKnowIt() {
        OpenedCursor stream = opened();
        Future<JsonObject> second = stream.next(2, 5);
        getMore().reply(next("77", "{n: 2}"));
        assertEquals("[{\"n\":2}]", items(second));
        Future<JsonObject> third = stream.next(3, 6);
        Asked getMore = getMore();
        assertEquals(0, ((OpMsg) getMore.request().message()).flagBits());
        assertEquals(6, getMore.document().getInt32("batchSize").getValue());
        getMore.reply(next("0", "{n: 3}"));
        assertTrue(Outcome.value(third).getBoolean("done"));
    }

    @Test
    void refusedInTheMiddle() {
        OpenedCursor stream = opened();
        Future<JsonObject> second = stream.next(2, 5);
        Asked getMore = getMore();
        getMore.more(getMore.id(), next("77", "{n: 2}"));
        assertEquals("[{\"n\":2}]", items(second));
        getMore.replyTo(BEFORE + 1, "{ok: 0.0, code: 43, errmsg: 'cursor id 77 not found'}");
        assertEquals("REFUSED_BY_SERVER", Stage.failure(stream.next(3, 5)));
        assertEquals(2, stage.nextGone().number());
        assertEquals(1, assertKilled(stage));
    }

    /** The reader gets what came before. */
    @Test
    void lostInTheMiddle() {
        OpenedCursor stream = opened();
        Future<JsonObject> second = stream.next(2, 5);
        Asked getMore = getMore();
        getMore.more(getMore.id(), next("77", "{n: 2}"));
        assertEquals("[{\"n\":2}]", items(second));
        getMore.more(BEFORE + 1, next("77", "{n: 3}"));
        getMore.peer().close();
        assertEquals("[{\"n\":3}]", items(stream.next(3, 5)));
        assertEquals("CONNECTION_LOST retryable", Stage.failure(stream.next(4, 5)));
        assertKilled(stage);
    }

    @Test
    void closedInTheMiddle() {
        OpenedCursor stream = opened();
        Future<JsonObject> second = stream.next(2, 5);
        Asked getMore = getMore();
        getMore.more(getMore.id(), next("77", "{n: 2}"));
        items(second);
        Future<JsonObject> third = stream.next(3, 5);
        Future<Void> closing = stream.close();
        assertTrue(Outcome.value(third).getBoolean("done"));
        assertEquals(2, stage.nextGone().number());
        assertEquals(1, assertKilled(stage));
        Outcome.value(closing);
    }

    /** A reader that does not read holds up the server, and two batches wait here, of 30. */
    @Test
    void unreadBatchesStayWithTheServer() {
        OpenedCursor stream = opened();
        Future<JsonObject> second = stream.next(2, 1);
        Asked getMore = getMore();
        String mebibyte = "x".repeat(1024 * 1024);
        for (int n = 2; n < 32; n++) {
            String batch = next(n == 31 ? "0" : "77", "{n: " + n + ", text: '" + mebibyte + "'}");
            if (n == 2) {
                getMore.more(getMore.id(), batch);
            } else if (n < 31) {
                getMore.more(BEFORE + n - 2, batch);
            } else {
                getMore.replyTo(BEFORE + n - 2, batch);
            }
        }
        for (int n = 2; n < 32; n++) {
            JsonObject page = Outcome.value(n == 2 ? second : stream.next(n, 1));
            assertEquals(n, page.getJsonArray("items").getJsonObject(0).getInteger("n"));
            ping();
            // Two batches, and one that was on its way.
            long bytes = heldByConnections();
            assertTrue(bytes <= 4 * 1024 * 1024, () -> bytes + " bytes");
        }
    }

    /** To the server, whose own connections have other names. */
    private long heldByConnections() {
        return MemoryBudget.of(stage.vertx).status().getJsonArray("largest").stream()
                .map(JsonObject.class::cast)
                .filter(holder -> holder.getString("name").endsWith("127.0.0.1:" + stage.port))
                .mapToLong(holder -> holder.getLong("bytes"))
                .sum();
    }
}
