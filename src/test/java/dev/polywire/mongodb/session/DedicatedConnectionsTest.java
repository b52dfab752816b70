package dev.polywire.mongodb.session;

import static dev.polywire.mongodb.session.PoolStage.A_MINUTE;
import static dev.polywire.mongodb.session.PoolStage.options;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Link.State;
import dev.polywire.mongodb.client.MongoConnection;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections beside the pool: when they are dialled, and what is told of them. */
class DedicatedConnectionsTest {

    private static final MongoPoolOptions MANY = new MongoPoolOptions(4, 0, 2, 600_000, 3_600_000, 10, 1, 20, 32);

    private final PoolStage stage = new PoolStage();

    @AfterEach
    void close() {
        stage.close();
    }

    private List<Future<MongoConnection>> opens(int count) {
        return IntStream.range(0, count)
                .mapToObj(n -> stage.dedicated(A_MINUTE))
                .toList();
    }

    /** The password was changed while the pool was up: it is not tried by each. */
    @Test
    void badLogins() {
        Outcome.value(stage.start(MANY));
        stage.refusal = PoolStage.badLogin();
        List<Future<MongoConnection>> opens = stage.loop.call(() ->
                IntStream.range(0, 32).mapToObj(n -> stage.opening(A_MINUTE)).toList());
        opens.forEach(each -> assertEquals("UNAUTHENTICATED", PoolStage.word(Outcome.failure(each))));
        assertEquals(3, stage.dials.get(), "the pool's, and two at once");
        assertEquals("UNAUTHENTICATED", PoolStage.word(Outcome.failure(stage.dedicated(A_MINUTE))));
        assertEquals(3, stage.dials.get());
        assertEquals(new PoolStatus(1, 0, 0, 0, 0, 0), stage.status());
    }

    /** Two at the same time, with the pool's, in the order in which they were asked for. */
    @Test
    void turns() {
        Outcome.value(stage.start(MANY));
        stage.hello = (peer, request) -> {};
        opens(5);
        await().until(() -> stage.peers.size() == 3);
        assertEquals(new PoolStatus(1, 0, 0, 0, 0, 5), stage.status());
        assertEquals(3, stage.dials.get());
    }

    /** While the server is down they wait, as commands do, and the pool alone dials. */
    @Test
    void theServerIsDown() {
        stage.refusal = new CallException(CallException.Reason.UNAVAILABLE, "connection refused");
        stage.start(MANY);
        Future<MongoConnection> patient = stage.dedicated(A_MINUTE);
        assertEquals("UNAVAILABLE", PoolStage.word(Outcome.failure(stage.dedicated(100))));
        assertFalse(patient.isComplete());
        assertEquals(1, stage.status().dedicated());
        stage.refusal = null;
        assertFalse(stage.loop.call(Outcome.value(patient)::isClosed));
        assertEquals(new PoolStatus(1, 0, 0, 0, 0, 1), stage.status());
    }

    /** The server is asked whether it is there as long as one is open, though the pool has none. */
    @Test
    void watchedToTheLast() {
        Outcome.value(stage.start(options(1, 10, 1, 20)));
        MongoConnection own = Outcome.value(stage.dedicated(A_MINUTE));
        stage.hello = (peer, request) -> {};
        stage.peers.get(0).close();
        await().until(() -> stage.states.contains(State.RECOVERING));
        assertTrue(stage.watched);
        assertEquals(own.heardMillis(), stage.loop.<Long>call(() -> stage.pool().heardMillis()));
        stage.loop.run(() -> own.hold(true));
        assertTrue(stage.loop.call(() -> stage.pool().isRead()), "its reader wants no more");
        stage.loop.run(() -> own.close(CallException.lost("closed by us")));
        assertFalse(stage.watched);
    }

    /** Whoever needs it no longer closes it: that is no error. */
    @Test
    void whatIsTold() {
        Outcome.value(stage.start(options(1, 10, 1, 20)));
        MongoConnection own = Outcome.value(stage.dedicated(A_MINUTE));
        stage.loop.run(() -> own.close(CallException.lost("closed by us")));
        assertEquals(1, stage.told("CONNECTION_CLOSED idle"));
        Outcome.value(stage.dedicated(A_MINUTE));
        stage.peers.get(2).close();
        await().until(() -> stage.told("CONNECTION_CLOSED error") == 1);
        stage.hello = (peer, request) -> {};
        Future<MongoConnection> late = stage.dedicated(A_MINUTE);
        await().until(() -> stage.peers.size() == 4);
        stage.loop.run(() -> stage.pool().close());
        assertEquals("SHUTTING_DOWN", PoolStage.word(Outcome.failure(late)));
        stage.peers.get(3).close();
        await().until(() -> stage.status().dedicated() == 0);
        assertEquals("POOL_CLOSED", stage.events.get(stage.events.size() - 1));
        assertEquals(2, stage.told("CONNECTION_CLOSED poolClosed"));
        assertFalse(stage.watched);
    }
}
