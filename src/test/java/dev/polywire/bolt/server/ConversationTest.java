package dev.polywire.bolt.server;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.bolt.wire.BoltAddress;
import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.BoltRequest.Begin;
import dev.polywire.bolt.wire.BoltRequest.Commit;
import dev.polywire.bolt.wire.BoltRequest.Discard;
import dev.polywire.bolt.wire.BoltRequest.Pull;
import dev.polywire.bolt.wire.BoltRequest.Reset;
import dev.polywire.bolt.wire.BoltRequest.Telemetry;
import dev.polywire.bolt.wire.BoltResponse;
import dev.polywire.bolt.wire.BoltServerOptions;
import dev.polywire.bolt.wire.BoltVersion;
import dev.polywire.bolt.wire.TemporalValue;
import dev.polywire.bolt.wire.TransactionOptions;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Spi;
import dev.polywire.testing.Cuts;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said in which order, and what a handler may give. */
class ConversationTest {

    private static final BoltVersion VERSION = BoltVersion.V5_8;
    private static final String BUG = "FAILURE Neo.DatabaseError.General.UnknownError";

    private final Served served =
            new Served(Served.bounds(60_000, 0), new BoltServerOptions(BoltServer.AGENT, "").receiveTimeout(1));

    private final List<BoltServer> others = new ArrayList<>();

    @AfterEach
    void close() {
        others.forEach(other -> served.loop.join(other::close));
        served.close();
    }

    private RawBolt serve(long handlerTimeoutMillis, BoltHandler handler) {
        return serve(VERSION, handlerTimeoutMillis, ServerNames.DEFAULT, handler);
    }

    private RawBolt serve(BoltVersion version, long handlerTimeoutMillis, ServerNames names, BoltHandler handler) {
        BoltServer server = served.loop.call(() -> new BoltServer(
                served.loop.vertx(),
                EndpointOptions.of("127.0.0.1", 0),
                Served.options(10_000),
                Served.bounds(handlerTimeoutMillis, 0),
                names,
                Spi.NONE,
                handler));
        others.add(server);
        return RawBolt.ready(served.loop.join(server::listen), version);
    }

    /** The server behind a proxy: drivers before 4.0 do not say which address they have dialled. */
    @Test
    void anAdvertisedAddress() {
        ServerNames names = new ServerNames(new BoltAddress("graph.test", 7_777), "graph");
        try (RawBolt bolt = serve(
                BoltVersion.V3,
                1_000,
                names,
                (session, query, parameters) -> Promise.<QueryResult>promise().future())) {
            Map<String, Object> context = Map.of("context", Map.of("region", "eu"));
            bolt.send(
                    new BoltRequest.Run(
                            "CALL dbms.cluster.routing.getRoutingTable({context})",
                            context,
                            TransactionOptions.DEFAULT),
                    Pull.ALL);
            bolt.expect("SUCCESS");
            String row = bolt.next();
            assertTrue(row.startsWith("RECORD [300, [{") && row.contains("addresses=[graph.test:7777]"), row);
            bolt.expect("SUCCESS");
        }
    }

    /** Go's driver writes the name of its own location, which need not be one: that request fails, and only that. */
    @ParameterizedTest
    @CsvSource({"'', false", "Local, false", "Nowhere/X, false", "Europe/Stockholm, true", "+01:00, true", "UTC, true"})
    void zonesOfParameters(String zone, boolean known) {
        Map<String, Object> value = Map.of("value", new TemporalValue.DateTimeZoneId(1_700_000_000, 0, zone));
        BoltRequest.Run give = new BoltRequest.Run("give", value, TransactionOptions.DEFAULT);
        try (RawBolt bolt = RawBolt.ready(served.port, VERSION)) {
            bolt.send(new Begin(TransactionOptions.DEFAULT), give, Pull.ALL);
            bolt.expect("SUCCESS");
            if (known) {
                bolt.expect("SUCCESS", "RECORD [" + value.get("value") + "]", "SUCCESS");
            } else {
                bolt.expect("FAILURE Neo.ClientError.Request.Invalid", "IGNORED");
                assertEquals(List.of("begin null", "rollback"), served.handler.heard);
            }
            bolt.send(new Reset(), RawBolt.run("after"), Pull.ALL);
            bolt.expect("SUCCESS", "SUCCESS", "RECORD [after]", "SUCCESS");
        }
    }

    @Test
    void severalResultsAtATime() {
        try (RawBolt bolt = RawBolt.ready(served.port, VERSION)) {
            bolt.send(new Begin(TransactionOptions.DEFAULT), RawBolt.run("rows 5"), RawBolt.run("rows 3"));
            bolt.expect("SUCCESS", "SUCCESS", "SUCCESS");
            bolt.send(new Pull(2, 0), new Pull(-1, 1), new Discard(1, 0), new Pull(1, 0), new Pull(1, 0), new Commit());
            bolt.expect("RECORD [0]", "RECORD [1]", "MORE");
            bolt.expect("RECORD [0]", "RECORD [1]", "RECORD [2]", "SUCCESS");
            bolt.expect("MORE", "RECORD [3]", "MORE", "RECORD [4]", "SUCCESS", "SUCCESS");
            bolt.send(new Telemetry(1), RawBolt.run("rows 2"), Discard.ALL);
            bolt.expect("SUCCESS", "SUCCESS", "SUCCESS");
        }
    }

    /** The seed's own tests, byte by byte. */
    @Test
    void b2FailuresOfBolt1() {
        try (RawBolt bolt = RawBolt.ready(served.port, BoltVersion.V1)) {
            for (BoltRequest mends : List.of(new BoltRequest.AckFailure(), new Reset())) {
                bolt.send(RawBolt.run("fail a.b.c.d"), Pull.ALL);
                bolt.expect("FAILURE a.b.c.d", "IGNORED");
                Cuts.singleBytes(RawBolt.bytes(BoltVersion.V1, mends, RawBolt.run("hello world"), Pull.ALL))
                        .forEach(bolt.peer()::write);
                bolt.expect("SUCCESS", "SUCCESS", "RECORD [hello world]", "SUCCESS");
            }
        }
    }

    /** While a request is worked on, from Bolt 4.3 on. */
    @Test
    void signsOfLife() {
        try (RawBolt bolt = RawBolt.ready(served.port, VERSION)) {
            bolt.send(RawBolt.run("never"));
            assertEquals(0, bolt.peer().readByte());
            assertEquals(0, bolt.peer().readByte());
            bolt.send(new Reset());
            bolt.expect("IGNORED", "SUCCESS");
        }
    }

    /** Pages of any size, from any thread, at any time. */
    @Test
    void rowsFromOtherThreads() {
        AtomicInteger given = new AtomicInteger();
        ResultRows rows = max -> served.loop.vertx().executeBlocking(() -> {
            int count = Math.min(max, 1 + given.get() % 700);
            List<List<Integer>> page = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                page.add(List.of(given.getAndIncrement()));
            }
            return given.get() < 20_000 ? ResultRows.Page.of(page) : ResultRows.Page.last(page, Summary.READ);
        });
        try (RawBolt bolt = serve(
                60_000, (session, query, parameters) -> Future.succeededFuture(new QueryResult(List.of("n"), rows)))) {
            bolt.send(RawBolt.run("numbers"), new Pull(999, -1), Pull.ALL);
            bolt.expect("SUCCESS");
            for (int i = 0; i < 999; i++) {
                bolt.expect("RECORD [" + i + "]");
            }
            bolt.expect("MORE");
            for (int i = 999; i < given.get() || i < 20_000; i++) {
                bolt.expect("RECORD [" + i + "]");
            }
            bolt.expect("SUCCESS");
        }
    }

    @ParameterizedTest
    @CsvSource({"0, false", "6, false", "6, true"})
    void pagesThatWereNotAskedFor(int size, boolean last) {
        ResultRows.Page page = new ResultRows.Page(Collections.nCopies(size, List.of(1)), last ? Summary.EMPTY : null);
        try (RawBolt bolt = serve(
                60_000,
                (session, query, parameters) ->
                        Future.succeededFuture(new QueryResult(List.of("n"), max -> Future.succeededFuture(page))))) {
            bolt.send(RawBolt.run("too many"), new Pull(5, -1));
            bolt.expect("SUCCESS", BUG);
        }
    }

    @Test
    void handlersWithoutAFuture() {
        try (RawBolt bolt = serve(60_000, (session, query, parameters) -> null)) {
            bolt.send(RawBolt.run("null"));
            bolt.expect(BUG);
        }
        ResultRows none = max -> null;
        try (RawBolt bolt = serve(
                60_000, (session, query, parameters) -> Future.succeededFuture(new QueryResult(List.of("n"), none)))) {
            bolt.send(RawBolt.run("null"), Pull.ALL);
            bolt.expect("SUCCESS", BUG);
        }
    }

    /** A result that comes too late is let go. */
    @Test
    void slowHandlers() {
        Promise<QueryResult> slow = Promise.promise();
        List<String> heard = new CopyOnWriteArrayList<>();
        ResultRows rows = new ResultRows() {
            @Override
            public Future<Page> next(int max) {
                heard.add("next");
                return Future.succeededFuture(Page.last(List.of(), Summary.EMPTY));
            }

            @Override
            public void cancel() {
                heard.add("cancelled");
            }
        };
        try (RawBolt bolt = serve(
                100,
                (session, query, parameters) ->
                        query.equals("slow") ? slow.future() : Future.succeededFuture(QueryResult.empty()))) {
            bolt.send(RawBolt.run("slow"), Pull.ALL);
            bolt.expect("FAILURE " + Failures.TIMED_OUT, "IGNORED");
            slow.complete(new QueryResult(List.of(), rows));
            await().until(() -> heard.equals(List.of("cancelled")));
            bolt.send(new Reset(), RawBolt.run("quick"), Pull.ALL);
            bolt.expect("SUCCESS", "SUCCESS", "SUCCESS");
        }
    }

    /** A transaction that begins when nobody waits for it any more. */
    @Test
    void slowBegin() {
        Promise<ServerTransaction> slow = Promise.promise();
        List<String> heard = new CopyOnWriteArrayList<>();
        ServerTransaction transaction = new ServerTransaction() {
            @Override
            public Future<QueryResult> run(ServerSession session, String query, Map<String, Object> parameters) {
                return Future.failedFuture("not in this one");
            }

            @Override
            public Future<?> rollback(ServerSession session) {
                heard.add("rollback");
                return Future.succeededFuture();
            }
        };
        BoltHandler handler = new BoltHandler() {
            @Override
            public Future<QueryResult> run(ServerSession session, String query, Map<String, Object> parameters) {
                return Future.succeededFuture(QueryResult.row(List.of("n"), query));
            }

            @Override
            public Future<ServerTransaction> begin(ServerSession session) {
                heard.add("begin");
                return slow.future();
            }
        };
        try (RawBolt bolt = serve(60_000, handler)) {
            bolt.send(new Begin(TransactionOptions.DEFAULT));
            await().until(() -> heard.contains("begin"));
            bolt.send(new Reset(), RawBolt.run("outside"));
            bolt.expect("IGNORED", "SUCCESS", "SUCCESS");
            slow.complete(transaction);
            await().until(() -> heard.contains("rollback"));
            bolt.send(Pull.ALL);
            bolt.expect("RECORD [outside]", "SUCCESS");
        }
    }

    @Test
    void handlersThatThrowWhereTheyAreOnlyTold() {
        ResultRows rows = new ResultRows() {
            @Override
            public Future<Page> next(int max) {
                return Promise.<Page>promise().future();
            }

            @Override
            public void cancel() {
                throw new IllegalStateException("as the test says");
            }
        };
        try (RawBolt bolt = serve(200, (session, query, parameters) -> {
            session.whenCancelled(() -> {
                throw new IllegalStateException("as the test says");
            });
            return query.equals("never")
                    ? Promise.<QueryResult>promise().future()
                    : Future.succeededFuture(new QueryResult(List.of("n"), rows));
        })) {
            bolt.send(RawBolt.run("never"));
            bolt.expect("FAILURE " + Failures.TIMED_OUT);
            bolt.send(new Reset(), RawBolt.run("rows"), Pull.ALL);
            bolt.expect("SUCCESS", "SUCCESS", "FAILURE " + Failures.TIMED_OUT);
            bolt.send(new Reset());
            bolt.expect("SUCCESS");
        }
    }

    @Test
    void tooManyResults() {
        try (RawBolt bolt = RawBolt.ready(served.port, VERSION)) {
            bolt.send(new Begin(TransactionOptions.DEFAULT));
            bolt.expect("SUCCESS");
            for (int i = 0; i < 100; i++) {
                bolt.send(RawBolt.run("rows 1"));
                bolt.expect("SUCCESS");
            }
            bolt.send(RawBolt.run("rows 1"));
            bolt.expect("FAILURE Neo.ClientError.Request.Invalid");
            bolt.send(new Reset());
            bolt.expect("SUCCESS");
        }
    }

    /** A failure of what is behind the handler; its addresses are not told. */
    @ParameterizedTest
    @CsvSource({
        "UNAVAILABLE, Neo.TransientError.General.DatabaseUnavailable",
        "OVERLOADED, Neo.TransientError.General.DatabaseUnavailable",
        "TIMEOUT, Neo.ClientError.Transaction.TransactionTimedOut",
        "UNKNOWN_OUTCOME, Neo.DatabaseError.General.UnknownError",
        "BAD_REQUEST, Neo.ClientError.Statement.ArgumentError"
    })
    void failuresBehindTheHandler(CallException.Reason reason, String code) {
        BoltResponse.Failure told = Failures.told(new CallException(reason, "10.0.0.1:7687"));
        assertEquals(code, told.code());
        assertEquals("what the server needs for it: " + reason, told.message());
    }

    /** A failure that cannot be said is said in other words. */
    @Test
    void halfACharacter() {
        try (RawBolt bolt = serve(
                60_000, (session, query, parameters) -> Future.failedFuture(Failures.of("a.b.c.d", "half: \ud800")))) {
            bolt.send(RawBolt.run("fail"));
            bolt.expect(BUG);
        }
    }
}
