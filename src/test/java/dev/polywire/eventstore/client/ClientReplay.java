package dev.polywire.eventstore.client;

import dev.polywire.core.net.Dialer;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.CredentialsLayout;
import dev.polywire.eventstore.wire.EventStoreMachine;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.eventstore.wire.TcpPackage;
import dev.polywire.eventstore.wire.Transcript;
import dev.polywire.testing.Loop;
import dev.polywire.testing.RawPeer;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A recorded conversation, in which our client takes the place of the recording's. */
final class ClientReplay implements AutoCloseable {

    private static final Pattern CLOSES = Pattern.compile("client: closes connection(?: (\\d+))?");
    private static final String SERVER_CLOSED = "server: connection closed (FIN)";
    private static final int CLIENT_VERSION = 1;

    private final Loop loop;
    private final Transcript transcript;
    private final RawPeer.Door door;
    private final Dialer dialer;

    private final Map<Integer, PlayedConnection> connections = new TreeMap<>();
    /** Conversations of the recording that our client does not have, with their connections. */
    private final Set<String> leftOut = new HashSet<>();
    /** Heartbeats of the server, with their connections. */
    private final Set<String> heartbeats = new HashSet<>();
    /** Those in which somebody listens for more than one answer. */
    private final Set<String> conversations = new HashSet<>();

    private final Set<String> repeated = new HashSet<>();

    private final Map<Integer, String> ended = new HashMap<>();
    private final List<String> told = new ArrayList<>();
    private int played;
    private int unplayed;

    /** @param dialer whose connections come to the door, and no others */
    ClientReplay(Loop loop, RawPeer.Door door, Dialer dialer, Transcript transcript) {
        this.loop = loop;
        this.door = door;
        this.dialer = dialer;
        this.transcript = transcript;
    }

    /** Plays it. Fails when our client sends other bytes than were recorded. */
    ClientReplay play() {
        for (int i = 0; i < transcript.lines().size(); i++) {
            Transcript.Line line = transcript.lines().get(i);
            try {
                switch (line.from()) {
                    case 'C' -> client(line);
                    case 'S' -> server(line, next(i));
                    default -> happened(line.text());
                }
            } catch (RuntimeException | AssertionError wrong) {
                throw new AssertionError(transcript.name() + ", line " + (i + 1) + ": " + wrong, wrong);
            }
        }
        return this;
    }

    /** How many of the client's lines our client has sent. */
    int played() {
        return played;
    }

    /** How many it has not. */
    int unplayed() {
        return unplayed;
    }

    /** What its callers were told, in the words of the table. */
    List<String> told() {
        return told;
    }

    /** What the client sends next on this line's connection; null: nothing. */
    private @Nullable String next(int at) {
        int connection = transcript.lines().get(at).connection();
        return transcript.lines().subList(at + 1, transcript.lines().size()).stream()
                .filter(each -> each.from() == 'C' && each.connection() == connection)
                .map(Transcript.Line::command)
                .findFirst()
                .orElse(null);
    }

    private void client(Transcript.Line line) {
        TcpPackage recorded = sendable(line);
        if (recorded == null) {
            unplayed++;
            return;
        }
        played++;
        int at = line.connection();
        EventStoreMessage message = EventStoreMessage.read(recorded.command(), recorded.payload());
        boolean ofLogin = message instanceof ConnectionMessage.Authenticate
                || message instanceof ConnectionMessage.IdentifyClient;
        PlayedConnection connection = connections.get(at);
        if (ofLogin) {
            if (connection == null) {
                String name =
                        message instanceof ConnectionMessage.IdentifyClient first ? first.connectionName() : name(line);
                connections.put(at, PlayedConnection.loggingIn(loop, dialer, door, recorded, name));
            } else {
                connection.sent(recorded);
            }
            return;
        }
        if (connection == null) {
            boolean asks = recorded.command() == TcpCommand.HEARTBEAT_REQUEST;
            connection = PlayedConnection.loggedIn(loop, dialer, door, asks);
            connections.put(at, connection);
        }
        if (message instanceof ConnectionMessage.HeartbeatRequest
                || message instanceof ConnectionMessage.HeartbeatResponse) {
            connection.sent(recorded);
        } else {
            connection.asks(recorded, message);
        }
    }

    /** Of the connection whose login begins here. */
    private @Nullable String name(Transcript.Line begins) {
        return transcript.lines().stream()
                .filter(each -> each.from() == 'C' && each.connection() == begins.connection())
                .filter(each -> each.command().equals("IdentifyClient"))
                .map(each -> TcpPackage.read(each.bytes(), CredentialsLayout.PASSWORDS))
                .map(each -> (ConnectionMessage.IdentifyClient) EventStoreMessage.read(each.command(), each.payload()))
                .findFirst()
                .map(ConnectionMessage.IdentifyClient::connectionName)
                .orElse(null);
    }

    /** What our client would send in this place; null: nothing like this. */
    private @Nullable TcpPackage sendable(Transcript.Line line) {
        if (!line.isPackage() || ended.containsKey(line.connection())) {
            return null;
        }
        TcpPackage recorded;
        EventStoreMessage message;
        try {
            recorded = TcpPackage.read(line.bytes(), CredentialsLayout.PASSWORDS);
            TcpCommand command = recorded.command();
            if (command == null || command.sender() == TcpCommand.Sender.SERVER) {
                return leave(line, recorded);
            }
            message = EventStoreMessage.read(command, recorded.payload());
        } catch (ProtocolException bad) {
            return null;
        }
        String id = line.connection() + " " + recorded.correlationId();
        boolean ours = !isRepeated(recorded, id)
                && message.payload().equals(recorded.payload())
                && !recorded.trusted()
                && !recorded.correlationId().equals(EventStoreMachine.NO_CONVERSATION)
                && would(line, recorded, message);
        if (!ours) {
            return leave(line, recorded);
        }
        if (begins(recorded)) {
            conversations.add(id);
        }
        leftOut.remove(id);
        return recorded;
    }

    /** Of a conversation whose id another one has, which still goes on: nobody knows what is said to whom. */
    private boolean isRepeated(TcpPackage recorded, String id) {
        if (begins(recorded) && conversations.contains(id)) {
            repeated.add(id);
        }
        return repeated.contains(id);
    }

    private static boolean begins(TcpPackage recorded) {
        return recorded.command() == TcpCommand.SUBSCRIBE_TO_STREAM
                || recorded.command() == TcpCommand.CONNECT_TO_PERSISTENT_SUBSCRIPTION;
    }

    private @Nullable TcpPackage leave(Transcript.Line line, TcpPackage recorded) {
        leftOut.add(line.connection() + " " + recorded.correlationId());
        return null;
    }

    private boolean would(Transcript.Line line, TcpPackage recorded, EventStoreMessage message) {
        PlayedConnection connection = connections.get(line.connection());
        String id = line.connection() + " " + recorded.correlationId();
        return switch (message.command()) {
            case AUTHENTICATE -> connection == null && recorded.credentials() != null;
            case IDENTIFY_CLIENT ->
                (connection == null || !connection.isLoggedIn())
                        && recorded.credentials() == null
                        && ((ConnectionMessage.IdentifyClient) message).version() == CLIENT_VERSION;
            // By the clock: it has to be the first.
            case HEARTBEAT_REQUEST -> connection == null && recorded.credentials() == null;
            case HEARTBEAT_RESPONSE -> heartbeats.contains(id);
            case PONG -> false;
            case UNSUBSCRIBE_FROM_STREAM, PERSISTENT_SUBSCRIPTION_ACK_EVENTS, PERSISTENT_SUBSCRIPTION_NAK_EVENTS ->
                isLoggedIn(connection) && recorded.credentials() == null;
            default -> isLoggedIn(connection);
        };
    }

    private static boolean isLoggedIn(@Nullable PlayedConnection connection) {
        return connection == null || connection.isLoggedIn();
    }

    private void server(Transcript.Line line, @Nullable String nextOfClient) {
        Buffer bytes = line.bytes();
        TcpPackage recorded = TcpPackage.read(bytes, CredentialsLayout.PASSWORDS);
        int at = line.connection();
        UUID id = recorded.correlationId();
        PlayedConnection connection = connections.get(at);
        if (leftOut.contains(at + " " + id)) {
            return;
        }
        if (recorded.command() == TcpCommand.HEARTBEAT_REQUEST) {
            heartbeats.add(at + " " + id);
            if (connection == null) {
                connection = PlayedConnection.loggedIn(loop, dialer, door, false);
                connections.put(at, connection);
            }
        }
        if (connection == null || ended.containsKey(at)) {
            return;
        }
        String outcome = connection.says(recorded, nextOfClient);
        if (recorded.command() == TcpCommand.SUBSCRIPTION_DROPPED) {
            conversations.remove(at + " " + id);
        }
        if (!outcome.isEmpty()) {
            told.add(outcome);
        }
        if (recorded.command() == TcpCommand.NOT_AUTHENTICATED && !connection.isLoggedIn()) {
            ended.put(at, "refused");
        }
    }

    private void happened(String text) {
        Matcher closes = CLOSES.matcher(text);
        if (text.startsWith(SERVER_CLOSED)) {
            connections.values().forEach(PlayedConnection::serverCloses);
            connections.keySet().forEach(at -> ended.put(at, text));
        } else if (closes.matches()) {
            int at = closes.group(1) == null ? 1 : Integer.parseInt(closes.group(1));
            PlayedConnection connection = connections.get(at);
            if (connection != null && !ended.containsKey(at)) {
                connection.clientCloses();
                ended.put(at, text);
            }
        }
    }

    @Override
    public void close() {
        connections.values().forEach(PlayedConnection::end);
    }
}
