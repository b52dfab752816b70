package dev.polywire.bolt.session;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.polywire.bolt.client.BoltException;
import dev.polywire.bolt.client.BoltResult;
import dev.polywire.bolt.client.ScriptedBolt;
import dev.polywire.bolt.wire.AuthToken;
import dev.polywire.bolt.wire.BoltLimits;
import dev.polywire.bolt.wire.BoltMessage;
import dev.polywire.bolt.wire.BoltOffer;
import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.BoltServerOptions;
import dev.polywire.bolt.wire.BoltUri;
import dev.polywire.bolt.wire.TransactionOptions;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Link;
import dev.polywire.testing.Loop;
import dev.polywire.testing.Relay;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where a client stands, and what becomes of its logins and of servers that say nothing any more. */
class BoltClientTest {

    private static final TransactionOptions WRITES = TransactionOptions.DEFAULT;

    private final Loop loop = new Loop();
    private final ScriptedBolt server = new ScriptedBolt(
            loop,
            new BoltServerOptions(
                    "Neo4j/test",
                    "c1",
                    BoltOffer.ALL,
                    BoltLimits.DEFAULT,
                    BoltLimits.UNAUTHENTICATED,
                    5_000,
                    10_000,
                    60_000,
                    1,
                    1_000));
    private final Relay relay = new Relay(server.port);
    private final List<Link.State> states = new CopyOnWriteArrayList<>();
    private final AtomicInteger logins = new AtomicInteger();
    private final BoltClient client = client();
    private final Deadline deadline = loop.call(() -> Deadline.after(loop.vertx(), 15_000));

    @AfterEach
    void close() {
        relay.close();
        loop.close();
    }

    private BoltClient client() {
        BoltSessionOptions options =
                BoltSessionOptions.of(BoltUri.parse("bolt://127.0.0.1:" + relay.port()), AuthToken.none());
        return loop.call(() -> new BoltClient(
                loop.vertx(),
                new BoltSessionOptions(
                        options.uri(),
                        null,
                        1_000,
                        () -> Future.succeededFuture(AuthToken.bearer("token " + logins.incrementAndGet())),
                        options.wire(),
                        options.pool(),
                        10_000),
                (state, cause) -> states.add(state)));
    }

    @Test
    void states() {
        loop.join(() -> client.start().map(true));
        assertEquals(List.of(Link.State.CONNECTING, Link.State.READY), states);
        relay.reset();
        await().until(() -> states.size() == 4);
        loop.join(() -> client.close().map(true));
        assertEquals(
                List.of(
                        Link.State.CONNECTING,
                        Link.State.READY,
                        Link.State.RECOVERING,
                        Link.State.READY,
                        Link.State.CLOSED),
                states);
        assertEquals(Reason.SHUTTING_DOWN, reason(loop.failure(() -> client.verify(deadline))));
    }

    @Test
    void aUserWhoIsRefusedDoesNotHammer() {
        server.script((peer, request) -> {
            boolean logon = request.request().message() == BoltMessage.LOGON;
            if (logon) {
                peer.failure(request, "Neo.ClientError.Security.Unauthorized");
            }
            return logon;
        });
        assertInstanceOf(BoltException.class, loop.failure(client::start).getCause());
        assertEquals(List.of(Link.State.CONNECTING, Link.State.CONNECTING), states);
        assertEquals(1, server.peers.size());
    }

    /** Once with the old login, then on a new connection with a new one; the old is not used again. */
    @Test
    void aLoginThatRunsOut() {
        loop.join(() -> client.verify(deadline).map(true));
        AtomicBoolean once = new AtomicBoolean();
        List<Object> tokens = new CopyOnWriteArrayList<>();
        server.script((peer, request) -> {
            if (request.request() instanceof BoltRequest.Logon logon) {
                tokens.add(logon.auth().fields().get("credentials"));
            }
            boolean expires = request.request().message() == BoltMessage.RUN && once.compareAndSet(false, true);
            if (expires) {
                peer.failure(request, "Neo.ClientError.Security.TokenExpired");
            }
            return expires;
        });
        BoltSession session = client.session();
        assertEquals(
                "done",
                loop.join(() -> session.transact(
                        WRITES,
                        transaction -> transaction
                                .run("query", Map.of(), deadline)
                                .discard(deadline)
                                .map("done"),
                        deadline)));
        assertEquals(List.of("token 2"), tokens);
        assertEquals(1, loop.call(client::connections));
    }

    /** It promised to say something each second. */
    @Test
    void aServerThatFallsSilent() {
        BoltSession session = client.session();
        server.script((peer, request) -> request.request().message() == BoltMessage.RUN);
        loop.join(() -> client.verify(deadline).map(true));
        relay.freeze();
        Throwable silent = loop.failure(
                () -> session.run("writes", Map.of(), WRITES, deadline).compose(BoltResult::opened));
        assertEquals(Reason.UNKNOWN_OUTCOME, reason(silent));
    }

    /** It says that it is still there, so it is waited for. */
    @Test
    void aServerThatIsSlow() {
        BoltSession session = client.session();
        server.script((peer, request) -> {
            boolean slow = request.request().message() == BoltMessage.RUN;
            if (slow) {
                loop.vertx().setTimer(1_500, t -> peer.success(request, Map.of("fields", List.of("slow"))));
            }
            return slow;
        });
        assertEquals(
                List.of("slow"),
                loop.join(() -> session.run("reads", Map.of(), WRITES, deadline).compose(BoltResult::opened)));
    }

    private static Reason reason(Throwable failure) {
        return assertInstanceOf(CallException.class, failure, failure::toString).reason();
    }
}
