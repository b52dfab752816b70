package dev.polywire.eventstore.client;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Dialer;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.CredentialsLayout;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.HeartbeatTimes;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.eventstore.wire.TcpPackage;
import dev.polywire.eventstore.wire.UserCredentials;
import dev.polywire.testing.Loop;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.RawPeer;
import dev.polywire.testing.Vectors;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One connection of a recording: our client's end, and in the real server's place a socket that says what was recorded. */
final class PlayedConnection {

    private static final long PATIENCE_MILLIS = 20_000;
    /** Soon, for the recordings in which the client asks. */
    private static final HeartbeatTimes OFTEN = new HeartbeatTimes(HeartbeatTimes.CLIENT.rule(), 50, 20_000);
    /** A slow machine must not make it ask. */
    private static final HeartbeatTimes NEVER = new HeartbeatTimes(HeartbeatTimes.CLIENT.rule(), 0, 20_000);

    private final Loop loop;
    private final Future<EventStoreConnection> connecting;
    private final StorePeer server;
    /** The client's ids, by those of the recording. */
    private final Map<UUID, UUID> ids = new HashMap<>();

    private record Asked(TcpCommand command, Future<EventStoreMessage> answer) {

        boolean changesNothing() {
            return command == TcpCommand.PING || command.protocolName().startsWith("Read");
        }
    }

    private final Map<UUID, Asked> calls = new HashMap<>();
    private final Map<UUID, BlockingQueue<Object>> conversations = new HashMap<>();

    private PlayedConnection(
            Loop loop,
            Dialer dialer,
            RawPeer.Door door,
            @Nullable UserCredentials credentials,
            @Nullable String name,
            boolean asks) {
        this.loop = loop;
        EventStoreClientOptions options = new EventStoreClientOptions(
                credentials,
                CredentialsLayout.PASSWORDS,
                name,
                asks ? OFTEN : NEVER,
                EventStoreClientOptions.MAX_IN_FLIGHT,
                EventStoreClientOptions.LOGIN_TIMEOUT_MILLIS,
                TcpPackage.MAX_BYTES);
        this.connecting = loop.call(() -> EventStoreConnection.connect(dialer, options));
        this.server = StorePeer.accept(door);
    }

    /** Whose client logs in as no client of the recording has, and is not recorded. @param asks by heartbeats */
    static PlayedConnection loggedIn(Loop loop, Dialer dialer, RawPeer.Door door, boolean asks) {
        PlayedConnection connection = new PlayedConnection(loop, dialer, door, null, null, asks);
        connection.identify();
        return connection;
    }

    /** Whose client logs in as recorded, with this first. */
    static PlayedConnection loggingIn(
            Loop loop, Dialer dialer, RawPeer.Door door, TcpPackage recorded, @Nullable String name) {
        PlayedConnection connection = new PlayedConnection(loop, dialer, door, recorded.credentials(), name, false);
        connection.sent(recorded);
        return connection;
    }

    private void identify() {
        server.answer(server.next(null), new ConnectionMessage.ClientIdentified());
        Outcome.value(connecting);
    }

    private EventStoreConnection client() {
        return Outcome.value(connecting);
    }

    boolean isLoggedIn() {
        return connecting.succeeded();
    }

    /** The client sends, on its own, the same bytes as in the recording but for its id. */
    void sent(TcpPackage recorded) {
        TcpCommand command = recorded.command();
        TcpPackage sent = server.next(
                command == TcpCommand.HEARTBEAT_REQUEST || command == TcpCommand.HEARTBEAT_RESPONSE ? command : null);
        if (command == TcpCommand.HEARTBEAT_RESPONSE) {
            assertEquals(recorded.correlationId(), sent.correlationId());
        }
        ids.put(recorded.correlationId(), sent.correlationId());
        assertEquals(bytes(recorded), bytes(as(recorded.correlationId(), sent)));
    }

    /** The client asks what was asked in the recording. */
    void asks(TcpPackage recorded, EventStoreMessage message) {
        UUID id = recorded.correlationId();
        switch (message.command()) {
            case SUBSCRIBE_TO_STREAM, CONNECT_TO_PERSISTENT_SUBSCRIPTION -> {
                BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
                loop.call(() -> client().begin(message, recorded.credentials(), new Heard(heard)));
                conversations.put(id, heard);
            }
            case UNSUBSCRIBE_FROM_STREAM, PERSISTENT_SUBSCRIPTION_ACK_EVENTS, PERSISTENT_SUBSCRIPTION_NAK_EVENTS ->
                loop.run(() -> client().say(ids.getOrDefault(id, id), message));
            default -> calls.put(id, new Asked(message.command(), asked(message, recorded.credentials())));
        }
        sent(recorded);
    }

    private Future<EventStoreMessage> asked(EventStoreMessage question, @Nullable UserCredentials credentials) {
        return loop.call(() -> {
            EventStoreCall call =
                    new EventStoreCall(question, credentials, Deadline.after(loop.vertx(), PATIENCE_MILLIS));
            client().send(call);
            return call.answer();
        });
    }

    /** The server says what was recorded. @return what the client makes of it, in the words of the table; empty: nothing */
    String says(TcpPackage recorded, @Nullable String nextLine) {
        UUID id = recorded.correlationId();
        // Asked before the server speaks: what it says may be the login's end, and heard at once.
        boolean loggedIn = isLoggedIn();
        long strays = loggedIn ? loop.call(() -> client().strayAnswers()) : 0;
        server.send(as(ids.getOrDefault(id, id), recorded));
        if (recorded.command() == TcpCommand.HEARTBEAT_REQUEST) {
            return "HeartbeatRequest";
        }
        if (recorded.command() == TcpCommand.HEARTBEAT_RESPONSE) {
            return "HeartbeatResponse";
        }
        if (!loggedIn) {
            return login(recorded, "IdentifyClient".equals(nextLine));
        }
        Asked call = calls.remove(id);
        if (call != null) {
            return outcome(call);
        }
        BlockingQueue<Object> conversation = conversations.get(id);
        if (conversation != null) {
            return OutcomeWords.of((EventStoreMessage) next(conversation));
        }
        soon(() -> client().isClosed() || loop.call(() -> client().strayAnswers()) > strays);
        return "";
    }

    /** @param recordedToo whether what follows a good answer is in the recording, too */
    private String login(TcpPackage recorded, boolean recordedToo) {
        if (recorded.command() == TcpCommand.AUTHENTICATED && !recordedToo) {
            identify();
        }
        if (recorded.command() == TcpCommand.CLIENT_IDENTIFIED) {
            Outcome.value(connecting);
        }
        if (recorded.command() == TcpCommand.NOT_AUTHENTICATED) {
            CallException refused = (CallException) Outcome.failure(connecting);
            assertEquals(CallException.Reason.UNAUTHENTICATED, refused.reason());
            return "NotAuthenticated text='" + refused.getMessage().replaceFirst(".* refused: ", "") + "'";
        }
        return recorded.command() == null ? "" : recorded.command().protocolName();
    }

    private static String outcome(Asked call) {
        return Outcome.value(
                call.answer().map(OutcomeWords::of).otherwise(failure -> OutcomeWords.of(call.command(), failure)));
    }

    /** The server has closed the connection: whoever waits hears of it. */
    void serverCloses() {
        server.close();
        if (!isLoggedIn()) {
            Outcome.failure(connecting);
            return;
        }
        soon(() -> client().isClosed());
        calls.values().forEach(call -> {
            CallException lost = (CallException) Outcome.failure(call.answer());
            assertEquals(
                    call.changesNothing() ? CallException.Reason.CONNECTION_LOST : CallException.Reason.UNKNOWN_OUTCOME,
                    lost.reason());
        });
    }

    /** There are many of these. */
    private static void soon(Callable<Boolean> happened) {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .atMost(Duration.ofMillis(PATIENCE_MILLIS))
                .until(happened);
    }

    void clientCloses() {
        loop.run(() -> client().close(CallException.lost("closed by the test")));
    }

    void end() {
        server.close();
    }

    private static Object next(BlockingQueue<Object> heard) {
        try {
            Object next = heard.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            assertNotNull(next, "nothing was heard");
            return next;
        } catch (InterruptedException stopped) {
            throw new AssertionError(stopped);
        }
    }

    private static TcpPackage as(UUID id, TcpPackage sent) {
        return new TcpPackage(sent.commandNumber(), sent.trusted(), id, sent.credentials(), sent.payload());
    }

    private static String bytes(TcpPackage sent) {
        Buffer bytes = sent.write(CredentialsLayout.PASSWORDS, TcpPackage.MAX_BYTES);
        // A failure with twenty megabytes would say nothing.
        return bytes.length() + ": " + Vectors.hex(bytes.getBuffer(0, Math.min(bytes.length(), 4_096))) + " #"
                + bytes.hashCode();
    }

    private record Heard(BlockingQueue<Object> heard) implements Conversation {

        @Override
        public boolean heard(EventStoreMessage message) {
            heard.add(message);
            return message.command() == TcpCommand.SUBSCRIPTION_DROPPED;
        }

        @Override
        public void unreadable(ProtocolException why) {
            heard.add(why);
        }

        @Override
        public void lost(RuntimeException cause) {
            heard.add(cause);
        }
    }
}
