package dev.polywire.bolt.server;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.bolt.client.BoltConnection;
import dev.polywire.bolt.client.BoltException;
import dev.polywire.bolt.client.BoltResult;
import dev.polywire.bolt.wire.AuthToken;
import dev.polywire.bolt.wire.BoltClientOptions;
import dev.polywire.bolt.wire.BoltOffer;
import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.BoltResponse;
import dev.polywire.bolt.wire.BoltVersion;
import dev.polywire.bolt.wire.TransactionOptions;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Dialer;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Spi;
import dev.polywire.testing.Loop;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Our own client, in every version. */
class EveryVersionTest {

    private static final List<BoltVersion> VERSIONS = BoltVersion.ALL;

    private final Served served = new Served();
    private final Loop loop = served.loop;
    private final TestHandler handler = served.handler;
    private final Dialer dialer =
            loop.call(() -> new Dialer(loop.vertx(), EndpointOptions.of("127.0.0.1", served.port), "bolt", Spi.NONE));
    private final Deadline deadline = loop.call(() -> Deadline.after(loop.vertx(), 15_000));
    private final List<Object> rows = new ArrayList<>();

    @AfterEach
    void close() {
        served.close();
    }

    private Future<BoltConnection> dial(BoltVersion version, AuthToken auth) {
        BoltClientOptions options = new BoltClientOptions("Test/1.0", auth).with(BoltOffer.of(List.of(version)));
        return loop.call(() -> BoltConnection.connect(dialer, options));
    }

    private BoltConnection connect(BoltVersion version) {
        return Loop.await(dial(version, RawBolt.ALICE));
    }

    private Future<Boolean> all(BoltConnection connection, String query) {
        return connection
                .run(RawBolt.run(query), deadline)
                .pull(-1, row -> rows.add(row.values().get(0)), deadline);
    }

    private String failure(Future<?> future) {
        return assertInstanceOf(BoltException.class, loop.failure(() -> future))
                .failure()
                .code();
    }

    @ParameterizedTest
    @FieldSource("VERSIONS")
    void b2QueriesFailuresAndThePipeline(BoltVersion version) {
        BoltConnection connection = connect(version);
        assertEquals(BoltServer.AGENT, loop.call(() -> connection.server().agent()));
        List<Future<Boolean>> three = loop.call(() ->
                List.of(all(connection, "hello world"), all(connection, "fail a.b.c.d"), all(connection, "third")));
        assertFalse(Loop.await(three.get(0)));
        assertEquals("a.b.c.d", failure(three.get(1)));
        assertEquals("a.b.c.d", failure(three.get(2)));
        assertFalse(loop.join(() -> all(connection, "rows 3")));
        assertEquals(List.of("hello world", 0L, 1L, 2L), rows);
        // B3 defects 8 and 9: RUN is answered by itself, and DISCARD at all.
        BoltResult fourth = loop.call(() -> connection.run(RawBolt.run("rows 5"), deadline));
        assertEquals(List.of("n"), Loop.await(fourth.opened()));
        assertEquals("r", loop.join(() -> fourth.discard(deadline)).metadata().get("type"));
        assertTrue(loop.call(connection::isIdle));
    }

    /** B3 defect 6: around the seed's buffer and around the largest chunk. */
    @ParameterizedTest
    @FieldSource("VERSIONS")
    void b3Defect6SizesOfQueries(BoltVersion version) {
        BoltConnection connection = connect(version);
        for (int length : List.of(8_170, 8_180, 8_184, 8_190, 8_194, 65_520, 65_527, 65_533, 65_538, 200_000)) {
            assertFalse(loop.join(() -> all(connection, "\u00e5".repeat(length / 2) + "x".repeat(length % 2))));
            assertEquals(length, rows.remove(0).toString().getBytes(StandardCharsets.UTF_8).length);
        }
    }

    @ParameterizedTest
    @FieldSource("VERSIONS")
    void b3Defect13WrongLoginsAreRefused(BoltVersion version) {
        Future<?> guessed = dial(version, AuthToken.basic("alice", "guess", null));
        CallException refused = assertInstanceOf(CallException.class, loop.failure(() -> guessed));
        assertEquals(CallException.Reason.UNAUTHENTICATED, refused.reason());
        assertEquals(
                Failures.UNAUTHORIZED,
                assertInstanceOf(BoltException.class, refused.getCause())
                        .failure()
                        .code());
        await().until(() -> loop.call(served.server::connections) == 0);
    }

    @ParameterizedTest
    @FieldSource("VERSIONS")
    void b3Defect15TransactionsAndRowsOnDemand(BoltVersion version) {
        BoltConnection connection = connect(version);
        BoltResult some = loop.call(() -> connection.run(RawBolt.run("rows 10000"), deadline));
        assertTrue(loop.join(() -> some.pull(3, row -> rows.add(row), deadline)));
        assertEquals(3, rows.size());
        loop.join(() -> some.discard(deadline));
        if (!version.hasTransactions()) {
            return;
        }
        loop.join(() -> connection.send(new BoltRequest.Begin(TransactionOptions.DEFAULT), deadline));
        assertFalse(loop.join(() -> all(connection, "inside")));
        BoltResponse.Success committed = loop.join(() -> connection.send(new BoltRequest.Commit(), deadline));
        assertEquals("bookmark:alice", committed.bookmark());
        loop.join(() -> connection.send(new BoltRequest.Begin(TransactionOptions.DEFAULT), deadline));
        assertEquals("a.b.c.d", failure(loop.call(() -> all(connection, "fail a.b.c.d"))));
        assertFalse(loop.join(() -> all(connection, "outside")));
        assertEquals(
                List.of(
                        "begin null",
                        "run inside",
                        "commit",
                        "begin null",
                        "run fail a.b.c.d",
                        "rollback",
                        "run outside"),
                handler.heard.subList(1, 8));
    }

    @ParameterizedTest
    @FieldSource("VERSIONS")
    void b40ResetInterrupts(BoltVersion version) {
        BoltConnection connection = connect(version);
        for (String query : List.of("never", "slow")) {
            Future<Boolean> hangs = loop.call(() -> all(connection, query));
            await().until(() -> handler.heard.contains(query.equals("never") ? "run never" : "next"));
            CallException enough = new CallException(CallException.Reason.TIMEOUT, "enough");
            loop.join(() -> connection.reset(enough));
            assertEquals(enough, loop.failure(() -> hangs));
            assertTrue(handler.heard.contains(query.equals("never") ? "cancelled run" : "cancelled rows"));
            assertFalse(loop.join(() -> all(connection, "after " + query)));
        }
        assertEquals(List.of("after never", "after slow"), rows);
    }

    @ParameterizedTest
    @FieldSource("VERSIONS")
    void b41UsersDoNotMix(BoltVersion version) {
        BoltConnection connection = connect(version);
        assertFalse(loop.join(() -> all(connection, "who")));
        if (version.hasLogon()) {
            loop.join(() -> connection.logon(RawBolt.ALICE, deadline));
            assertFalse(loop.join(() -> all(connection, "who")));
            assertEquals(List.of("alice", "alice"), rows);
            Throwable wrong = loop.failure(() -> connection.logon(AuthToken.basic("bob", "?", null), deadline));
            assertEquals(
                    Failures.UNAUTHORIZED, ((BoltException) wrong).failure().code());
            await().until(() -> loop.call(served.server::connections) == 0);
            assertEquals("closed ", handler.heard.get(handler.heard.size() - 1));
        }
    }

    /** By ROUTE, and by the procedure, which some clients ask where there is a ROUTE. */
    @ParameterizedTest
    @FieldSource("VERSIONS")
    void routes(BoltVersion version) {
        BoltConnection connection = connect(version);
        String here = "127.0.0.1:" + served.port;
        Map<Map<String, Object>, String> named = new LinkedHashMap<>();
        named.put(Map.of("address", "graph.test:7687", "region", "eu"), "graph.test:7687");
        named.put(Map.of(), here);
        named.put(Collections.singletonMap("address", null), here);
        named.forEach((context, address) -> {
            if (version.hasRoute()) {
                BoltResponse.Success answer = loop.join(
                        () -> connection.send(new BoltRequest.Route(context, List.of(), "graph", null), deadline));
                assertEquals(servers(address), ((Map<?, ?>) answer.metadata().get("rt")).get("servers"));
            }
            for (String procedure : List.of("dbms.cluster.routing", "dbms.routing")) {
                assertEquals(List.of(300L, servers(address)), Loop.await(table(connection, procedure, context)));
            }
        });
        Map<String, Object> nowhere = Map.of("address", "graph.test:port");
        assertEquals(Failures.ARGUMENT_ERROR, failure(table(connection, "dbms.routing", nowhere)));
    }

    private Future<Object> table(BoltConnection connection, String procedure, Map<String, Object> context) {
        BoltRequest.Run run = new BoltRequest.Run(
                "CALL " + procedure + ".getRoutingTable($context)",
                Map.of("context", context),
                TransactionOptions.DEFAULT);
        rows.clear();
        return loop.call(() -> connection.run(run, deadline).pull(-1, row -> rows.add(row.values()), deadline))
                .map(end -> rows.get(0));
    }

    private static List<Object> servers(String address) {
        return Stream.of("ROUTE", "READ", "WRITE")
                .<Object>map(role -> Map.of("role", role, "addresses", List.of(address)))
                .toList();
    }

    /** Who asks for another's rights gets neither his nor his own. */
    @ParameterizedTest
    @FieldSource("VERSIONS")
    void impersonationIsRefused(BoltVersion version) {
        if (version.atLeast(BoltVersion.V4_4)) {
            BoltConnection connection = connect(version);
            TransactionOptions asRoot = TransactionOptions.where("graph", "root");
            BoltResult refused =
                    loop.call(() -> connection.run(new BoltRequest.Run("who", Map.of(), asRoot), deadline));
            assertEquals(Failures.FORBIDDEN, failure(refused.opened()));
            assertEquals(
                    Failures.FORBIDDEN,
                    failure(loop.call(() -> connection.send(new BoltRequest.Begin(asRoot), deadline))));
            assertTrue(handler.heard.isEmpty());
        }
    }
}
