package dev.polywire.bolt.server;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.bolt.wire.AuthToken;
import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.BoltVersion;
import dev.polywire.bolt.wire.TransactionOptions;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.testing.Loop;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Handlers that do not answer, clients that are killed, a server that leaves. */
class FaultsTest {

    private static final BoltVersion VERSION = BoltVersion.V5_8;
    private static final BoltRequest BEGIN = new BoltRequest.Begin(TransactionOptions.DEFAULT);

    private Served served = new Served(Served.bounds(300, 0), Served.options(5_000));

    @AfterEach
    void close() {
        served.close();
    }

    private boolean heard(String what) {
        return served.handler.heard.contains(what);
    }

    /** B42: silence is a FAILURE within the handler's time, and the connection goes on. */
    @Test
    void b42SilentHandlers() {
        try (RawBolt bolt = RawBolt.ready(served.port, VERSION)) {
            bolt.send(RawBolt.run("never"), BoltRequest.Pull.ALL);
            bolt.expect("FAILURE " + Failures.TIMED_OUT, "IGNORED");
            assertTrue(heard("cancelled run"));
            bolt.send(new BoltRequest.Reset(), BEGIN, RawBolt.run("slow"), BoltRequest.Pull.ALL);
            bolt.expect("SUCCESS", "SUCCESS", "SUCCESS", "FAILURE " + Failures.TIMED_OUT);
            assertTrue(heard("cancelled rows"));
            assertTrue(heard("rollback"));
            bolt.send(new BoltRequest.Reset(), RawBolt.run("after"), BoltRequest.Pull.ALL);
            bolt.expect("SUCCESS", "SUCCESS", "RECORD [after]", "SUCCESS");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"never", "crash"})
    void b42LoginsThatAreNotAnswered(String name) {
        try (RawBolt bolt = RawBolt.connect(served.port, VERSION)) {
            bolt.peer().write(RawBolt.handshake(VERSION));
            bolt.requireVersion();
            bolt.send(RawBolt.greeting(VERSION, AuthToken.basic(name, "", null)));
            bolt.expect("SUCCESS");
            bolt.expect(
                    "FAILURE " + (name.equals("never") ? Failures.TIMED_OUT : "Neo.DatabaseError.General.UnknownError"),
                    "end");
            assertEquals(name.equals("never"), heard("cancelled login"));
            assertEquals(0, served.loop.call(served.server::refusedLogins));
        }
    }

    /** What a handler gives too late, or on another thread. */
    @Test
    void answersFromOtherThreads() {
        List<String> threads = List.of("worker", "worker");
        BoltServer busy = served.loop.call(() -> new BoltServer(
                served.loop.vertx(), EndpointOptions.of("127.0.0.1", 0), (session, query, parameters) -> {
                    session.remainingMillis();
                    return served.loop
                            .vertx()
                            .executeBlocking(() -> new QueryResult(
                                    List.of("thread"),
                                    max -> served.loop
                                            .vertx()
                                            .executeBlocking(() -> ResultRows.Page.last(
                                                    List.of(List.of(threads.get(0))), Summary.EMPTY))));
                }));
        int port = served.loop.join(busy::listen);
        try (RawBolt bolt = RawBolt.ready(port, VERSION)) {
            for (int i = 0; i < 100; i++) {
                bolt.send(RawBolt.run("a"), BoltRequest.Pull.ALL, RawBolt.run("b"), BoltRequest.Pull.ALL);
            }
            for (int i = 0; i < 200; i++) {
                bolt.expect("SUCCESS", "RECORD [worker]", "SUCCESS");
            }
        }
        served.loop.join(busy::close);
    }

    /** A client that rests in a transaction beyond its time. */
    @Test
    void theTimeOfATransactionIsOver() {
        TransactionOptions brief = new TransactionOptions(
                List.of(), 100, Map.of(), false, null, null, TransactionOptions.DEFAULT.notifications());
        try (RawBolt bolt = RawBolt.ready(served.port, VERSION)) {
            for (BoltRequest next : List.of(RawBolt.run("late"), new BoltRequest.Commit())) {
                served.handler.heard.clear();
                bolt.send(new BoltRequest.Begin(brief));
                bolt.expect("SUCCESS");
                await().until(() -> heard("rollback"));
                bolt.send(next, new BoltRequest.Reset());
                String answer = bolt.next();
                // RESET may come before the request is looked at.
                assertTrue(answer.equals("FAILURE " + Failures.TIMED_OUT) || answer.equals("IGNORED"), answer);
                bolt.expect("SUCCESS");
                assertTrue(!heard("run late") && !heard("commit"));
            }
            bolt.send(new BoltRequest.Begin(brief));
            bolt.expect("SUCCESS");
            await().until(() ->
                    served.handler.heard.stream().filter("rollback"::equals).count() == 2);
            bolt.send(RawBolt.run("late"));
            bolt.expect("FAILURE " + Failures.TIMED_OUT);
        }
    }

    /** Requests, what is answered of them, and what is heard when the client is gone. */
    static Stream<Arguments> states() {
        return Stream.of(
                Arguments.of("READY", List.of(), 0, List.of("closed alice")),
                Arguments.of("RUN", List.of(RawBolt.run("never")), 0, List.of("cancelled run", "closed alice")),
                Arguments.of("STREAMING", List.of(RawBolt.run("slow")), 1, List.of("cancelled rows", "closed alice")),
                Arguments.of(
                        "PULL",
                        List.of(RawBolt.run("slow"), BoltRequest.Pull.ALL),
                        1,
                        List.of("next", "cancelled rows", "closed alice")),
                Arguments.of("TX_READY", List.of(BEGIN), 1, List.of("rollback", "closed alice")),
                Arguments.of(
                        "TX_STREAMING",
                        List.of(BEGIN, RawBolt.run("slow")),
                        2,
                        List.of("cancelled rows", "rollback", "closed alice")),
                Arguments.of(
                        "RUN in a transaction",
                        List.of(BEGIN, RawBolt.run("never")),
                        1,
                        List.of("cancelled run", "rollback", "closed alice")),
                Arguments.of(
                        "FAILED", List.of(BEGIN, RawBolt.run("fail a.b.c.d")), 2, List.of("rollback", "closed alice")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("states")
    void killedInEachState(String state, List<BoltRequest> requests, int answers, List<String> then) {
        killed(requests, answers, then, true);
    }

    /** GOODBYE, which is FIN's polite form. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("states")
    void b40GoodbyeInEachState(String state, List<BoltRequest> requests, int answers, List<String> then) {
        killed(requests, answers, then, false);
    }

    private void killed(List<BoltRequest> requests, int answers, List<String> then, boolean reset) {
        served.close();
        served = new Served();
        RawBolt bolt = RawBolt.ready(served.port, VERSION);
        requests.forEach(bolt::send);
        for (int i = 0; i < answers; i++) {
            bolt.next();
        }
        await().until(() -> served.handler.heard.stream()
                        .filter(h -> h.startsWith("run"))
                        .count()
                == requests.stream().filter(BoltRequest.Run.class::isInstance).count());
        if (then.contains("next")) {
            await().until(() -> heard("next"));
        }
        if (reset) {
            bolt.peer().reset();
        } else {
            bolt.send(new BoltRequest.Goodbye());
            bolt.expect("end");
        }
        await().until(() -> heard("closed alice"));
        assertEquals(
                then,
                served.handler.heard.stream()
                        .filter(h -> !h.startsWith("run") && !h.startsWith("begin"))
                        .toList());
        assertEquals(0, served.loop.call(served.server::connections));
        bolt.close();
    }

    @Test
    void leaving() {
        try (RawBolt resting = RawBolt.ready(served.port, VERSION);
                RawBolt reading = RawBolt.ready(served.port, VERSION);
                RawBolt hanging = RawBolt.ready(served.port, VERSION)) {
            reading.send(BEGIN, RawBolt.run("rows 3"), new BoltRequest.Pull(1, -1));
            reading.expect("SUCCESS", "SUCCESS", "RECORD [0]", "MORE");
            hanging.send(BEGIN);
            hanging.expect("SUCCESS");
            Future<Void> stopped = served.loop.call(() -> served.server.stop(2_000));
            resting.expect("end");
            reading.send(new BoltRequest.Pull(-1, -1), new BoltRequest.Commit());
            reading.expect("RECORD [1]", "RECORD [2]", "SUCCESS", "SUCCESS", "end");
            hanging.send(RawBolt.run("slow"));
            hanging.expect("SUCCESS");
            hanging.expect("end");
            Loop.await(stopped);
        }
        assertTrue(
                served.handler.heard.containsAll(List.of("commit", "cancelled rows", "rollback")),
                served.handler.heard::toString);
    }

    /** What is being worked on when time is over is answered: a driver tries it again. */
    @Test
    void leavingInTheMiddleOfAQuery() {
        served.close();
        served = new Served();
        try (RawBolt bolt = RawBolt.ready(served.port, VERSION)) {
            bolt.send(RawBolt.run("never"));
            await().until(() -> heard("run never"));
            Future<Void> stopped = served.loop.call(() -> served.server.stop(100));
            bolt.expect("FAILURE " + Failures.UNAVAILABLE, "end");
            Loop.await(stopped);
            assertTrue(heard("cancelled run"));
        }
    }
}
