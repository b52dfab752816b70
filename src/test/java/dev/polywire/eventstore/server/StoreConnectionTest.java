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
import dev.polywire.eventstore.wire.PersistentMessage;
import dev.polywire.eventstore.wire.SubscriptionMessage;
import dev.polywire.eventstore.wire.TcpPackage;
import dev.polywire.eventstore.wire.UserCredentials;
import dev.polywire.eventstore.wire.WriteMessage;
import dev.polywire.testing.Loop;
import dev.polywire.testing.RawPeer;
import io.vertx.core.buffer.Buffer;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
        return bytes(message, null);
    }

    private static Buffer bytes(EventStoreMessage message, @Nullable UserCredentials user) {
        return TcpPackage.of(UUID.randomUUID(), message, user).write(CredentialsLayout.PASSWORDS, TcpPackage.MAX_BYTES);
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

    /** Its subscriptions are over before a write is told to its end: what a group has given it goes to another one meanwhile. */
    @Test
    void whoIsRefusedIsPushedNothingMore() {
        EventStoreMessage connect =
                new PersistentMessage.ConnectToPersistentSubscription(GroupRoom.GROUP, GroupRoom.STREAM, 1);
        EventStoreMessage subscribe = new SubscriptionMessage.SubscribeToStream("s", false);
        try (RawPeer operator = RawPeer.connect(store.port());
                StoreSocket refused = StoreSocket.connect(store.port());
                StoreSocket other = StoreSocket.connect(store.port());
                StoreSocket writer = StoreSocket.connect(store.port())) {
            operator.write(bytes(new GroupRoom.Wish().create(), SessionClient.ADMIN));
            assertTrue(operator.readByte() > 0);
            refused.ask(connect);
            writer.ask(write(GroupRoom.STREAM, 1));
            assertInstanceOf(PersistentMessage.PersistentSubscriptionStreamEventAppeared.class, refused.read());
            for (int i = 0; i < 4; i++) {
                refused.ask(subscribe);
            }
            other.ask(connect);
            other.ask(subscribe);
            int events = 16;
            writer.ask(write("s", events));
            assertEquals(1, store.server().counters().overflowedConnections());
            List<Class<?>> told = new ArrayList<>();
            for (int i = 0; i <= events; i++) {
                told.add(Objects.requireNonNull(other.read()).getClass());
            }
            int given = told.indexOf(PersistentMessage.PersistentSubscriptionStreamEventAppeared.class);
            assertTrue(given >= 0 && given < events, told.toString());
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
            assertEquals(large + 22, client.read(large + 22).length);
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
        return write("s", 1);
    }

    private static EventStoreMessage write(String stream, int events) {
        return new WriteMessage.WriteEvents(
                stream,
                -2,
                Stream.generate(() -> new NewEvent(
                                UUID.randomUUID(),
                                "t",
                                NewEvent.BINARY,
                                Buffer.buffer(new byte[PAYLOAD_BYTES]),
                                Buffer.buffer()))
                        .limit(events)
                        .toList(),
                false);
    }
}
