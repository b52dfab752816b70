package dev.polywire.bolt.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.polywire.bolt.client.BoltResult;
import dev.polywire.bolt.client.ScriptedBolt;
import dev.polywire.bolt.wire.AuthToken;
import dev.polywire.bolt.wire.BoltClientOptions;
import dev.polywire.bolt.wire.BoltMessage;
import dev.polywire.bolt.wire.BoltOffer;
import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.BoltState;
import dev.polywire.bolt.wire.BoltTransitions;
import dev.polywire.bolt.wire.BoltUri;
import dev.polywire.bolt.wire.BoltVersion;
import dev.polywire.bolt.wire.TransactionOptions;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import dev.polywire.testing.Loop;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The connection is killed in each state of the table: what the caller hears, and that the next query is answered. */
class BoltKilledTest {

    private static final TransactionOptions WRITES = TransactionOptions.DEFAULT;
    private static final TransactionOptions READS = WRITES.readOnly(true);

    private final Loop loop = new Loop();
    private final ScriptedBolt server = new ScriptedBolt(loop);
    private final BoltSession session = session(BoltVersion.V6_1);
    private BoltClient client;
    private Deadline deadline;

    @BeforeEach
    void deadline() {
        deadline = loop.call(() -> Deadline.after(loop.vertx(), 15_000));
    }

    @AfterEach
    void close() {
        loop.close();
    }

    private BoltSession session(BoltVersion version) {
        BoltSessionOptions options =
                BoltSessionOptions.of(BoltUri.parse("bolt://127.0.0.1:" + server.port), AuthToken.none());
        client = loop.call(() -> new BoltClient(
                loop.vertx(),
                new BoltSessionOptions(
                        options.uri(),
                        null,
                        2_000,
                        options.auth(),
                        new BoltClientOptions("Test/1.0", AuthToken.none()).with(BoltOffer.of(List.of(version))),
                        options.pool(),
                        10_000)));
        return client.session();
    }

    /** What somebody does, the request at which the server dies, in which state, and what he hears. */
    private record Row(BoltState state, BoltMessage at, String doing, Reason outcome) {}

    static Stream<Row> rows() {
        return Stream.of(
                new Row(BoltState.READY, BoltMessage.RUN, "write", Reason.UNKNOWN_OUTCOME),
                new Row(BoltState.READY, BoltMessage.RUN, "read", Reason.CONNECTION_LOST),
                new Row(BoltState.READY, BoltMessage.BEGIN, "transaction", Reason.CONNECTION_LOST),
                new Row(BoltState.STREAMING, BoltMessage.PULL, "write", Reason.UNKNOWN_OUTCOME),
                new Row(BoltState.STREAMING, BoltMessage.PULL, "read", Reason.CONNECTION_LOST),
                new Row(BoltState.STREAMING, BoltMessage.DISCARD, "discard", Reason.UNKNOWN_OUTCOME),
                new Row(BoltState.TX_READY, BoltMessage.RUN, "transaction", Reason.CONNECTION_LOST),
                new Row(BoltState.TX_STREAMING, BoltMessage.PULL, "transaction", Reason.CONNECTION_LOST),
                new Row(BoltState.TX_READY, BoltMessage.COMMIT, "transaction", Reason.UNKNOWN_OUTCOME),
                new Row(BoltState.TX_READY, BoltMessage.ROLLBACK, "rollback", Reason.CONNECTION_LOST));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void killed(Row row) {
        kill(row.at, row.state);
        Throwable heard = loop.failure(() -> act(row.doing));
        assertEquals(
                row.outcome,
                assertInstanceOf(CallException.class, heard, heard::toString).reason());
        assertEquals("after", next());
    }

    /** States that a caller does not see: the pool tries again, or ends them by itself. */
    @ParameterizedTest
    @MethodSource("unseen")
    void killedWhereNobodyAsks(BoltState state, BoltMessage at) {
        kill(at, state);
        if (state == BoltState.FAILED || state == BoltState.INTERRUPTED) {
            loop.failure(() -> session.run("fail Neo.ClientError.Statement.SyntaxError", Map.of(), READS, deadline)
                    .compose(BoltResult::ended));
        }
        assertEquals("after", next());
        assertEquals(2, server.peers.size());
    }

    static Stream<Arguments> unseen() {
        return Stream.of(
                Arguments.of(BoltState.NEGOTIATION, BoltMessage.HELLO),
                Arguments.of(BoltState.AUTHENTICATION, BoltMessage.LOGON),
                Arguments.of(BoltState.INTERRUPTED, BoltMessage.RESET));
    }

    @Test
    void everyStateThatSomethingCanBeAskedInIsHere() {
        Set<BoltState> asked = BoltTransitions.of(BoltVersion.V6_1).all().stream()
                .map(BoltTransitions.Transition::from)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<BoltState> here = rows().map(Row::state).collect(Collectors.toCollection(TreeSet::new));
        // A failed one is left by the RESET of INTERRUPTED.
        here.addAll(List.of(BoltState.NEGOTIATION, BoltState.AUTHENTICATION, BoltState.FAILED, BoltState.INTERRUPTED));
        assertEquals(asked, here);
    }

    @Test
    void aManagedTransactionIsDoneAgainButNotBehindItsCommit() {
        kill(BoltMessage.PULL, BoltState.TX_STREAMING);
        assertEquals("value", loop.join(this::managed));
        assertEquals(2, count("BEGIN"));
        kill(BoltMessage.COMMIT, BoltState.TX_READY);
        Throwable heard = loop.failure(this::managed);
        assertEquals(
                Reason.UNKNOWN_OUTCOME,
                assertInstanceOf(CallException.class, heard).reason());
        assertEquals(3, count("BEGIN"));
        assertEquals("after", next());
    }

    @Test
    void aTransientFailureIsTriedAgainAndAnotherIsNot() {
        AtomicBoolean once = new AtomicBoolean();
        server.script((peer, request) -> {
            boolean fails = request.request().message() == BoltMessage.RUN && once.compareAndSet(false, true);
            if (fails) {
                peer.failure(request, "Neo.TransientError.Transaction.DeadlockDetected");
            }
            return fails;
        });
        assertEquals("value", loop.join(this::managed));
        assertEquals(2, count("BEGIN"));
        loop.failure(() -> session.transact(
                WRITES,
                tx -> tx.run("fail Neo.ClientError.X.Y", Map.of(), deadline).ended(),
                deadline));
        assertEquals(3, count("BEGIN"));
        assertEquals("after", next());
        loop.failure(() -> session.transact(
                WRITES, tx -> Future.<Void>failedFuture(new IllegalStateException("the work's own")), deadline));
        assertEquals(4, count("BEGIN"));
        assertEquals(1, session.bookmarks().size(), "what failed left none");
    }

    /** The connection is mended by a RESET; what comes behind it would run alone, and last. */
    @Test
    void nothingOfAFailedTransactionRunsOutsideOfIt() {
        BoltTransaction transaction = loop.join(() -> session.begin(WRITES, deadline));
        Throwable first = loop.failure(() ->
                transaction.run("fail Neo.ClientError.X.Y", Map.of(), deadline).opened());
        Throwable second = loop.failure(
                () -> transaction.run("outside", Map.of(), deadline).pull(-1, row -> true, deadline));
        assertEquals(first, second);
        assertEquals(1, count("RUN"));
        assertEquals(first, loop.failure(() -> transaction.commit(deadline)));
        assertEquals("after", next());
    }

    private Future<Object> managed() {
        return session.transact(
                WRITES,
                transaction -> {
                    Object[] seen = {null};
                    return transaction
                            .run("value", Map.of(), deadline)
                            .pull(
                                    -1,
                                    row -> {
                                        seen[0] = row.values().get(0);
                                        return true;
                                    },
                                    deadline)
                            .map(end -> seen[0]);
                },
                deadline);
    }

    private Future<?> act(String doing) {
        switch (doing) {
            case "write", "read", "discard" -> {
                TransactionOptions options = doing.equals("read") ? READS : WRITES;
                return session.run("rows 3", Map.of(), options, deadline)
                        .compose(result -> doing.equals("discard")
                                ? result.discard(deadline).map(true)
                                : result.pull(-1, row -> true, deadline));
            }
            default -> {
                return session.begin(WRITES, deadline)
                        .compose(transaction -> transaction
                                .run("rows 3", Map.of(), deadline)
                                .pull(-1, row -> true, deadline)
                                .compose(end -> doing.equals("rollback")
                                        ? transaction.rollback(deadline)
                                        : transaction.commit(deadline).mapEmpty())
                                .onFailure(lost -> transaction.rollback(deadline)));
            }
        }
    }

    private void kill(BoltMessage at, BoltState state) {
        AtomicBoolean once = new AtomicBoolean();
        server.script((peer, request) -> {
            BoltRequest asked = request.request();
            boolean now = asked.message() == at && peer.machine.state() == state && once.compareAndSet(false, true);
            if (now) {
                peer.abort();
            }
            return now;
        });
    }

    private Object next() {
        Object[] seen = {null};
        loop.join(() -> session.run("after", Map.of(), READS, deadline)
                .compose(result -> result.pull(
                        -1,
                        row -> {
                            seen[0] = row.values().get(0);
                            return true;
                        },
                        deadline)));
        return seen[0];
    }

    private long count(String message) {
        return server.asked.stream()
                .filter(line -> line.endsWith(" " + message))
                .count();
    }
}
