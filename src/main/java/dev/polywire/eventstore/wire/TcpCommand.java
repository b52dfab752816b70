package dev.polywire.eventstore.wire;

import dev.polywire.core.wire.ProtocolException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All commands: number, who sends it, and its message. 0x05 to 0x17 are for nodes among themselves; of these, two are here
 * because servers name them when a client sends one.
 */
public enum TcpCommand {
    HEARTBEAT_REQUEST(0x01, Sender.BOTH, in -> new ConnectionMessage.HeartbeatRequest()),
    HEARTBEAT_RESPONSE(0x02, Sender.BOTH, in -> new ConnectionMessage.HeartbeatResponse()),
    PING(0x03, Sender.BOTH, ConnectionMessage.Ping::read),
    PONG(0x04, Sender.BOTH, ConnectionMessage.Pong::read),
    PREPARE_ACK(0x05, Sender.NODE, null),
    SUBSCRIBE_REPLICA(0x10, Sender.NODE, null),

    WRITE_EVENTS(0x82, Sender.CLIENT, WriteMessage.WriteEvents::read),
    WRITE_EVENTS_COMPLETED(0x83, Sender.SERVER, WriteMessage.WriteEventsCompleted::read),
    TRANSACTION_START(0x84, Sender.CLIENT, WriteMessage.TransactionStart::read),
    TRANSACTION_START_COMPLETED(0x85, Sender.SERVER, WriteMessage.TransactionStartCompleted::read),
    TRANSACTION_WRITE(0x86, Sender.CLIENT, WriteMessage.TransactionWrite::read),
    TRANSACTION_WRITE_COMPLETED(0x87, Sender.SERVER, WriteMessage.TransactionWriteCompleted::read),
    TRANSACTION_COMMIT(0x88, Sender.CLIENT, WriteMessage.TransactionCommit::read),
    TRANSACTION_COMMIT_COMPLETED(0x89, Sender.SERVER, WriteMessage.TransactionCommitCompleted::read),
    DELETE_STREAM(0x8a, Sender.CLIENT, WriteMessage.DeleteStream::read),
    DELETE_STREAM_COMPLETED(0x8b, Sender.SERVER, WriteMessage.DeleteStreamCompleted::read),

    READ_EVENT(0xb0, Sender.CLIENT, ReadMessage.ReadEvent::read),
    READ_EVENT_COMPLETED(0xb1, Sender.SERVER, ReadMessage.ReadEventCompleted::read),
    READ_STREAM_EVENTS_FORWARD(0xb2, Sender.CLIENT, ReadMessage.ReadStreamEvents::read),
    READ_STREAM_EVENTS_FORWARD_COMPLETED(0xb3, Sender.SERVER, ReadMessage.ReadStreamEventsCompleted::read),
    READ_STREAM_EVENTS_BACKWARD(0xb4, Sender.CLIENT, ReadMessage.ReadStreamEvents::read),
    READ_STREAM_EVENTS_BACKWARD_COMPLETED(0xb5, Sender.SERVER, ReadMessage.ReadStreamEventsCompleted::read),
    READ_ALL_EVENTS_FORWARD(0xb6, Sender.CLIENT, ReadMessage.ReadAllEvents::read),
    READ_ALL_EVENTS_FORWARD_COMPLETED(0xb7, Sender.SERVER, ReadMessage.ReadAllEventsCompleted::read),
    READ_ALL_EVENTS_BACKWARD(0xb8, Sender.CLIENT, ReadMessage.ReadAllEvents::read),
    READ_ALL_EVENTS_BACKWARD_COMPLETED(0xb9, Sender.SERVER, ReadMessage.ReadAllEventsCompleted::read),
    /** The four filtered reads exist since 20.6. */
    FILTERED_READ_ALL_EVENTS_FORWARD(0xba, Sender.CLIENT, ReadMessage.FilteredReadAllEvents::read),
    FILTERED_READ_ALL_EVENTS_FORWARD_COMPLETED(0xbb, Sender.SERVER, ReadMessage.FilteredReadAllEventsCompleted::read),
    FILTERED_READ_ALL_EVENTS_BACKWARD(0xbc, Sender.CLIENT, ReadMessage.FilteredReadAllEvents::read),
    /** Not 0xbd, which nothing uses. */
    FILTERED_READ_ALL_EVENTS_BACKWARD_COMPLETED(0xbe, Sender.SERVER, ReadMessage.FilteredReadAllEventsCompleted::read),

    SUBSCRIBE_TO_STREAM(0xc0, Sender.CLIENT, SubscriptionMessage.SubscribeToStream::read),
    SUBSCRIPTION_CONFIRMATION(0xc1, Sender.SERVER, SubscriptionMessage.SubscriptionConfirmation::read),
    STREAM_EVENT_APPEARED(0xc2, Sender.SERVER, SubscriptionMessage.StreamEventAppeared::read),
    UNSUBSCRIBE_FROM_STREAM(0xc3, Sender.CLIENT, in -> new SubscriptionMessage.UnsubscribeFromStream()),
    SUBSCRIPTION_DROPPED(0xc4, Sender.SERVER, SubscriptionMessage.SubscriptionDropped::read),

    CONNECT_TO_PERSISTENT_SUBSCRIPTION(0xc5, Sender.CLIENT, PersistentMessage.ConnectToPersistentSubscription::read),
    PERSISTENT_SUBSCRIPTION_CONFIRMATION(
            0xc6, Sender.SERVER, PersistentMessage.PersistentSubscriptionConfirmation::read),
    PERSISTENT_SUBSCRIPTION_STREAM_EVENT_APPEARED(
            0xc7, Sender.SERVER, PersistentMessage.PersistentSubscriptionStreamEventAppeared::read),
    CREATE_PERSISTENT_SUBSCRIPTION(0xc8, Sender.CLIENT, PersistentMessage.CreatePersistentSubscription::read),
    CREATE_PERSISTENT_SUBSCRIPTION_COMPLETED(
            0xc9, Sender.SERVER, PersistentMessage.CreatePersistentSubscriptionCompleted::read),
    DELETE_PERSISTENT_SUBSCRIPTION(0xca, Sender.CLIENT, PersistentMessage.DeletePersistentSubscription::read),
    DELETE_PERSISTENT_SUBSCRIPTION_COMPLETED(
            0xcb, Sender.SERVER, PersistentMessage.DeletePersistentSubscriptionCompleted::read),
    PERSISTENT_SUBSCRIPTION_ACK_EVENTS(0xcc, Sender.CLIENT, PersistentMessage.PersistentSubscriptionAckEvents::read),
    PERSISTENT_SUBSCRIPTION_NAK_EVENTS(0xcd, Sender.CLIENT, PersistentMessage.PersistentSubscriptionNakEvents::read),
    UPDATE_PERSISTENT_SUBSCRIPTION(0xce, Sender.CLIENT, PersistentMessage.UpdatePersistentSubscription::read),
    UPDATE_PERSISTENT_SUBSCRIPTION_COMPLETED(
            0xcf, Sender.SERVER, PersistentMessage.UpdatePersistentSubscriptionCompleted::read),

    SCAVENGE_DATABASE(0xd0, Sender.CLIENT, in -> new ConnectionMessage.ScavengeDatabase()),
    SCAVENGE_DATABASE_RESPONSE(0xd1, Sender.SERVER, ConnectionMessage.ScavengeDatabaseResponse::read),
    /** This and the next one exist since 20.6. */
    FILTERED_SUBSCRIBE_TO_STREAM(0xd2, Sender.CLIENT, SubscriptionMessage.FilteredSubscribeToStream::read),
    CHECKPOINT_REACHED(0xd3, Sender.SERVER, SubscriptionMessage.CheckpointReached::read),

    BAD_REQUEST(0xf0, Sender.SERVER, ConnectionMessage.BadRequest::read),
    NOT_HANDLED(0xf1, Sender.SERVER, ConnectionMessage.NotHandled::read),
    AUTHENTICATE(0xf2, Sender.CLIENT, in -> new ConnectionMessage.Authenticate()),
    AUTHENTICATED(0xf3, Sender.SERVER, in -> new ConnectionMessage.Authenticated()),
    NOT_AUTHENTICATED(0xf4, Sender.SERVER, ConnectionMessage.NotAuthenticated::read),
    IDENTIFY_CLIENT(0xf5, Sender.CLIENT, ConnectionMessage.IdentifyClient::read),
    CLIENT_IDENTIFIED(0xf6, Sender.SERVER, in -> new ConnectionMessage.ClientIdentified());

    /** Who sends a command. */
    public enum Sender {
        CLIENT,
        SERVER,
        BOTH,
        /** One node to another, never on a client's connection. */
        NODE
    }

    private static final TcpCommand[] BY_NUMBER = new TcpCommand[256];
    private static final Map<String, TcpCommand> BY_NAME = new HashMap<>();
    private static final Map<TcpCommand, TcpCommand> COMPLETED = new EnumMap<>(TcpCommand.class);

    static {
        for (TcpCommand each : values()) {
            BY_NUMBER[each.number] = each;
            BY_NAME.put(each.protocolName, each);
        }
        for (TcpCommand each : values()) {
            TcpCommand completed = BY_NAME.get(each.protocolName + "Completed");
            if (completed != null) {
                COMPLETED.put(each, completed);
            }
        }
    }

    /** Records have the names of their commands, so that fifty of them need not repeat a number. */
    private static final ClassValue<TcpCommand> BY_MESSAGE = new ClassValue<>() {
        @Override
        protected TcpCommand computeValue(Class<?> message) {
            return Objects.requireNonNull(BY_NAME.get(message.getSimpleName()), message::getName);
        }
    };

    private final int number;
    private final Sender sender;
    private final @Nullable Function<PayloadReader, EventStoreMessage> reader;
    private final String protocolName;

    TcpCommand(int number, Sender sender, @Nullable Function<PayloadReader, EventStoreMessage> reader) {
        this.number = number;
        this.sender = sender;
        this.reader = reader;
        this.protocolName = Stream.of(name().split("_"))
                .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }

    /** The command with this number; null: none has it. */
    public static @Nullable TcpCommand of(int number) {
        return BY_NUMBER[number];
    }

    static TcpCommand of(Class<? extends EventStoreMessage> message) {
        return BY_MESSAGE.get(message);
    }

    /**
     * The command of the answer to a question that has one answer.
     *
     * @throws IllegalStateException when there is no such answer
     */
    public TcpCommand answer() {
        return switch (this) {
            case PING -> PONG;
            case SCAVENGE_DATABASE -> SCAVENGE_DATABASE_RESPONSE;
            default -> {
                TcpCommand completed = COMPLETED.get(this);
                if (completed == null) {
                    throw new IllegalStateException(protocolName + " has no answer");
                }
                yield completed;
            }
        };
    }

    public int number() {
        return number;
    }

    public Sender sender() {
        return sender;
    }

    /** As the protocol spells it: {@code WriteEvents}. */
    public String protocolName() {
        return protocolName;
    }

    /** @throws ProtocolException DECODE when the payload is not its message, or it has none that clients or servers exchange */
    EventStoreMessage read(PayloadReader in) {
        if (reader == null) {
            throw ProtocolException.decode("command: " + protocolName + " (expected: one of clients or servers)");
        }
        return reader.apply(in);
    }
}
