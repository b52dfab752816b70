package dev.polywire.bolt.session;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.bolt.client.BoltException;
import dev.polywire.bolt.client.ScriptedBolt;
import dev.polywire.bolt.wire.AuthToken;
import dev.polywire.bolt.wire.BoltClientOptions;
import dev.polywire.bolt.wire.BoltMessage;
import dev.polywire.bolt.wire.BoltOffer;
import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.BoltServerEvent;
import dev.polywire.bolt.wire.BoltUri;
import dev.polywire.bolt.wire.BoltVersion;
import dev.polywire.bolt.wire.FailureKind;
import dev.polywire.bolt.wire.TransactionOptions;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import dev.polywire.testing.Loop;
import dev.polywire.testing.Relay;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client of a cluster of scripted servers. */
class BoltRoutingTest {

    private static final TransactionOptions WRITES = TransactionOptions.DEFAULT;
    private static final TransactionOptions READS = WRITES.readOnly(true);

    private final Loop loop = new Loop();
    private final ScriptedBolt router = new ScriptedBolt(loop);
    private final ScriptedBolt one = new ScriptedBolt(loop);
    private final ScriptedBolt two = new ScriptedBolt(loop);
    private final Relay toTwo = new Relay(two.port);
    private volatile Map<String, Object> table = table(300, List.of(one.port, toTwo.port()), List.of(one.port));
    private Deadline deadline;
    private BoltClient client;
    private BoltSession session;

    @BeforeEach
    void connect() {
        router.script(this::route);
        session(BoltVersion.V5_8);
    }

    @AfterEach
    void close() {
        toTwo.close();
        loop.close();
    }

    private void session(BoltVersion version) {
        BoltSessionOptions options = BoltSessionOptions.of(
                BoltUri.parse("neo4j://127.0.0.1:" + router.port + "?region=eu"), AuthToken.none());
        client = loop.call(() -> new BoltClient(
                loop.vertx(),
                new BoltSessionOptions(
                        options.uri(),
                        null,
                        1_000,
                        options.auth(),
                        new BoltClientOptions("Test/1.0", AuthToken.none()).with(BoltOffer.of(List.of(version))),
                        options.pool(),
                        10_000)));
        session = client.session();
        deadline = loop.call(() -> Deadline.after(loop.vertx(), 15_000));
    }

    private boolean route(ScriptedBolt.Peer peer, BoltServerEvent.Request request) {
        if (request.request() instanceof BoltRequest.Route route) {
            assertEquals("eu", route.routing().get("region"));
            peer.success(request, Map.of("rt", table));
            return true;
        }
        return false;
    }

    private Map<String, Object> table(long ttlSeconds, List<Integer> readers, List<Integer> writers) {
        return Map.of("ttl", ttlSeconds, "db", "neo4j", "servers", servers(readers, writers));
    }

    private List<Object> servers(List<Integer> readers, List<Integer> writers) {
        List<Object> servers = new ArrayList<>();
        servers.add(server("ROUTE", List.of(router.port)));
        servers.add(server("READ", readers));
        servers.add(server("WRITE", writers));
        return servers;
    }

    private static Map<String, Object> server(String role, List<Integer> ports) {
        return Map.of(
                "role",
                role,
                "addresses",
                ports.stream().map(port -> "127.0.0.1:" + port).toList());
    }

    private Future<?> run(TransactionOptions options) {
        return session.run("query", Map.of(), options, deadline)
                .compose(result -> result.pull(-1, row -> true, deadline));
    }

    private static long queries(ScriptedBolt server) {
        return server.asked.stream().filter(line -> line.endsWith(" RUN")).count();
    }

    private long tables() {
        return router.asked.stream().filter(line -> line.endsWith(" ROUTE")).count();
    }

    private static Reason reason(Throwable failure) {
        return assertInstanceOf(CallException.class, failure, failure::toString).reason();
    }

    @Test
    void readersTakeTurnsAndTheWriterWrites() {
        for (int i = 0; i < 4; i++) {
            loop.join(() -> run(READS).map(true));
        }
        assertEquals(2, queries(one));
        assertEquals(2, queries(two));
        loop.join(() -> run(WRITES).map(true));
        assertEquals(3, queries(one));
        assertEquals(0, queries(router));
        assertEquals(1, tables());
    }

    /** No router is to blame for what cannot be written, and none is asked for it again and again. */
    @Test
    void whatCannotBeAskedIsTheCallersMistake() {
        loop.join(() -> run(READS).map(true));
        CallException bad =
                assertInstanceOf(CallException.class, loop.failure(() -> run(READS.after(List.of("bookmark \ud800")))));
        assertEquals(Reason.BAD_REQUEST, bad.reason());
        TransactionOptions elsewhere =
                new TransactionOptions(List.of(), -1, Map.of(), true, "\ud800", null, WRITES.notifications());
        assertEquals(Reason.BAD_REQUEST, reason(loop.failure(() -> run(elsewhere))));
        assertEquals(1, tables());
        loop.join(() -> run(READS).map(true));
    }

    @Test
    void oneTableForAllWhoWait() {
        List<Future<?>> all = loop.call(() -> List.of(run(READS), run(WRITES), run(READS)));
        all.forEach(each -> loop.join(() -> each.map(true)));
        assertEquals(1, tables());
    }

    @Test
    void aTableThatHasRunOutIsAskedAnew() {
        table = table(0, List.of(one.port), List.of(one.port));
        loop.join(() -> run(READS).map(true));
        loop.join(() -> run(READS).map(true));
        assertEquals(2, tables());
    }

    @Test
    void aReaderThatIsGoneIsLeftOut() {
        toTwo.close();
        for (int i = 0; i < 4; i++) {
            loop.join(() -> run(READS).map(true));
        }
        assertEquals(4, queries(one));
        assertEquals(1, tables());
    }

    @Test
    void anotherLeader() {
        BiPredicate<ScriptedBolt.Peer, BoltServerEvent.Request> follower = (peer, request) -> {
            boolean run = request.request().message() == BoltMessage.RUN;
            if (run) {
                table = table(300, List.of(one.port), List.of(toTwo.port()));
                peer.failure(request, "Neo.ClientError.Cluster.NotALeader");
            }
            return run;
        };
        one.script(follower);
        assertEquals(
                "done",
                loop.join(() -> session.transact(
                        WRITES,
                        transaction -> transaction
                                .run("query", Map.of(), deadline)
                                .discard(deadline)
                                .map("done"),
                        deadline)));
        assertEquals(1, queries(one));
        assertEquals(1, queries(two));
        assertEquals(2, tables());
    }

    @Test
    void nobodyWrites() {
        table = table(300, List.of(one.port), List.of());
        assertEquals(Reason.UNAVAILABLE, reason(loop.failure(() -> run(WRITES))));
        loop.join(() -> run(READS).map(true));
    }

    @Test
    void noRouters() {
        router.script((peer, request) -> {
            peer.abort();
            return true;
        });
        assertEquals(Reason.UNAVAILABLE, reason(loop.failure(() -> run(READS))));
        router.script((peer, request) -> {
            boolean route = request.request().message() == BoltMessage.ROUTE;
            if (route) {
                peer.failure(request, "Neo.ClientError.Database.DatabaseNotFound");
            }
            return route;
        });
        Throwable missing = loop.failure(() -> run(READS));
        assertEquals(
                FailureKind.NOT_FOUND,
                assertInstanceOf(BoltException.class, missing).kind());
        router.script(this::route);
        loop.join(() -> run(READS).map(true));
    }

    /** What the cluster refuses, it refuses at once: neither another router nor another attempt says otherwise. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Neo.ClientError.Security.Forbidden",
                "Neo.ClientError.Statement.ArgumentError",
                "Neo.ClientError.Transaction.InvalidBookmark",
                "Neo.ClientError.Request.Invalid"
            })
    void aTableThatIsRefused(String code) {
        router.script((peer, request) -> {
            boolean route = request.request().message() == BoltMessage.ROUTE;
            if (route) {
                peer.failure(request, code);
            }
            return route;
        });
        Throwable refused = loop.failure(() -> session.transact(
                WRITES,
                transaction -> transaction.run("query", Map.of(), deadline).discard(deadline),
                deadline));
        assertEquals(
                code,
                assertInstanceOf(BoltException.class, refused, refused::toString)
                        .failure()
                        .code());
        assertEquals(1, tables());
    }

    @Test
    void aUserThatTheVersionCannotName() {
        session(BoltVersion.V4_3);
        TransactionOptions alice = TransactionOptions.where(null, "alice");
        assertEquals(
                Reason.BAD_REQUEST,
                reason(loop.failure(() -> session.transact(
                        alice,
                        transaction ->
                                transaction.run("query", Map.of(), deadline).discard(deadline),
                        deadline))));
        assertEquals(0, tables());
    }

    /** One router's own trouble is not the cluster's word; when no other knows better, it is told as it was said. */
    @Test
    void aRouterInTrouble() {
        List<String> codes =
                List.of("Neo.DatabaseError.General.UnknownError", "Neo.TransientError.General.OutOfMemory");
        for (String code : codes) {
            router.script((peer, request) -> {
                boolean route = request.request().message() == BoltMessage.ROUTE;
                if (route) {
                    peer.failure(request, code);
                }
                return route;
            });
            Throwable failed = loop.failure(() -> run(READS));
            assertEquals(
                    code,
                    assertInstanceOf(BoltException.class, failed, failed::toString)
                            .failure()
                            .code());
        }
    }

    /** Before 4.3 a procedure tells. */
    @ParameterizedTest
    @ValueSource(strings = {"3", "4.0", "4.2"})
    void oldClusters(String text) {
        BoltVersion version = BoltVersion.ALL.stream()
                .filter(each -> each.toString().equals(text))
                .findFirst()
                .orElseThrow();
        session(version);
        List<String> said = new ArrayList<>();
        router.script((peer, request) -> {
            if (request.request() instanceof BoltRequest.Run run) {
                said.add(run.query() + " " + run.options().database() + " "
                        + run.parameters().keySet());
                peer.success(request, Map.of("fields", List.of("ttl", "servers")));
                return true;
            } else if (request.request() instanceof BoltRequest.Pull) {
                peer.machine.record(request.number(), List.of(300L, servers(List.of(one.port), List.of(one.port))));
                peer.success(request, Map.of());
                return true;
            }
            return false;
        });
        loop.join(() -> run(READS).map(true));
        assertEquals(1, queries(one));
        assertEquals(
                text.equals("3")
                        ? "CALL dbms.cluster.routing.getRoutingTable($context) null [context]"
                        : "CALL dbms.routing.getRoutingTable($context, $database) system [context, database]",
                said.get(0));
    }

    @Test
    void serversThatNobodyNamesAreLetGo() {
        loop.join(() -> run(READS).map(true));
        loop.join(() -> run(READS).map(true));
        assertEquals(3, loop.call(client::connections));
        table = table(300, List.of(one.port), List.of(one.port));
        assertEquals(1, loop.join(() -> client.route(READS, deadline)).readers().size());
        loop.join(() -> client.route(READS, deadline));
        await().until(() -> loop.call(client::connections) == 2);
        assertTrue(queries(two) > 0);
    }

    @Test
    void aServerIsNoCluster() {
        BoltSessionOptions direct =
                BoltSessionOptions.of(BoltUri.parse("bolt://127.0.0.1:" + one.port), AuthToken.none());
        BoltClient alone = loop.call(() -> new BoltClient(loop.vertx(), direct));
        assertEquals(Reason.BAD_REQUEST, reason(loop.failure(() -> alone.route(READS, deadline))));
        loop.join(() -> alone.verify(deadline).map(true));
        loop.join(() -> alone.close().map(true));
        assertEquals(Reason.SHUTTING_DOWN, reason(loop.failure(() -> alone.verify(deadline))));
    }
}
