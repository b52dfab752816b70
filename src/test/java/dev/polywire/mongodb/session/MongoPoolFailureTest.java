package dev.polywire.mongodb.session;

import static dev.polywire.mongodb.session.PoolStage.A_MINUTE;
import static dev.polywire.mongodb.session.PoolStage.INSERT;
import static dev.polywire.mongodb.session.PoolStage.PING;
import static dev.polywire.mongodb.session.PoolStage.options;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Link.State;
import dev.polywire.mongodb.client.MongoCall;
import dev.polywire.mongodb.client.MongoConnection;
import dev.polywire.mongodb.session.PoolStage.Came;
import dev.polywire.mongodb.wire.ClientMetadata;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.mongodb.wire.MongoClientOptions;
import dev.polywire.mongodb.wire.MongoCredential;
import dev.polywire.mongodb.wire.MongoLogin;
import dev.polywire.mongodb.wire.MongoMechanism;
import dev.polywire.mongodb.wire.ScramHash;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Connections that die, in each state: what each waiter, each call in flight and the generation see. */
class MongoPoolFailureTest {

    private final PoolStage stage = new PoolStage();

    @AfterEach
    void close() {
        stage.close();
    }

    private void start(MongoPoolOptions options) {
        Outcome.value(stage.start(options));
    }

    /** In use: those in flight by what they do, those that wait as not sent, and whoever comes next is served. */
    @Test
    void inUse() {
        start(options(1, 10, 2, 60_000));
        Future<String> read = stage.send(PING);
        Future<String> write = stage.send(INSERT);
        Future<String> waiting = stage.send(INSERT);
        stage.next();
        stage.next().peer().close();
        assertEquals("CONNECTION_LOST", Outcome.value(read));
        assertEquals("UNKNOWN_OUTCOME", Outcome.value(write));
        assertEquals("CONNECTION_LOST", Outcome.value(waiting));
        Future<String> next = stage.send(PING);
        assertEquals(2, stage.next().ok().connection());
        assertEquals("ok", Outcome.value(next));
        assertEquals(1, stage.status().generation());
        assertEquals(List.of(State.CONNECTING, State.READY, State.RECOVERING, State.READY), stage.states);
        assertTrue(
                String.join(", ", stage.events)
                        .contains(
                                "CONNECTION_CHECKED_IN, CONNECTION_CHECKED_IN, CONNECTION_CLOSED error, POOL_CLEARED, "
                                        + "CONNECTION_CHECK_OUT_FAILED connectionError"),
                stage.events::toString);
    }

    /** Others of the same generation: the idle one closes, that in use finishes first. */
    @Test
    void othersOfThatGeneration() {
        start(options(3, 10, 1, 20));
        List<Future<String>> calls = List.of(stage.send(PING), stage.send(PING), stage.send(INSERT));
        Came finishes = stage.next();
        Came idles = stage.next();
        Came breaks = stage.next();
        idles.ok();
        await().until(() -> stage.status().idle() == 1);
        breaks.peer().close();
        assertEquals("UNKNOWN_OUTCOME", Outcome.value(calls.get(2)));
        await().until(() -> stage.status().idle() == 0);
        assertEquals(1, stage.status().generation());
        await().until(() -> stage.states.equals(List.of(State.CONNECTING, State.READY, State.RECOVERING, State.READY)));
        finishes.ok();
        assertEquals("ok", Outcome.value(calls.get(0)));
        await().until(() ->
                stage.events.stream().filter("CONNECTION_CLOSED stale"::equals).count() == 2);
        Future<String> next = stage.send(PING);
        assertEquals(4, stage.next().ok().connection());
        assertEquals("ok", Outcome.value(next));
        assertEquals(1, stage.status().generation());
    }

    /** A long query on a connection that takes nothing more: it is no sign that others are let in. */
    @Test
    void badLoginBesideAnOldOneInUse() {
        start(options(4, 10, 1, 20));
        Future<String> longQuery = stage.send(PING);
        Future<String> write = stage.send(INSERT);
        stage.next();
        Came breaks = stage.next();
        stage.refusal = PoolStage.badLogin();
        breaks.peer().close();
        assertEquals("UNKNOWN_OUTCOME", Outcome.value(write));
        List<Future<String>> waiting = List.of(stage.send(PING), stage.send(PING));
        assertEquals("UNAUTHENTICATED", Outcome.value(waiting.get(0)));
        assertEquals("UNAUTHENTICATED", Outcome.value(waiting.get(1)));
        assertEquals("UNAUTHENTICATED", Outcome.value(stage.send(PING)));
        assertEquals(3, stage.dials.get());
        assertEquals(State.RECOVERING, stage.states.get(2));
        assertEquals(new PoolStatus(0, 1, 0, 0, 1, 0), stage.status());
        stage.loop.run(() -> stage.pool().drop(CallException.lost("no answer to a hello")));
        assertEquals("CONNECTION_LOST", Outcome.value(longQuery));
        assertEquals(1, stage.told("POOL_CLEARED"), "it is not ready between");
        await().until(() -> stage.status().equals(new PoolStatus(0, 0, 0, 0, 2, 0)));
    }

    /** Each time the server closes it: the pool dials when its time has come, not in response. */
    @Test
    void dedicatedBreaksTimeAndAgain() {
        start(options(1, 10, 1, 20));
        MongoConnection own = Outcome.value(stage.dedicated(A_MINUTE));
        stage.loop.run(() -> own.send(new MongoCall(PING, Deadline.after(stage.loop.vertx(), A_MINUTE))));
        AtomicInteger dialsAtOnce = new AtomicInteger();
        stage.listener = state -> stage.loop.post(() -> dialsAtOnce.compareAndSet(0, stage.dials.get()));
        stage.next().peer().close();
        await().until(() -> dialsAtOnce.get() > 0);
        assertEquals(2, dialsAtOnce.get());
        await().until(() -> stage.dials.get() == 3);
    }

    @Test
    void idle() {
        start(options(1, 10, 1, 20));
        stage.peers.get(0).close();
        await().until(() -> stage.peers.size() == 2 && stage.status().idle() == 1);
        assertEquals(0, stage.status().generation());
        assertEquals(List.of(State.CONNECTING, State.READY, State.RECOVERING, State.READY), stage.states);
    }

    @Test
    void aTimeout() {
        start(options(1, 10, 1, 20));
        assertEquals("TIMEOUT", Outcome.value(stage.send(INSERT, 100)));
        assertEquals(new PoolStatus(0, 1, 0, 0, 0, 0), stage.status());
    }

    /** Half an answer, then the end. */
    @Test
    void inABatch() {
        start(options(1, 10, 1, 20));
        Future<String> read = stage.send(PING);
        Came came = stage.next();
        came.peer().raw(Documents.reply(Documents.OK).getBuffer(0, 20));
        came.peer().close();
        assertEquals("CONNECTION_LOST", Outcome.value(read));
        assertEquals(1, stage.status().generation());
    }

    /** Before it is open: raises nothing, and what waits waits on. */
    @ParameterizedTest
    @CsvSource({"hello", "login"})
    void beforeItIsOpen(String when) {
        AtomicInteger left = new AtomicInteger(2);
        var honest = stage.hello;
        if (when.equals("hello")) {
            stage.hello = (peer, request) -> {
                if (left.getAndDecrement() > 0) {
                    peer.close();
                } else {
                    honest.accept(peer, request);
                }
            };
            stage.start(options(1, 10, 1, 20));
        } else {
            stage.script = came -> came.peer().close();
            MongoCredential user = new MongoCredential("user", "pencil", "admin");
            stage.start(
                    options(1, 10, 1, 20),
                    new MongoClientOptions(1_000_000, new ClientMetadata("test", "1.0"), 1, 2_000)
                            .withLogin(() -> new MongoLogin(
                                    List.of(MongoMechanism.scram(ScramHash.SHA_256)), user, () -> "nonce")));
        }
        Future<String> waiting = stage.send(PING, when.equals("hello") ? A_MINUTE : 500);
        if (when.equals("hello")) {
            stage.next().ok();
        }
        assertEquals(when.equals("hello") ? "ok" : "UNAVAILABLE", Outcome.value(waiting));
        assertEquals(0, stage.status().generation());
        assertTrue(stage.peers.size() > 1);
        assertTrue(stage.events.contains("CONNECTION_CLOSED error"));
    }

    /** It accepts and says nothing: one is being opened, and callers leave at their deadlines. */
    @Test
    void silence() {
        stage.hello = (peer, request) -> {};
        Future<Void> first = stage.start(options(4, 10, 1, 20));
        Future<String> waiting = stage.send(PING, 200);
        assertEquals("UNAVAILABLE", Outcome.value(waiting));
        assertEquals(new PoolStatus(0, 0, 1, 0, 0, 0), stage.status());
        assertEquals("UNAVAILABLE", PoolStage.word(Outcome.failure(first)));
    }

    /** Whoever hears of the failure sends again at once: that is not failed with the others. */
    @Test
    void sentAgainAtOnce() {
        start(options(1, 10, 1, 20));
        Future<String> again =
                stage.loop.call(() -> stage.sending(PING, A_MINUTE).compose(lost -> stage.sending(PING, A_MINUTE)));
        Future<String> waiting =
                stage.loop.call(() -> stage.sending(INSERT, A_MINUTE).compose(lost -> stage.sending(PING, A_MINUTE)));
        stage.next().peer().close();
        stage.next().ok();
        stage.next().ok();
        assertEquals("ok", Outcome.value(again));
        assertEquals("ok", Outcome.value(waiting));
        assertEquals(1, stage.status().generation());
    }

    @Test
    void closedByWhoeverHears() {
        start(options(1, 10, 1, 20));
        stage.listener = state -> {
            if (state == State.RECOVERING) {
                stage.pool().close();
            }
        };
        Future<String> sent = stage.send(INSERT);
        Future<String> waiting = stage.send(INSERT);
        stage.next().peer().close();
        assertEquals("UNKNOWN_OUTCOME", Outcome.value(sent));
        assertEquals("CONNECTION_LOST", Outcome.value(waiting));
        assertEquals(new PoolStatus(0, 0, 0, 0, 2, 0), stage.status());
        assertEquals(1, stage.peers.size());
    }

    /** The monitor finds the server silent. */
    @Test
    void dropped() {
        start(options(2, 1, 1, 20));
        List<Future<String>> sent = List.of(stage.send(PING), stage.send(INSERT));
        stage.next();
        stage.next();
        Future<String> waiting = stage.send(INSERT);
        Future<MongoConnection> own = stage.dedicated(A_MINUTE);
        MongoConnection dedicated = Outcome.value(own);
        stage.loop.run(() -> stage.pool().drop(CallException.lost("no answer to a hello")));
        assertEquals("CONNECTION_LOST", Outcome.value(sent.get(0)));
        assertEquals("UNKNOWN_OUTCOME", Outcome.value(sent.get(1)));
        assertEquals("CONNECTION_LOST", Outcome.value(waiting));
        assertTrue(stage.loop.call(dedicated::isClosed));
        assertEquals(1, stage.status().generation());
        assertEquals(0, stage.status().dedicated());
        await().until(() -> stage.status().idle() == 1);
        assertEquals(List.of(State.CONNECTING, State.READY, State.RECOVERING, State.READY), stage.states);
    }

    /** Two at most; each counts until its end, and breaks as one of the pool does. */
    @Test
    void dedicated() {
        start(options(1, 10, 1, 20));
        MongoConnection first = Outcome.value(stage.dedicated(A_MINUTE));
        stage.hello = (peer, request) -> {};
        Future<MongoConnection> late = stage.dedicated(200);
        assertEquals("OVERLOADED", PoolStage.word(Outcome.failure(stage.dedicated(A_MINUTE))));
        assertEquals("UNAVAILABLE", PoolStage.word(Outcome.failure(late)));
        await().until(() -> stage.status().dedicated() == 1);
        stage.loop.run(() -> first.close(CallException.lost("closed by us")));
        assertEquals(new PoolStatus(1, 0, 0, 0, 0, 0), stage.status());
    }

    @ParameterizedTest
    @CsvSource({"true, 1", "false, 0"})
    void dedicatedBreaks(boolean inUse, int generation) {
        start(options(1, 10, 1, 20));
        MongoConnection own = Outcome.value(stage.dedicated(A_MINUTE));
        if (inUse) {
            stage.loop.run(() -> own.send(new MongoCall(PING, Deadline.after(stage.loop.vertx(), A_MINUTE))));
            stage.next();
        }
        stage.peers.get(1).close();
        await().until(() -> stage.status().dedicated() == 0);
        await().until(() -> stage.status().idle() == 1);
        assertEquals(generation, stage.status().generation());
        assertEquals(2 + generation, stage.peers.size());
    }

    @Test
    void closedWhileADedicatedOneIsOpened() {
        start(options(1, 10, 1, 20));
        stage.hello = (peer, request) -> stage.loop.post(() -> stage.pool().close());
        Future<MongoConnection> own = stage.dedicated(5_000);
        assertTrue(List.of("UNAVAILABLE", "SHUTTING_DOWN").contains(PoolStage.word(Outcome.failure(own))));
        await().until(() -> stage.status().dedicated() == 0);
    }
}
