package dev.polywire.bolt.client;

import static dev.polywire.core.net.CallException.Reason.BAD_REQUEST;
import static dev.polywire.core.net.CallException.Reason.CONNECTION_LOST;
import static dev.polywire.core.net.CallException.Reason.TIMEOUT;
import static dev.polywire.core.net.CallException.Reason.UNKNOWN_OUTCOME;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.bolt.wire.AuthToken;
import dev.polywire.bolt.wire.BoltClientOptions;
import dev.polywire.bolt.wire.BoltMessage;
import dev.polywire.bolt.wire.BoltOffer;
import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.BoltResponse;
import dev.polywire.bolt.wire.BoltVersion;
import dev.polywire.bolt.wire.FailureKind;
import dev.polywire.bolt.wire.TransactionOptions;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Dialer;
import dev.polywire.core.net.Spi;
import dev.polywire.testing.Loop;
import dev.polywire.testing.RawPeer;
import dev.polywire.testing.Vectors;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One connection against a scripted server, in every version. */
class BoltConnectionTest {

    private static final BoltVersion NEWEST = BoltVersion.V6_1;

    private final Loop loop = new Loop();
    private final ScriptedBolt server = new ScriptedBolt(loop);
    private final List<Object> rows = new ArrayList<>();
    /** Kept, because a client that is collected closes its connections. */
    private final Dialer dialer = loop.call(() -> new Dialer(loop.vertx(), server.endpoint(), "bolt", Spi.NONE));

    private Deadline deadline;

    @BeforeEach
    void deadline() {
        deadline = loop.call(() -> Deadline.after(loop.vertx(), 15_000));
    }

    @AfterEach
    void close() {
        loop.close();
    }

    static List<BoltVersion> versions() {
        return BoltVersion.ALL;
    }

    private BoltConnection connect(BoltVersion version) {
        BoltClientOptions options = new BoltClientOptions("Test/1.0", AuthToken.basic("alice", "secret", null))
                .with(BoltOffer.of(List.of(version)));
        return loop.join(() -> BoltConnection.connect(dialer, options));
    }

    private static BoltRequest.Run query(String text) {
        return new BoltRequest.Run(text, Map.of(), TransactionOptions.DEFAULT);
    }

    private static BoltRequest.Run reading(String text) {
        return new BoltRequest.Run(text, Map.of(), TransactionOptions.DEFAULT.readOnly(true));
    }

    private BoltResult.Rows collect() {
        return row -> rows.add(row.values().get(0));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void b2PipelineInOneWrite(BoltVersion version) {
        BoltConnection connection = connect(version);
        List<Future<Boolean>> pulled = new ArrayList<>();
        loop.run(() -> {
            for (String text : List.of("one", "rows 2", "three")) {
                pulled.add(connection.run(query(text), deadline).pull(-1, collect(), deadline));
            }
        });
        pulled.forEach(page -> assertFalse(Loop.await(page)));
        assertEquals(List.of("one", 2L, 1L, "three"), rows);
        assertTrue(loop.call(connection::isIdle));
    }

    /** The seed hung after this: B3 defect 11. */
    @ParameterizedTest
    @MethodSource("versions")
    void b2FailureInAPipelineAndTheNextQuery(BoltVersion version) {
        BoltConnection connection = connect(version);
        List<Future<Boolean>> pulled = new ArrayList<>();
        loop.run(() -> {
            for (String text : List.of("one", "fail Neo.ClientError.Statement.SyntaxError", "three")) {
                pulled.add(connection.run(query(text), deadline).pull(-1, collect(), deadline));
            }
        });
        assertFalse(Loop.await(pulled.get(0)));
        for (Future<Boolean> failed : pulled.subList(1, 3)) {
            BoltException refused = assertInstanceOf(BoltException.class, loop.failure(() -> failed));
            assertEquals(
                    "Neo.ClientError.Statement.SyntaxError", refused.failure().code());
            assertEquals(FailureKind.REFUSED, refused.kind());
        }
        assertFalse(loop.join(() -> connection.run(query("again"), deadline).pull(-1, collect(), deadline)));
        assertEquals(List.of("one", "again"), rows);
        // ACK_FAILURE is the server machine's own business.
        assertEquals(version.hasTransactions(), server.asked.contains("1 RESET"), server.asked::toString);
    }

    /** By PULL n, or by not reading. */
    @ParameterizedTest
    @MethodSource("versions")
    void b3Defect15RowsAsTheyAreAskedFor(BoltVersion version) {
        BoltConnection connection = connect(version);
        BoltResult result = loop.call(() -> connection.run(query("rows 10"), deadline));
        assertTrue(loop.join(() -> result.pull(4, collect(), deadline)));
        assertEquals(4, rows.size());
        assertTrue(loop.join(() -> result.pull(3, collect(), deadline)));
        assertEquals(7, rows.size());
        assertEquals(List.of("value"), Loop.await(result.opened()));
        assertEquals(BAD_REQUEST, reason(loop.failure(() -> {
            result.pull(1, row -> false, deadline);
            return result.pull(1, row -> true, deadline);
        })));
        assertEquals("r", loop.join(() -> result.discard(deadline)).metadata().get("type"));
        assertTrue(loop.call(connection::isIdle));
        assertFalse(loop.join(() -> result.pull(1, collect(), deadline)));
        assertEquals(7, rows.size());
    }

    /** A server that answers RUN only with the rows, as the seed's does (B3 defect 8); they wait until somebody wants them. */
    @Test
    void b3Defect8ServersThatAnswerRunAndPullTogether() {
        try (RawPeer.Door door = new RawPeer.Door()) {
            Dialer there = loop.call(() -> new Dialer(loop.vertx(), door.endpoint(), "bolt", Spi.NONE));
            Future<BoltConnection> dialled = loop.call(() -> BoltConnection.connect(
                    there,
                    new BoltClientOptions("Test/1.0", AuthToken.none()).with(BoltOffer.of(List.of(BoltVersion.V1)))));
            RawPeer seed = door.accept();
            for (int i = 0; i < 20; i++) {
                seed.readByte();
            }
            seed.write(Vectors.bytes("00000001"));
            assertTrue(message(seed).startsWith("b201"));
            seed.write(Vectors.bytes("0003b170a00000"));
            BoltConnection connection = Loop.await(dialled);
            BoltResult result = loop.call(() -> {
                BoltResult run = connection.run(query("n"), deadline);
                run.ahead();
                return run;
            });
            assertEquals("b210816ea0", message(seed));
            assertEquals("b03f", message(seed));
            seed.write(Vectors.bytes(
                    "000db170a1866669656c647391816e0000" + "0004b17191010000" + "0004b17191020000" + "0003b170a00000"));
            assertEquals(List.of("n"), Loop.await(result.opened()));
            assertFalse(loop.call(connection::isIdle));
            assertTrue(loop.join(() -> result.pull(1, collect(), deadline)));
            assertFalse(loop.join(() -> result.pull(9, collect(), deadline)));
            assertEquals(List.of(1L, 2L), rows);
        }
    }

    /** The next message, of one chunk. */
    private static String message(RawPeer peer) {
        Buffer message = Buffer.buffer();
        for (int left = peer.readByte() << 8 | peer.readByte(); left > 0; left--) {
            message.appendByte((byte) peer.readByte());
        }
        assertEquals(0, peer.readByte() | peer.readByte());
        return Vectors.hex(message);
    }

    /** A reader that has enough before its page is full: what the server sends already waits outside. */
    @Test
    void enoughBeforeThePageIsFull() {
        BoltConnection connection = connect(NEWEST);
        BoltResult result = loop.call(() -> connection.run(query("rows 1000"), deadline));
        for (int page = 1; page <= 10; page++) {
            int until = page * 7;
            assertTrue(loop.join(() -> result.pull(
                    100,
                    row -> {
                        rows.add(row.values().get(0));
                        return rows.size() < until;
                    },
                    deadline)));
            assertEquals(until, rows.size());
        }
        while (loop.join(() -> result.pull(1_000, collect(), deadline))) {
            assertTrue(rows.size() < 1_000);
        }
        assertEquals(1_000, rows.size());
        assertEquals(1L, rows.get(999));
    }

    @Test
    void severalResultsOfATransaction() {
        BoltConnection connection = connect(NEWEST);
        loop.call(() -> connection.send(new BoltRequest.Begin(TransactionOptions.DEFAULT), deadline));
        BoltResult first = loop.call(() -> connection.run(query("rows 3"), deadline));
        BoltResult second = loop.call(() -> connection.run(query("rows 5"), deadline));
        assertTrue(loop.join(() -> first.pull(1, collect(), deadline)));
        assertTrue(loop.join(() -> second.pull(1, collect(), deadline)));
        assertFalse(loop.join(() -> first.pull(-1, collect(), deadline)));
        assertEquals(5, rows.size() + 1);
        assertEquals(BAD_REQUEST, reason(loop.failure(() -> connection.send(new BoltRequest.Commit(), deadline))));
        loop.join(() -> second.discard(deadline));
        assertEquals(
                "bookmark 1",
                loop.join(() -> connection.send(new BoltRequest.Commit(), deadline))
                        .bookmark());
    }

    @ParameterizedTest
    @MethodSource("versions")
    void anAnswerBehindTheDeadlineIsNobodys(BoltVersion version) {
        BoltConnection connection = connect(version);
        server.script((peer, request) -> request.request().message() == BoltMessage.RUN);
        Throwable late = loop.failure(() ->
                connection.run(query("slow"), Deadline.after(loop.vertx(), 50)).pull(-1, collect(), deadline));
        assertEquals(TIMEOUT, reason(late));
        server.script((peer, request) -> false);
        await().until(() -> loop.call(connection::isIdle));
        assertFalse(loop.join(() -> connection.run(query("next"), deadline).pull(-1, collect(), deadline)));
        assertEquals(List.of("next"), rows);
    }

    @Test
    void nothingIsSentBehindTheDeadline() {
        BoltConnection connection = connect(NEWEST);
        Deadline over = loop.call(() -> Deadline.after(loop.vertx(), 1));
        await().until(() -> loop.call(over::expired));
        Throwable late = loop.failure(() -> connection.run(query("late"), over).opened());
        assertEquals(CallException.Reason.UNAVAILABLE, reason(late));
        assertFalse(server.asked.contains("1 RUN"));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void b3Defect12ALostConnectionFailsWhatIsOnIt(BoltVersion version) {
        BoltConnection connection = connect(version);
        server.script((peer, request) -> {
            if (request.request().message() == BoltMessage.RUN) {
                peer.abort();
            }
            return request.request().message() == BoltMessage.RUN;
        });
        List<Future<Boolean>> pulled = new ArrayList<>();
        loop.run(() -> {
            pulled.add(connection.run(query("writes"), deadline).pull(-1, collect(), deadline));
            pulled.add(connection.run(reading("reads"), deadline).pull(-1, collect(), deadline));
        });
        assertEquals(UNKNOWN_OUTCOME, reason(loop.failure(() -> pulled.get(0))));
        assertEquals(CONNECTION_LOST, reason(loop.failure(() -> pulled.get(1))));
        assertEquals(
                CONNECTION_LOST,
                reason(loop.failure(
                        () -> connection.run(query("after"), deadline).opened())));
        assertTrue(loop.call(connection::isClosed));
    }

    @Test
    void b3Defect13RefusedUsers() {
        server.script((peer, request) -> {
            boolean logon = request.request().message() == BoltMessage.LOGON;
            if (logon) {
                peer.failure(request, "Neo.ClientError.Security.Unauthorized");
            }
            return logon;
        });
        Throwable refused = loop.failure(
                () -> BoltConnection.connect(dialer, new BoltClientOptions("Test/1.0", AuthToken.bearer("secret"))));
        assertEquals(
                CallException.Reason.UNAUTHENTICATED,
                assertInstanceOf(CallException.class, refused).reason());
        assertEquals(
                FailureKind.UNAUTHENTICATED,
                assertInstanceOf(BoltException.class, refused.getCause()).kind());
        assertFalse(String.valueOf(refused.getMessage()).contains("secret"));
    }

    @Test
    void anotherUser() {
        BoltConnection connection = connect(NEWEST);
        loop.join(() -> connection.logon(AuthToken.kerberos("ticket"), deadline).map(true));
        assertEquals(List.of("1 HELLO", "1 LOGON", "1 LOGOFF", "1 LOGON"), server.asked);
        assertTrue(loop.call(connection::isIdle));
        server.script((peer, request) -> {
            boolean logon = request.request().message() == BoltMessage.LOGON;
            if (logon) {
                peer.failure(request, "Neo.ClientError.Security.Unauthorized");
            }
            return logon;
        });
        loop.failure(() -> connection.logon(AuthToken.none(), deadline));
        assertTrue(loop.call(connection::isClosed));
    }

    @Test
    void resetInterrupts() {
        BoltConnection connection = connect(NEWEST);
        server.script((peer, request) -> request.request().message() == BoltMessage.RUN);
        BoltResult running = loop.call(() -> connection.run(query("long"), deadline));
        await().until(() -> server.asked.contains("1 RUN"));
        CallException why = new CallException(TIMEOUT, "interrupted by the test");
        loop.join(() -> connection.reset(why).map(true));
        assertEquals(why, loop.failure(running::ended));
        assertTrue(loop.call(connection::isIdle));
    }

    @Test
    void goodbye() {
        BoltConnection connection = connect(NEWEST);
        loop.run(connection::close);
        assertEquals(
                CallException.Reason.SHUTTING_DOWN,
                reason(loop.failure(
                        () -> connection.run(query("after"), deadline).opened())));
        await().until(() -> server.peers.get(0).machine.state().name().equals("DEFUNCT"));
    }

    @Test
    void whatCannotBeSent() {
        BoltConnection old = connect(BoltVersion.V1);
        assertEquals(
                BAD_REQUEST,
                reason(loop.failure(() -> old.send(new BoltRequest.Begin(TransactionOptions.DEFAULT), deadline))));
        BoltRequest.Run strange = new BoltRequest.Run("q", Map.of("x", new Object()), TransactionOptions.DEFAULT);
        assertEquals(
                BAD_REQUEST,
                reason(loop.failure(() -> old.run(strange, deadline).pull(-1, collect(), deadline))));
        BoltRequest.Run longOne = new BoltRequest.Run("x".repeat(17 << 20), Map.of(), TransactionOptions.DEFAULT);
        assertEquals(
                CallException.Reason.LIMIT_EXCEEDED,
                reason(loop.failure(() -> old.run(longOne, deadline).opened())));
        assertFalse(loop.join(() -> old.run(query("next"), deadline).pull(-1, collect(), deadline)));
    }

    @Test
    void codesOfServers() {
        assertEquals(FailureKind.TRANSIENT, FailureKind.of("Neo.TransientError.Transaction.DeadlockDetected"));
        assertEquals(FailureKind.REFUSED, FailureKind.of("Neo.TransientError.Transaction.Terminated"));
        assertEquals(FailureKind.NOT_LEADER, FailureKind.of("Neo.ClientError.Cluster.NotALeader"));
        assertEquals(FailureKind.REFUSED, FailureKind.of(BoltResponse.Failure.UNKNOWN));
        assertTrue(FailureKind.LOGIN_EXPIRED.isRetryable());
        assertFalse(FailureKind.UNAUTHENTICATED.isRetryable());
    }

    private static CallException.Reason reason(Throwable failure) {
        return assertInstanceOf(CallException.class, failure, failure::toString).reason();
    }
}
