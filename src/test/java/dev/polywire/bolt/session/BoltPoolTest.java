package dev.polywire.bolt.session;

import static dev.polywire.core.net.CallException.Reason.OVERLOADED;
import static dev.polywire.core.net.CallException.Reason.SHUTTING_DOWN;
import static dev.polywire.core.net.CallException.Reason.UNAVAILABLE;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.polywire.bolt.client.BoltConnection;
import dev.polywire.bolt.client.BoltException;
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
import dev.polywire.core.net.Spi;
import dev.polywire.testing.Loop;
import dev.polywire.testing.Relay;
import io.vertx.core.Future;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The bounds of a pool, and what it does about connections that are not what they were. */
class BoltPoolTest {

    private final Loop loop = new Loop();
    private final ScriptedBolt server = new ScriptedBolt(loop);
    private Dialer dialer;

    @AfterEach
    void close() {
        loop.close();
    }

    private BoltPool pool(int port, PoolOptions options, boolean patient) {
        dialer = loop.call(
                () -> new Dialer(loop.vertx(), new EndpointOptions("127.0.0.1", port, 2_000, null), "bolt", Spi.NONE));
        BoltClientOptions wire = new BoltClientOptions("Test/1.0", AuthToken.none());
        return loop.call(() ->
                new BoltPool(loop.vertx(), () -> BoltConnection.connect(dialer, wire), options, lost -> {}, patient));
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
        assertEquals(CallException.Reason.UNAUTHENTICATED, reason(acquire(pool, 10_000)));
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
