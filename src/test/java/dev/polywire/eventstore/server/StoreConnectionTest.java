package dev.polywire.eventstore.server;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.CredentialsLayout;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.NewEvent;
import dev.polywire.eventstore.wire.SubscriptionMessage;
import dev.polywire.eventstore.wire.TcpPackage;
import dev.polywire.eventstore.wire.WriteMessage;
import dev.polywire.testing.Loop;
import dev.polywire.testing.RawPeer;
import io.vertx.core.buffer.Buffer;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients who do not read, over sockets. */
class StoreConnectionTest {

    private static final int PAYLOAD_BYTES = 256 * 1024;
    /** More than the kernel and the bound take together. */
    private static final int PAYLOADS = 256;

    private final LocalEventStore store = LocalEventStore.start();

    @AfterEach
    void close() {
        store.close();
    }

    private static Buffer bytes(EventStoreMessage message) {
        return TcpPackage.of(UUID.randomUUID(), message, null).write(CredentialsLayout.PASSWORDS, TcpPackage.MAX_BYTES);
    }

    /** One client was too slow; nobody else is connected who says nothing, and would be closed for that. */
    private void awaitOverflow(int others) {
        ServerCounters counters = store.server().counters();
        await().until(() -> counters.overflowedConnections() == 1 && counters.openConnections() == others);
    }

    private void requirePong() {
        try (StoreSocket other = StoreSocket.connect(store.port())) {
            assertInstanceOf(ConnectionMessage.Pong.class, other.ask(new ConnectionMessage.Ping(Buffer.buffer("x"))));
        }
    }

    /** What others write is pushed to it, until it is at the bound. */
    @Test
    void whoSubscribesAndDoesNotReadIsClosed() {
        try (RawPeer reader = RawPeer.connect(store.port());
                StoreSocket writer = StoreSocket.connect(store.port())) {
            reader.write(bytes(new SubscriptionMessage.SubscribeToStream("s", false)));
            assertTrue(reader.readByte() > 0);
            for (int i = 0; i < PAYLOADS && store.server().counters().overflowedConnections() == 0; i++) {
                assertInstanceOf(WriteMessage.WriteEventsCompleted.class, writer.ask(write()));
            }
            awaitOverflow(1);
            assertInstanceOf(WriteMessage.WriteEventsCompleted.class, writer.ask(write()));
            String all = Buffer.buffer(reader.readToEnd()).toString("ISO-8859-1");
            assertTrue(all.length() > UnreadOutput.MAX_BYTES, all.length() + " bytes");
        }
    }

    /** Its questions wait; after a while it is closed. */
    @Test
    void whoAsksAndDoesNotReadIsClosed() {
        try (RawPeer asker = RawPeer.connect(store.port())) {
            writeForEver(asker, bytes(new ConnectionMessage.Ping(Buffer.buffer(new byte[PAYLOAD_BYTES]))));
            awaitOverflow(0);
            requirePong();
        }
    }

    private static void writeForEver(RawPeer asker, Buffer bytes) {
        Thread thread = new Thread(
                () -> {
                    try {
                        for (int i = 0; i < PAYLOADS; i++) {
                            asker.write(bytes);
                        }
                    } catch (UncheckedIOException closed) {
                        // As it should be.
                    }
                },
                "writes");
        thread.setDaemon(true);
        thread.start();
    }

    /** The machine's answers, which no session sees. */
    @Test
    void whoSendsHeartbeatsAndDoesNotReadIsClosed() {
        try (RawPeer asker = RawPeer.connect(store.port())) {
            Buffer heartbeats = Buffer.buffer();
            while (heartbeats.length() < PAYLOAD_BYTES) {
                heartbeats.appendBuffer(bytes(new ConnectionMessage.HeartbeatRequest()));
            }
            writeForEver(asker, heartbeats);
            awaitOverflow(0);
            requirePong();
        }
    }

    /** One answer may be larger than what may wait. */
    @Test
    void aLargeAnswerIsNoFault() {
        try (RawPeer client = RawPeer.connect(store.port())) {
            int large = (int) UnreadOutput.MAX_BYTES * 2;
            Thread asks = new Thread(
                    () -> client.write(bytes(new ConnectionMessage.Ping(Buffer.buffer(new byte[large])))), "asks");
            asks.start();
            for (int i = 0; i < large + 22; i++) {
                assertTrue(client.readByte() >= 0);
            }
            assertEquals(0, store.server().counters().overflowedConnections());
        }
    }

    /** Whatever it has asked at once, who reads gets all of it. */
    @Test
    void whoReadsGetsAllAnswers() {
        try (StoreSocket client = StoreSocket.connect(store.port())) {
            EventStoreMessage ping = new ConnectionMessage.Ping(Buffer.buffer(new byte[PAYLOAD_BYTES]));
            Thread asks = new Thread(
                    () -> {
                        for (int i = 0; i < PAYLOADS; i++) {
                            client.send(ping);
                        }
                    },
                    "asks");
            asks.start();
            for (int i = 0; i < PAYLOADS; i++) {
                assertInstanceOf(ConnectionMessage.Pong.class, client.read());
            }
            assertEquals(0, store.server().counters().overflowedConnections());
        }
    }

    /** Subscriptions are over before the connection is. */
    @Test
    void theServerShutsDownCleanly() {
        try (StoreSocket client = StoreSocket.connect(store.port())) {
            assertInstanceOf(
                    SubscriptionMessage.SubscriptionConfirmation.class,
                    client.ask(new SubscriptionMessage.SubscribeToStream("s", false)));
            Loop.await(store.server().close());
            assertInstanceOf(SubscriptionMessage.SubscriptionDropped.class, client.read());
            assertNull(client.read());
        }
    }

    private static EventStoreMessage write() {
        return new WriteMessage.WriteEvents(
                "s",
                -2,
                List.of(new NewEvent(
                        UUID.randomUUID(),
                        "t",
                        NewEvent.BINARY,
                        Buffer.buffer(new byte[PAYLOAD_BYTES]),
                        Buffer.buffer())),
                false);
    }
}
