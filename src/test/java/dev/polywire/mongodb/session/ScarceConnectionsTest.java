package dev.polywire.mongodb.session;

import static dev.polywire.mongodb.session.PoolStage.A_MINUTE;
import static dev.polywire.mongodb.session.PoolStage.INSERT;
import static dev.polywire.mongodb.session.PoolStage.PING;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Link.State;
import dev.polywire.mongodb.session.PoolStage.Came;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A pool that has few connections, or none, and cannot open others. */
class ScarceConnectionsTest {

    private final PoolStage stage = new PoolStage();

    @AfterEach
    void close() {
        stage.close();
    }

    private static MongoPoolOptions aging(int most, int pipeline) {
        return new MongoPoolOptions(most, 0, 2, 0, 1_000, 10, pipeline, 60_000, 2);
    }

    /** Nobody is let in any more: the last good connection serves on, though it is too old. */
    @Test
    void theLastGoodOne() {
        Outcome.value(stage.start(aging(2, 1)));
        Future<String> slow = stage.send(PING, 1_500);
        Came old = stage.next();
        stage.refusal = PoolStage.badLogin();
        Future<String> waiting = stage.send(PING);
        await().until(() -> stage.dials.get() == 2);
        assertEquals("TIMEOUT", Outcome.value(slow));
        old.ok();
        assertEquals(1, stage.next().ok().connection());
        assertEquals("ok", Outcome.value(waiting));
        assertEquals(new PoolStatus(1, 0, 0, 0, 0, 0), stage.status());
        assertEquals(List.of(State.CONNECTING, State.READY), stage.states);
    }

    /** It ends: those that wait hear why there is no other. */
    @Test
    void theLastGoodOneEnds() {
        Outcome.value(stage.start(PoolStage.options(2, 10, 1, 20)));
        Future<String> sent = stage.send(PING, 100);
        Came last = stage.next();
        stage.refusal = PoolStage.badLogin();
        Future<String> waiting = stage.send(PING);
        await().until(() -> stage.dials.get() == 2 && stage.status().connecting() == 0);
        assertEquals("TIMEOUT", Outcome.value(sent));
        last.ok();
        Came taken = stage.next();
        Future<String> next = stage.send(INSERT);
        stage.loop.run(() -> stage.pool().drop(CallException.lost("no answer to a hello")));
        assertEquals("CONNECTION_LOST", Outcome.value(waiting));
        assertTrue(List.of("CONNECTION_LOST", "UNAUTHENTICATED").contains(Outcome.value(next)));
        assertEquals("UNAUTHENTICATED", Outcome.value(stage.send(PING)));
        assertEquals(1, taken.connection());
        assertEquals(List.of(State.CONNECTING, State.READY, State.RECOVERING), stage.states);
        assertFalse(stage.watched);
    }

    /** A command that waits for a new connection goes behind others when there will be none for now. */
    @Test
    void behindOthersAfterAFailedDial() {
        Outcome.value(stage.start(aging(2, 2)));
        Future<String> first = stage.send(PING);
        Came sent = stage.next();
        stage.refusal = PoolStage.badLogin();
        Future<String> second = stage.send(PING);
        assertEquals(1, stage.next().connection());
        sent.ok();
        assertEquals("ok", Outcome.value(first));
        assertFalse(second.isComplete());
    }

    /** The last one is being replaced for its age, when the server falls silent. */
    @Test
    void silentWhileThereIsNone() {
        Outcome.value(stage.start(aging(1, 1)));
        stage.hello = (peer, request) -> {};
        await().until(() -> stage.status().equals(new PoolStatus(0, 0, 1, 0, 0, 0)));
        assertEquals(List.of(State.CONNECTING, State.READY), stage.states);
        assertTrue(stage.watched);
        stage.loop.run(() -> stage.pool().drop(CallException.lost("no answer to a hello")));
        assertEquals(List.of(State.CONNECTING, State.READY, State.RECOVERING), stage.states);
        assertFalse(stage.watched);
        Future<String> waits = stage.send(PING, A_MINUTE);
        assertFalse(waits.isComplete());
    }

    /** Nobody waits for two of them, and one command waits for a place: one of them is given up. */
    @Test
    void oneForOne() {
        Outcome.value(stage.start(PoolStage.options(2, 10, 1, 20)));
        List<Future<String>> slow = List.of(stage.send(INSERT, 300), stage.send(INSERT, 300));
        stage.next();
        stage.next();
        stage.hello = (peer, request) -> {};
        slow.forEach(each -> assertEquals("TIMEOUT", Outcome.value(each)));
        assertEquals("UNAVAILABLE", Outcome.value(stage.send(PING, 1_800)));
        assertEquals(1, stage.told("CONNECTION_CLOSED error"));
        assertEquals(new PoolStatus(0, 1, 1, 0, 0, 0), stage.status());
    }
}
