package dev.polywire.mongodb.session;

import static dev.polywire.mongodb.session.PoolStage.A_MINUTE;
import static dev.polywire.mongodb.session.PoolStage.INSERT;
import static dev.polywire.mongodb.session.PoolStage.PING;
import static dev.polywire.mongodb.session.PoolStage.WAITS;
import static dev.polywire.mongodb.session.PoolStage.options;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.Link.State;
import dev.polywire.core.net.MemoryBudget;
import dev.polywire.mongodb.session.PoolStage.Came;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where commands go, how many connections there are, and who waits. */
class MongoPoolTest {

    private final PoolStage stage = new PoolStage();

    @AfterEach
    void close() {
        stage.close();
    }

    private void start(MongoPoolOptions options) {
        Outcome.value(stage.start(options));
    }

    private List<Future<String>> pings(int count, long millis) {
        return stage.loop.call(() -> IntStream.range(0, count)
                .mapToObj(n -> stage.sending(PING, millis))
                .toList());
    }

    private static List<String> outcomes(List<Future<String>> calls) {
        return calls.stream().map(Outcome::value).distinct().toList();
    }

    /** An idle connection first; then another is opened; then behind the fewest; then it waits. */
    @Test
    void whereCommandsGo() {
        start(options(2, 1_000, 2, 60_000));
        assertEquals(new PoolStatus(1, 0, 0, 0, 0, 0), stage.status());
        List<Future<String>> calls = pings(5, A_MINUTE);
        Came first = stage.next();
        Came second = stage.next();
        Came third = stage.next();
        Came fourth = stage.next();
        assertEquals(2, stage.peers.size());
        await().until(() -> stage.status().equals(new PoolStatus(0, 2, 0, 1, 0, 0)));
        first.ok();
        assertEquals(first.connection(), stage.next().ok().connection(), "the connection that has room takes it");
        List.of(second, third, fourth).forEach(Came::ok);
        assertEquals(List.of("ok"), outcomes(calls));
        assertEquals(new PoolStatus(2, 0, 0, 0, 0, 0), stage.status());
    }

    /** Behind a slow one nothing is put, and what may wait is not put behind others. */
    @Test
    void onesThatHaveToWait() {
        start(options(1, 1_000, 8, 60_000));
        Future<String> waits = stage.send(WAITS);
        Came first = stage.next();
        Future<String> ping = stage.send(PING);
        assertEquals(1, stage.status().waiting());
        first.ok();
        Came second = stage.next();
        Future<String> waitsToo = stage.send(WAITS);
        assertEquals(1, stage.status().waiting());
        second.ok();
        stage.next().ok();
        assertEquals(List.of("ok"), outcomes(List.of(waits, ping, waitsToo)));
        assertEquals(1, stage.peers.size());
    }

    @Test
    void aPoolOfOneUnder64Callers() {
        stage.script = Came::ok;
        start(options(1, 1_000, 8, 20));
        List<Future<String>> calls = IntStream.range(0, 64)
                .mapToObj(n -> stage.loop.call(() -> again(50)))
                .toList();
        assertEquals(List.of("ok"), outcomes(calls));
        assertEquals(new PoolStatus(1, 0, 0, 0, 0, 0), stage.status());
        assertEquals(1, stage.peers.size());
        assertEquals(checkedOut(), checkedIn());
        assertEquals(64 * 50, checkedOut());
    }

    private long checkedOut() {
        return stage.events.stream().filter("CONNECTION_CHECKED_OUT"::equals).count();
    }

    private long checkedIn() {
        return stage.events.stream().filter("CONNECTION_CHECKED_IN"::equals).count();
    }

    private Future<String> again(int times) {
        Future<String> call = stage.sending(PING, A_MINUTE);
        return times == 1 ? call : call.compose(ok -> again(times - 1));
    }

    @Test
    void tooManyWait() {
        start(options(1, 2, 1, 20));
        Future<String> inFlight = stage.send(PING);
        List<Future<String>> waiting = List.of(stage.send(PING, 300), stage.send(INSERT, 300));
        assertEquals("OVERLOADED", Outcome.value(stage.send(PING)));
        assertEquals(List.of("UNAVAILABLE"), outcomes(waiting));
        stage.next().ok();
        assertEquals("ok", Outcome.value(inFlight));
        assertEquals(0, stage.status().waiting());
    }

    /** Each new connection has a command that waits for it, also where none may wait for those in use. */
    @Test
    void noneMayWait() {
        stage.script = Came::ok;
        start(options(2, 0, 1, 20));
        List<Future<String>> calls = pings(3, A_MINUTE);
        assertEquals(List.of("ok", "OVERLOADED"), outcomes(calls));
        await().until(() -> stage.peers.size() == 2);
    }

    @Test
    void tenThousandWaiters() {
        start(options(1, 10_000, 1, 20));
        stage.send(PING);
        List<Future<String>> waiting = pings(10_000, 2_000);
        assertEquals(10_000, stage.status().waiting());
        assertEquals("OVERLOADED", Outcome.value(stage.send(PING)));
        assertEquals(List.of("UNAVAILABLE"), outcomes(waiting));
        assertEquals(0, stage.status().waiting());
    }

    /** In the memory budget, under the name of the line that it waits in. */
    @Test
    void whatWaitsIsCounted() {
        start(options(1, 10, 1, 20));
        stage.send(PING);
        Future<String> waiting = stage.send(PING);
        assertTrue(stage.loop.call(
                () -> MemoryBudget.of(stage.loop.vertx()).status().encode().contains("wait for a connection")));
        assertFalse(waiting.isComplete());
        stage.next().ok();
        stage.next().ok();
        assertEquals("ok", Outcome.value(waiting));
    }

    /** Nobody waits for its answer any more, and there is no place for another: it is closed, and nothing else changes. */
    @Test
    void aConnectionThatNobodyWaitsFor() {
        start(options(1, 10, 1, 20));
        Future<String> slow = stage.send(INSERT, 200);
        Came lost = stage.next();
        Future<String> patient = stage.send(PING);
        assertEquals("TIMEOUT", Outcome.value(slow));
        Came next = stage.next();
        assertEquals(2, next.connection());
        lost.ok();
        next.ok();
        assertEquals("ok", Outcome.value(patient));
        assertEquals(new PoolStatus(1, 0, 0, 0, 0, 0), stage.status());
        assertEquals(List.of(State.CONNECTING, State.READY), stage.states);
        assertEquals(0, stage.loop.<Long>call(() -> stage.pool().lateAnswers()));
    }

    /** An answer that comes while nobody needs the place is late, and counted once, also after the connection's end. */
    @Test
    void lateAnswers() {
        start(options(1, 10, 1, 20));
        Future<String> slow = stage.send(INSERT, 100);
        Came late = stage.next();
        assertEquals("TIMEOUT", Outcome.value(slow));
        late.ok();
        await().until(() -> stage.status().idle() == 1);
        assertEquals(1, stage.loop.<Long>call(() -> stage.pool().lateAnswers()));
        late.peer().close();
        await().until(() -> stage.peers.size() == 2);
        assertEquals(1, stage.loop.<Long>call(() -> stage.pool().lateAnswers()));
        assertEquals(0, stage.status().generation());
    }

    /** The last one is replaced when it is too old; one in use finishes first. */
    @Test
    void lifeTime() {
        start(new MongoPoolOptions(1, 0, 2, 0, 1_000, 10, 8, 20, 2));
        Future<String> slow = stage.send(PING);
        Came first = stage.next();
        await().until(() -> {
            Future<String> other = stage.send(PING, 50);
            return Outcome.value(other).equals("UNAVAILABLE");
        });
        first.ok();
        assertEquals("ok", Outcome.value(slow));
        await().until(() -> stage.peers.size() > 1);
        assertEquals(List.of(State.CONNECTING, State.READY), stage.states);
        assertEquals(0, stage.status().generation());
    }

    @Test
    void idleTimeAndThoseThatAreAlwaysOpen() {
        start(new MongoPoolOptions(4, 2, 2, 1_000, 60_000, 10, 1, 20, 2));
        await().until(() -> stage.status().idle() == 2);
        List<Future<String>> calls = pings(4, A_MINUTE);
        List<Came> came = IntStream.range(0, 4).mapToObj(n -> stage.next()).toList();
        came.forEach(Came::ok);
        assertEquals(List.of("ok"), outcomes(calls));
        await().until(() -> stage.status().equals(new PoolStatus(2, 0, 0, 0, 0, 0)));
        assertEquals(
                2,
                stage.events.stream().filter("CONNECTION_CLOSED idle"::equals).count());
        assertEquals(4, stage.peers.size());
    }

    /** They need a compressor that is not negotiated: each fails at once when its turn comes, and the next one has its turn. */
    @Test
    void unsendableOnes() {
        start(options(1, 10_000, 1, 20));
        Future<String> first = stage.send(PING);
        List<Future<String>> unsendable = stage.loop.call(() -> IntStream.range(0, 10_000)
                .mapToObj(n -> stage.sending(PING, A_MINUTE, "snappy"))
                .toList());
        stage.script = Came::ok;
        stage.next().ok();
        assertEquals("ok", Outcome.value(first));
        assertEquals(List.of("BAD_REQUEST"), outcomes(unsendable));
        assertEquals(checkedOut(), checkedIn());
    }

    @Test
    void closed() {
        start(options(1, 10, 1, 20));
        Future<String> sent = stage.send(INSERT);
        stage.next();
        Future<String> waiting = stage.send(INSERT);
        stage.loop.run(() -> {
            stage.pool().close();
            stage.pool().close();
        });
        assertEquals("UNKNOWN_OUTCOME", Outcome.value(sent));
        assertEquals("SHUTTING_DOWN", Outcome.value(waiting));
        assertEquals("SHUTTING_DOWN", Outcome.value(stage.send(PING)));
        assertEquals("SHUTTING_DOWN", PoolStage.word(Outcome.failure(stage.dedicated(A_MINUTE))));
        assertEquals(new PoolStatus(0, 0, 0, 0, 1, 0), stage.status());
        assertEquals(
                List.of(
                        "POOL_CREATED",
                        "CONNECTION_CREATED",
                        "CONNECTION_READY",
                        "POOL_READY",
                        "CONNECTION_CHECK_OUT_STARTED",
                        "CONNECTION_CHECKED_OUT",
                        "CONNECTION_CHECK_OUT_STARTED",
                        "CONNECTION_CHECKED_IN",
                        "CONNECTION_CLOSED poolClosed",
                        "CONNECTION_CHECK_OUT_FAILED poolClosed",
                        "POOL_CLOSED",
                        "CONNECTION_CHECK_OUT_STARTED",
                        "CONNECTION_CHECK_OUT_FAILED poolClosed"),
                stage.events);
    }
}
