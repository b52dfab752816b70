package dev.polywire.eventstore.server;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.MemoryBudget;
import dev.polywire.core.net.TlsOptions;
import dev.polywire.eventstore.store.StoreBounds;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.NotHandledReason;
import dev.polywire.eventstore.wire.OperationResult;
import dev.polywire.eventstore.wire.WriteMessage;
import dev.polywire.testing.Certificates;
import dev.polywire.testing.Loop;
import dev.polywire.testing.TlsSockets;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes, roles and bounds over sockets. */
class EventStoreServerTest {

    private static final EventStoreMessage PING = new ConnectionMessage.Ping(Buffer.buffer("ping"));
    private static final EventStoreMessage PONG = new ConnectionMessage.Pong(Buffer.buffer("ping"));

    private LocalEventStore store =
            LocalEventStore.start(EventStoreServerOptions.DEFAULT, NodeEndpoints.loopback(), NodeEndpoints.loopback());
    private final ListeningNode leader = store.server().nodes().get(0);
    private final ListeningNode follower = store.server().nodes().get(1);

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void rolesMayChangeWhileClientsAreConnected() {
        try (StoreSocket client = StoreSocket.connect(follower.port())) {
            ConnectionMessage.NotHandled refused =
                    assertInstanceOf(ConnectionMessage.NotHandled.class, client.ask(write()));
            assertEquals(NotHandledReason.NOT_LEADER, refused.reason());
            assertEquals(leader.port(), refused.leader().externalTcpPort());
            assertEquals(leader.httpPort(), refused.leader().httpPort());

            Loop.await(follower.become(NodeRole.LEADER));

            assertEquals(OperationResult.SUCCESS, result(client.ask(write())));
            assertEquals(NodeRole.FOLLOWER, leader.role());
        }
    }

    @Test
    void anotherNodeTakesThePlaceOfALeaderThatIsGone() {
        // README cluster
        leader.close().await(); // it is killed, and the follower does not know that yet
        follower.become(NodeRole.LEADER).await(); // it is elected
        leader.open().await(); // it is back, at its port, and follows
        // README cluster
        try (StoreSocket client = StoreSocket.connect(leader.port())) {
            ConnectionMessage.NotHandled refused =
                    assertInstanceOf(ConnectionMessage.NotHandled.class, client.ask(write()));
            assertEquals(follower.port(), refused.leader().externalTcpPort());
        }
    }

    @Test
    void aNodeThatIsClosedComesBackAtItsPortWithTheSameStreams() {
        int port = leader.port();
        try (StoreSocket client = StoreSocket.connect(port)) {
            assertEquals(OperationResult.SUCCESS, result(client.ask(write())));

            Loop.await(leader.close());

            assertNull(client.read(), "the connection is closed");
            assertThrows(UncheckedIOException.class, () -> StoreSocket.connect(port));
            assertEquals(NodeRole.LEADER, leader.role());
        }
        Loop.await(leader.open());
        assertEquals(port, leader.port());
        try (StoreSocket client = StoreSocket.connect(port)) {
            assertEquals(1, first(client.ask(write())), "behind the event from before");
        }
    }

    @Test
    void whatIsOpenStaysOpen() {
        int port = leader.port();

        Loop.await(leader.open());

        assertEquals(port, leader.port());
        try (StoreSocket client = StoreSocket.connect(port)) {
            assertEquals(PONG, client.ask(PING));
        }
    }

    @Test
    void stepsOfANodeWaitForEachOther() {
        Loop.await(leader.close());
        int port = leader.port();
        Future<Void> first = leader.open();
        Future<Void> second = leader.open();
        Future<Void> closed = leader.close();
        Loop.await(Future.all(first, second, closed));
        assertThrows(UncheckedIOException.class, () -> StoreSocket.connect(port));

        Future<Void> gone = leader.close();
        Loop.await(leader.open());
        Loop.await(gone);
        try (StoreSocket client = StoreSocket.connect(port)) {
            assertEquals(PONG, client.ask(PING));
        }
    }

    @Test
    void aClosedServerIsClosedForGood() {
        EventStoreServer server = store.server();
        Loop.await(leader.close());
        Future<Void> opening = leader.open();
        Future<Void> closed = server.close();
        Future<Integer> late = server.listen();
        Loop.await(closed);
        assertTrue(opening.isComplete());

        assertFalse(late.succeeded());
        assertSaidClosed(server.listen());
        assertSaidClosed(leader.open());
        assertThrows(UncheckedIOException.class, () -> StoreSocket.connect(leader.port()));
        assertThrows(UncheckedIOException.class, () -> StoreSocket.connect(follower.port()));
    }

    private static void assertSaidClosed(Future<?> refused) {
        await().until(refused::isComplete);
        assertInstanceOf(IllegalStateException.class, refused.cause());
        assertEquals(
                "the server is closed (expected: an open one)", refused.cause().getMessage());
    }

    @Test
    void aWriteWithoutMajorityTimesOutAndIsCommittedLater() {
        Loop.await(store.server().majority(false));
        try (StoreSocket client = StoreSocket.connect(leader.port())) {
            assertEquals(OperationResult.COMMIT_TIMEOUT, result(client.ask(write())), "after two seconds");

            Loop.await(store.server().majority(true));

            assertEquals(1, first(client.ask(write())));
        }
    }

    @Test
    void moreConnectionsThanAllowedAreClosed() {
        store.close();
        store = LocalEventStore.start(bounded(1), NodeEndpoints.loopback());
        try (StoreSocket first = StoreSocket.connect(store.port())) {
            assertEquals(PONG, first.ask(PING));
            try (StoreSocket second = StoreSocket.connect(store.port())) {
                assertNull(second.read());
            }
            assertEquals(1, store.server().counters().refusedConnections());
            assertEquals(PONG, first.ask(PING));
        }
        await().until(() -> store.server().counters().openConnections() == 0);
        try (StoreSocket third = StoreSocket.connect(store.port())) {
            assertEquals(PONG, third.ask(PING));
            assertEquals(2, store.server().counters().acceptedConnections());
        }
    }

    @Test
    void connectionsThatAreRefusedForWantOfMemoryAreCounted() {
        Vertx vertx = Vertx.vertx();
        try {
            EventStoreServer server = new EventStoreServer(vertx, EndpointOptions.of("127.0.0.1", 0));
            int port = Loop.await(server.listen());
            MemoryBudget.of(vertx).limit(-1); // nobody has room
            try (StoreSocket client = StoreSocket.connect(port)) {
                assertNull(client.read());
            }
            assertEquals(1, server.counters().refusedConnections());
        } finally {
            Loop.await(vertx.close());
        }
    }

    @Test
    void aNodeMayHaveListenersWithAndWithoutTls(@TempDir Path directory) {
        store.close();
        Certificates identity = Certificates.make(directory, "store", "ip:127.0.0.1");
        EndpointOptions plain = EndpointOptions.of("127.0.0.1", 0);
        EndpointOptions secure = new EndpointOptions("127.0.0.1", 0, 10_000, tls(identity));
        store = LocalEventStore.start(EventStoreServerOptions.DEFAULT, new NodeEndpoints(plain, secure, null));
        ListeningNode node = store.server().nodes().get(0);
        assertNotEquals(node.port(), node.securePort());

        try (StoreSocket client = StoreSocket.connect(node.port());
                StoreSocket secret = StoreSocket.connect(TlsSockets.of(identity, null), node.securePort())) {
            assertEquals(0, first(client.ask(write())));
            assertEquals(1, first(secret.ask(write())), "in the same store");
        }
    }

    @Test
    void endpointsThatContradictThemselvesAreRefused() {
        EndpointOptions plain = EndpointOptions.of("127.0.0.1", 0);

        assertSaid("endpoints: none", () -> new NodeEndpoints(null, null, plain));
        assertSaid("tcp.tls", () -> new NodeEndpoints(plain.secured(), null, null));
        assertSaid("secureTcp.tls", () -> new NodeEndpoints(null, plain, null));
        assertSaid("nodes: 0", () -> LocalEventStore.start(EventStoreServerOptions.DEFAULT));
        assertSaid("maxConnections: 0", () -> bounded(0));
    }

    @Test
    void aFullStoreIsTooBusyForWrites() {
        store.close();
        store = LocalEventStore.start(
                new EventStoreServerOptions(ServerVersion.V5_0_11, 10, new StoreBounds(5, 1_000_000, 1, 10)),
                NodeEndpoints.loopback());
        try (StoreSocket client = StoreSocket.connect(store.port())) {
            int written = 0;
            EventStoreMessage answer = client.ask(write());
            for (; answer instanceof WriteMessage.WriteEventsCompleted && written < 10; answer = client.ask(write())) {
                written++;
            }
            assertTrue(written > 0);
            assertEquals(new ConnectionMessage.NotHandled(NotHandledReason.TOO_BUSY, null), answer);
            assertEquals(1, store.server().counters().tooBusyAnswers());
            assertEquals(PONG, client.ask(PING));
        }
    }

    private static EventStoreServerOptions bounded(int maxConnections) {
        return new EventStoreServerOptions(ServerVersion.V5_0_11, maxConnections, StoreBounds.DEFAULT);
    }

    private static void assertSaid(String words, Runnable step) {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, step::run);
        assertTrue(refused.getMessage().startsWith(words), refused::getMessage);
    }

    static TlsOptions tls(Certificates identity) {
        return new TlsOptions(null, identity.certificate(), identity.key(), true);
    }

    private static EventStoreMessage write() {
        return EventStoreNodeTest.write("ponies", true);
    }

    private static OperationResult result(EventStoreMessage answer) {
        return assertInstanceOf(WriteMessage.WriteEventsCompleted.class, answer).result();
    }

    private static long first(EventStoreMessage answer) {
        return assertInstanceOf(WriteMessage.WriteEventsCompleted.class, answer).firstEventNumber();
    }
}
