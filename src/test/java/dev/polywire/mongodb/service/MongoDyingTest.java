package dev.polywire.mongodb.service;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.bus.stream.StreamService;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One connection of several dies while it is idle, in use, or in a batch of a cursor: what becomes of the others, of what is in flight
 * on them, and of what waits. Connections that die before that are in {@link MongoDyingHandshakeTest}.
 */
class MongoDyingTest {

    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    private void deploy(int maxPoolSize) {
        stage.deploy(new JsonObject()
                .put("maxPoolSize", maxPoolSize)
                .put("pipeline", 1)
                .put("heartbeatMillis", 0));
    }

    /** Finds, each on a connection of its own, in the order of the connections; they fail, or are answered, as the test says. */
    private List<Asked> inFlight(List<Future<JsonObject>> finds) {
        List<Asked> asked = new ArrayList<>();
        finds.forEach(each -> asked.add(stage.next("find")));
        asked.sort(Comparator.comparingInt(each -> each.peer().number()));
        assertEquals(
                finds.size(), asked.stream().map(Asked::peer).distinct().count(), "each on a connection of its own");
        return asked;
    }

    private List<Future<JsonObject>> finds(int count) {
        List<Future<JsonObject>> finds = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            finds.add(Stage.find(stage.mongo(), i));
        }
        return finds;
    }

    /** That a find is of. */
    private static Future<JsonObject> of(List<Future<JsonObject>> finds, Asked asked) {
        String collection = asked.document().getString("find").getValue();
        return finds.get(Integer.parseInt(collection.substring("things".length())));
    }

    private int pinged() {
        Future<JsonObject> ping = stage.mongo().ping();
        Asked asked = stage.next("ping");
        asked.ok();
        Outcome.value(ping);
        return asked.peer().number();
    }

    /** Nobody was waiting for it: the others are not suspected. */
    @Test
    void idle() {
        deploy(2);
        List<Future<JsonObject>> finds = finds(2);
        List<Asked> asked = inFlight(finds);
        asked.forEach(Asked::ok);
        finds.forEach(Outcome::value);
        asked.get(1).peer().close();
        assertEquals(2, stage.nextGone().number());
        // The server knows it before the client does.
        await().until(() -> stage.status().getJsonObject("pool").getInteger("idle") == 1);
        assertEquals(1, pinged());
    }

    /** The idle one closes, what is in use finishes and closes then, and a new one serves what comes. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void inUse(boolean reset) {
        deploy(3);
        List<Future<JsonObject>> finds = finds(3);
        List<Asked> asked = inFlight(finds);
        asked.get(0).ok();
        Outcome.value(of(finds, asked.get(0)));
        if (reset) {
            asked.get(1).peer().abort();
        } else {
            asked.get(1).peer().close();
        }
        assertEquals("CONNECTION_LOST retryable", Stage.failure(of(finds, asked.get(1))));
        assertEquals(
                Set.of(1, 2), Set.of(stage.nextGone().number(), stage.nextGone().number()));
        asked.get(2).ok();
        Outcome.value(of(finds, asked.get(2)));
        assertEquals(3, stage.nextGone().number());
        assertEquals(4, pinged());
    }

    /** What waits was not sent, and is told so: its caller may ask again, and is served. */
    @Test
    void inUseWhileOthersWait() {
        deploy(2);
        List<Future<JsonObject>> finds = finds(2);
        List<Asked> asked = inFlight(finds);
        Future<JsonObject> write = Stage.insert(stage.mongo(), 7);
        // It is at the pool when this is answered, by the same event loop.
        assertEquals(4, stage.status().getInteger("inFlight"));
        asked.get(1).peer().close();
        assertEquals("CONNECTION_LOST retryable", Stage.failure(write));
        assertEquals("CONNECTION_LOST retryable", Stage.failure(of(finds, asked.get(1))));
        Future<JsonObject> again = Stage.insert(stage.mongo(), 8);
        Asked insert = stage.next("insert");
        assertEquals("things8", insert.document().getString("insert").getValue());
        assertEquals(3, insert.peer().number());
        insert.ok();
        Outcome.value(again);
        asked.get(0).ok();
        Outcome.value(of(finds, asked.get(0)));
    }

    /** A deadline says nothing about the connection, which is used again behind its late answer; nor about the others. */
    @Test
    void aTimeoutIsNoDeath() {
        deploy(2);
        List<Future<JsonObject>> finds = List.of(Stage.find(stage.mongo(200), 0), Stage.find(stage.mongo(), 1));
        List<Asked> asked = inFlight(finds);
        assertEquals("TIMEOUT mayHaveExecuted", Stage.failure(finds.get(0)));
        asked.forEach(Asked::ok);
        Outcome.value(finds.get(1));
        List<Future<JsonObject>> next = finds(2);
        List<Asked> again = inFlight(next);
        assertEquals(
                List.of(1, 2), again.stream().map(each -> each.peer().number()).toList());
        again.forEach(Asked::ok);
        next.forEach(Outcome::value);
        assertEquals(1, stage.counter("lateServerAnswers"));
    }

    /** Its batch is gone with the connection, and is not asked for again: it would be the batch behind it. */
    @Test
    void inABatch() {
        deploy(2);
        Future<JsonObject> opening = stage.mongo().open("db", "find", new JsonObject().put("find", "c"), null);
        stage.next("find").reply("{cursor: {id: {$numberLong: '77'}, ns: 'db.c', firstBatch: [{n: 1}]}, ok: 1.0}");
        JsonObject handle = Outcome.value(opening);
        StreamService streams = StreamService.proxy(stage.vertx, handle.getString("address"));
        String id = handle.getString("id");
        Outcome.value(streams.next(id, 1, 10, 10_000L));
        Future<JsonObject> second = streams.next(id, 2, 10, 10_000L);
        stage.next("getMore").peer().close();
        assertEquals("CONNECTION_LOST retryable", Stage.failure(second));
        // The cursor may live on at the server; nothing else is asked of it.
        stage.next("killCursors").ok();
        Future<JsonObject> ping = stage.mongo().ping();
        stage.next("ping").ok();
        Outcome.value(ping);
    }
}
