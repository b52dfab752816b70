package dev.polywire.bolt.session;

import static dev.polywire.core.net.CallException.Reason.OVERLOADED;
import static dev.polywire.core.net.CallException.Reason.SHUTTING_DOWN;
import static dev.polywire.core.net.CallException.Reason.TIMEOUT;
import static dev.polywire.core.net.CallException.Reason.UNAVAILABLE;
import static dev.polywire.core.net.CallException.Reason.UNKNOWN_OUTCOME;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.polywire.bolt.client.BoltConnection;
import dev.polywire.bolt.client.BoltException;
import dev.polywire.bolt.client.BoltResult;
import dev.polywire.bolt.client.ScriptedBolt;
import dev.polywire.bolt.wire.AuthToken;
import dev.polywire.bolt.wire.BoltClientOptions;
import dev.polywire.bolt.wire.BoltMessage;
import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.TransactionOptions;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Dialer;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.PoolEvent;
import dev.polywire.core.net.Spi;
import dev.polywire.testing.Loop;
import dev.polywire.testing.Relay;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bounds of a pool, and what it does about connections that are not what they were. */
class BoltPoolTest {

    private final Loop loop = new Loop();
    private final ScriptedBolt server = new ScriptedBolt(loop);
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final Spi spi = new Spi() {
        @Override
        public void pool(String protocol, String target, PoolEvent event, String reason) {
            events.add(reason.isEmpty() ? event.name() : event + " " + reason);
        }
    };
    private Dialer dialer;

    @AfterEach
    void close() {
        loop.close();
    }

    private BoltPool pool(int port, PoolOptions options, boolean patient) {
        dialer = loop.call(
                () -> new Dialer(loop.vertx(), new EndpointOptions("127.0.0.1", port, 2_000, null), "bolt", Spi.NONE));
        BoltClientOptions wire = new BoltClientOptions("Test/1.0", AuthToken.none());
        return loop.call(() -> new BoltPool(
                loop.vertx(), () -> BoltConnection.connect(dialer, wire), options, lost -> {}, patient, "server", spi));
    }

    private Future<BoltConnection> acquire(BoltPool pool, long millis) {
        return loop.call(() -> pool.acquire(Deadline.after(loop.vertx(), millis)));
    }

    private CallException.Reason reason(Future<?> failed) {
        Throwable cause = loop.failure(() -> failed);
        return assertInstanceOf(CallException.class, cause, cause::toString).reason();
    }

    @Test
    void oneBehindTheOtherUpToTheBound() {
        BoltPool pool = pool(server.port, new PoolOptions(1, 1, 60_000, 60_000, 60_000), true);
        BoltConnection first = Loop.await(acquire(pool, 10_000));
        Future<BoltConnection> second = acquire(pool, 10_000);
        assertEquals(OVERLOADED, reason(acquire(pool, 10_000)));
        loop.run(() -> pool.release(first));
        assertSame(first, Loop.await(second));
        assertEquals(UNAVAILABLE, reason(acquire(pool, 20)));
        loop.run(() -> pool.release(first));
        assertEquals(0, loop.call(pool::inUse));
        assertEquals(1, loop.call(pool::size));
    }

    @Test
    void whatItTells() {
        BoltPool pool = pool(server.port, new PoolOptions(1, 1, 60_000, 60_000, 60_000), true);
        BoltConnection first = Loop.await(acquire(pool, 10_000));
        assertEquals(UNAVAILABLE, reason(acquire(pool, 20)));
        loop.run(() -> pool.release(first));
        loop.run(pool::clear);
        await().until(() -> loop.call(pool::size) == 0);
        Loop.await(acquire(pool, 10_000));
        loop.run(pool::close);
        await().until(() -> loop.call(pool::size) == 0);
        assertEquals(
                List.of(
                        "POOL_CREATED, POOL_READY",
                        "CONNECTION_CHECK_OUT_STARTED, CONNECTION_CREATED, CONNECTION_READY, CONNECTION_CHECKED_OUT",
                        "CONNECTION_CHECK_OUT_STARTED, CONNECTION_CHECK_OUT_FAILED timeout",
                        "CONNECTION_CHECKED_IN",
                        "POOL_CLEARED, CONNECTION_CLOSED stale, POOL_READY",
                        "CONNECTION_CHECK_OUT_STARTED, CONNECTION_CREATED, CONNECTION_READY, CONNECTION_CHECKED_OUT",
                        "CONNECTION_CHECKED_IN, CONNECTION_CLOSED poolClosed, POOL_CLOSED"),
                List.of(
                        told(0, 2),
                        told(2, 6),
                        told(6, 8),
                        told(8, 9),
                        told(9, 12),
                        told(12, 16),
                        told(16, events.size())));
    }

    /** Its caller goes on to use the same deadline. */
    @Test
    void whoHasGotOneIsNotLate() {
        BoltPool pool = pool(server.port, new PoolOptions(1, 1, 60_000, 60_000, 60_000), true);
        Deadline deadline = loop.call(() -> Deadline.after(loop.vertx(), 60_000));
        Loop.await(loop.call(() -> pool.acquire(deadline)));
        loop.run(deadline::end);
        assertEquals("CONNECTION_CHECKED_OUT", events.get(events.size() - 1));
    }

    private String told(int from, int to) {
        return String.join(", ", events.subList(from, to));
    }

    @Test
    void whatIsOpenIsEndedBeforeTheNext() {
        BoltPool pool = pool(server.port, new PoolOptions(1, 1, 60_000, 60_000, 60_000), true);
        BoltConnection connection = Loop.await(acquire(pool, 10_000));
        loop.run(() -> {
            Deadline deadline = Deadline.after(loop.vertx(), 10_000);
            connection.send(new BoltRequest.Begin(TransactionOptions.DEFAULT), deadline);
            connection.run(new BoltRequest.Run("rows 9", Map.of(), TransactionOptions.DEFAULT), deadline);
            pool.release(connection);
        });
        BoltConnection next = Loop.await(acquire(pool, 10_000));
        assertSame(connection, next);
        assertEquals(true, loop.call(next::isIdle));
        assertEquals("1 RESET", server.asked.get(server.asked.size() - 1));
    }

    /** A half-open connection is asked before it is given out, and who waits is not held up beyond its deadline. */
    @Test
    void aConnectionThatIsNotThereAnyMore() {
        try (Relay relay = new Relay(server.port)) {
            BoltPool pool = pool(relay.port(), new PoolOptions(2, 10, 60_000, 0, 60_000), true);
            BoltConnection first = Loop.await(acquire(pool, 10_000));
            loop.run(() -> pool.release(first));
            assertSame(first, Loop.await(acquire(pool, 10_000).onSuccess(pool::release)));
            await().until(() -> server.asked.contains("1 RESET"));
            relay.freeze();
            assertEquals(UNAVAILABLE, reason(acquire(pool, 300)));
            relay.reset();
            await().until(() -> loop.call(pool::size) == 0);
        }
    }

    /** One caller's query ends its connection each time: the others are served, and the server is not dialled for ever. */
    @Test
    void aServerThatClosesOverAQuery() {
        server.script((peer, request) -> {
            boolean run = request.request() instanceof BoltRequest.Run query
                    && query.query().equals("deadly");
            if (run) {
                peer.abort();
            }
            return run;
        });
        BoltPool pool = pool(server.port, new PoolOptions(1, 100, 60_000, 60_000, 60_000), true);
        for (int n = 0; n < 10; n++) {
            kill(Loop.await(acquire(pool, 5_000)));
        }
        for (int made = 11; made < 40; made++) {
            Future<BoltConnection> next = acquire(pool, 300);
            Loop.await(next.transform(over -> Future.succeededFuture(true)));
            if (next.failed()) {
                assertEquals(UNAVAILABLE, reason(next));
                return;
            }
            kill(next.result());
        }
        throw new AssertionError("40 connections, and no end of it");
    }

    private void kill(BoltConnection connection) {
        BoltResult dead = loop.call(() -> connection.run(
                new BoltRequest.Run("deadly", Map.of(), TransactionOptions.DEFAULT),
                Deadline.after(loop.vertx(), 60_000)));
        assertEquals(UNKNOWN_OUTCOME, reason(dead.opened()));
    }

    /** A RESET that is not answered costs its connection, and nobody's time: more may be opened. */
    @Test
    void aServerThatStopsNothing() {
        server.script((peer, request) -> List.of(BoltMessage.RUN, BoltMessage.RESET)
                .contains(request.request().message()));
        BoltPool pool = pool(server.port, new PoolOptions(4, 10, 60_000, 60_000, 60_000), true);
        for (int used = 1; used <= 3; used++) {
            BoltConnection connection = Loop.await(acquire(pool, 5_000));
            BoltResult late = loop.call(() -> connection.run(
                    new BoltRequest.Run("for ever", Map.of(), TransactionOptions.DEFAULT),
                    Deadline.after(loop.vertx(), 50)));
            assertEquals(TIMEOUT, reason(late.opened()));
            loop.run(() -> pool.release(connection));
            assertEquals(used, loop.call(pool::size));
        }
        Loop.await(acquire(pool, 5_000));
        assertEquals(4, loop.call(pool::size));
        assertEquals(UNAVAILABLE, reason(acquire(pool, 500)));
    }

    /** The same for one whose caller left early, and for one that is asked because nobody used it for long. */
    @ParameterizedTest
    @ValueSource(longs = {60_000, 0})
    void whoIsAskedAndDoesNotAnswer(long checkAfterMillis) {
        server.script((peer, request) -> request.request().message() == BoltMessage.RESET);
        BoltPool pool = pool(server.port, new PoolOptions(2, 10, 60_000, checkAfterMillis, 60_000), true);
        BoltConnection first = Loop.await(acquire(pool, 5_000));
        loop.run(() -> {
            if (checkAfterMillis > 0) {
                first.run(
                        new BoltRequest.Run("rows 9", Map.of(), TransactionOptions.DEFAULT),
                        Deadline.after(loop.vertx(), 60_000));
            }
            pool.release(first);
        });
        assertNotSame(first, Loop.await(acquire(pool, 5_000)));
    }

    @Test
    void aClosedConnectionIsReplaced() {
        BoltPool pool = pool(server.port, PoolOptions.DEFAULT, true);
        BoltConnection first = Loop.await(acquire(pool, 10_000));
        loop.run(() -> pool.release(first));
        loop.run(() -> server.peers.get(0).abort());
        await().until(() -> loop.call(pool::size) == 0);
        assertNotSame(first, Loop.await(acquire(pool, 10_000)));
    }

    @Test
    void nobodyUsesItAnyMore() {
        BoltPool pool = pool(server.port, new PoolOptions(4, 10, 1_000, 60_000, 60_000), true);
        loop.run(() -> {});
        BoltConnection only = Loop.await(acquire(pool, 10_000));
        loop.run(() -> pool.release(only));
        await().until(() -> loop.call(pool::size) == 0);
        await().until(() -> server.peers.get(0).machine.state().name().equals("DEFUNCT"));
    }

    @Test
    void aServerThatComesLater() {
        Relay relay = new Relay(server.port);
        int port = relay.port();
        relay.close();
        BoltPool patient = pool(port, PoolOptions.DEFAULT, true);
        assertEquals(UNAVAILABLE, reason(acquire(patient, 400)));
        BoltPool hasty = pool(port, PoolOptions.DEFAULT, false);
        assertEquals(UNAVAILABLE, reason(acquire(hasty, 10_000)));
    }

    @Test
    void whoIsRefusedIsNotTriedAgain() {
        server.script((peer, request) -> {
            boolean logon = request.request().message() == BoltMessage.LOGON;
            if (logon) {
                peer.failure(request, "Neo.ClientError.Security.Unauthorized");
            }
            return logon;
        });
        BoltPool pool = pool(server.port, PoolOptions.DEFAULT, true);
        Future<BoltConnection> refused = acquire(pool, 10_000);
        assertInstanceOf(BoltException.class, loop.failure(() -> refused).getCause());
        assertEquals(1, server.peers.size());
    }

    @Test
    void closed() {
        BoltPool pool = pool(server.port, new PoolOptions(1, 5, 60_000, 60_000, 60_000), true);
        Loop.await(acquire(pool, 10_000));
        Future<BoltConnection> waiting = acquire(pool, 10_000);
        loop.run(pool::close);
        assertEquals(SHUTTING_DOWN, reason(waiting));
        assertEquals(SHUTTING_DOWN, reason(acquire(pool, 10_000)));
        await().until(() -> loop.call(pool::size) == 0);
    }
}
