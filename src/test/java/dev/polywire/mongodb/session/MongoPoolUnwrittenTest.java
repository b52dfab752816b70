package dev.polywire.mongodb.session;

import static dev.polywire.mongodb.session.PoolStage.A_MINUTE;
import static dev.polywire.mongodb.session.PoolStage.INSERT;
import static dev.polywire.mongodb.session.PoolStage.PING;
import static dev.polywire.mongodb.session.PoolStage.options;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.polywire.mongodb.wire.ClientMetadata;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.mongodb.wire.MongoClientOptions;
import dev.polywire.testing.Gate;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A write without an answer that the system does not take, since nobody reads at the other end. */
class MongoPoolUnwrittenTest {

    /** More than the system keeps for a connection. */
    private static final Buffer LARGE =
            Documents.bson("{insert: 'c', $db: 'd', writeConcern: {w: 0}, text: '" + "x".repeat(15_000_000) + "'}");

    private final PoolStage stage = new PoolStage();
    private final Gate gate = stage.gate();

    @AfterEach
    void close() {
        gate.close();
        stage.close();
    }

    private Future<String> stuck(MongoPoolOptions options, long millis) {
        Outcome.value(
                stage.start(options, new MongoClientOptions(48_000_000, new ClientMetadata("test", "1.0"), 1, 2_000)));
        gate.silence();
        Future<String> unwritten = stage.sendUnheard(LARGE, millis);
        await().until(gate::keepsBack);
        return unwritten;
    }

    /** It was in flight when the connection broke; what waits is not given to what is left of that. */
    @Test
    void breaks() {
        Future<String> unwritten = stuck(options(1, 10, 1, 20), A_MINUTE);
        List<Future<String>> waiting = List.of(stage.send(INSERT), stage.send(PING));
        assertEquals(2, stage.status().waiting());
        assertFalse(unwritten.isComplete());
        gate.reset();
        assertEquals("UNKNOWN_OUTCOME", Outcome.value(unwritten));
        assertEquals(
                List.of("CONNECTION_LOST", "CONNECTION_LOST"),
                waiting.stream().map(Outcome::value).toList());
        assertEquals(1, stage.status().generation());
        gate.speak();
        Future<String> next = stage.send(PING);
        stage.next().ok();
        assertEquals("ok", Outcome.value(next));
    }

    /** Something before it has an answer due, which does not come. */
    @Test
    void breaksBehindAnother() {
        Outcome.value(stage.start(
                options(1, 10, 2, A_MINUTE),
                new MongoClientOptions(48_000_000, new ClientMetadata("test", "1.0"), 1, 2_000)));
        Future<String> read = stage.send(PING);
        stage.next();
        gate.silence();
        Future<String> unwritten = stage.sendUnheard(LARGE, A_MINUTE);
        await().until(gate::keepsBack);
        Future<String> waiting = stage.send(INSERT);
        gate.reset();
        assertEquals("CONNECTION_LOST", Outcome.value(read));
        assertEquals("UNKNOWN_OUTCOME", Outcome.value(unwritten));
        assertEquals("CONNECTION_LOST", Outcome.value(waiting));
        assertEquals(1, stage.status().generation());
    }

    /** It is as old as its sending, and what waits may go elsewhere. */
    @Test
    void nothingGoesBehindIt() {
        Future<String> unwritten = stuck(options(1, 10, 8, A_MINUTE), A_MINUTE);
        Future<String> waiting = stage.send(INSERT);
        assertEquals(1, stage.status().waiting());
        assertEquals(1, stage.status().inUse());
        gate.speak();
        assertEquals("ok", Outcome.value(unwritten));
        stage.next();
        stage.next().ok();
        assertEquals("ok", Outcome.value(waiting));
        assertEquals(0, stage.status().generation());
    }

    /** Nobody waits for it any more: it does not keep the others from a connection. */
    @Test
    void isGivenUp() {
        Future<String> unwritten = stuck(options(1, 10, 8, 20), 100);
        Future<String> waiting = stage.send(PING);
        assertEquals("TIMEOUT", Outcome.value(unwritten));
        await().until(() -> stage.events.contains("CONNECTION_CLOSED error"));
        gate.speak();
        stage.next().ok();
        assertEquals("ok", Outcome.value(waiting));
        assertEquals(0, stage.status().generation());
    }
}
