package dev.polywire.amqp.wire;

import static dev.polywire.amqp.wire.ConnectionState.AUTHENTICATING;
import static dev.polywire.amqp.wire.ConnectionState.CLOSED;
import static dev.polywire.amqp.wire.ConnectionState.CLOSING;
import static dev.polywire.amqp.wire.ConnectionState.CONNECTED;
import static dev.polywire.amqp.wire.ConnectionState.FAILED;
import static dev.polywire.amqp.wire.ConnectionState.HEADER_SENT;
import static dev.polywire.amqp.wire.ConnectionState.OPEN;
import static dev.polywire.amqp.wire.ConnectionState.OPENING;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What may happen to a connection in each {@link ConnectionState}, and where it leads: all of channel 0 in one table
 * (AMQP 0-9-1, 2.2.4). {@link ChannelTransitions} is the other one.
 */
public final class ConnectionTransitions {

    /** What happens to a connection. */
    public enum Input {
        /** We send the protocol header. */
        WE_START,
        START,
        /** The server's offer is not acceptable. */
        WE_REFUSE,
        SECURE,
        TUNE,
        OPEN_OK,
        BLOCKED,
        UNBLOCKED,
        /** We send {@code update-secret}. */
        WE_UPDATE_SECRET,
        UPDATE_SECRET_OK,
        /** A frame of another channel comes, or we send one. */
        CHANNEL,
        HEARTBEAT,
        WE_CLOSE,
        CLOSE,
        CLOSE_OK,
        /** The server has closed, and all whole frames are read. */
        PEER_CLOSED,
        /** The server broke the protocol or a limit. */
        VIOLATION
    }

    private static final Map<ConnectionState, Map<Input, ConnectionState>> TABLE = new EnumMap<>(ConnectionState.class);

    static {
        add(CONNECTED, Input.WE_START, HEADER_SENT);
        add(HEADER_SENT, Input.START, AUTHENTICATING);
        add(AUTHENTICATING, Input.WE_REFUSE, FAILED);
        add(AUTHENTICATING, Input.SECURE, AUTHENTICATING);
        add(AUTHENTICATING, Input.TUNE, OPENING);
        add(OPENING, Input.OPEN_OK, OPEN);
        for (ConnectionState state : new ConnectionState[] {AUTHENTICATING, OPENING, OPEN, CLOSING}) {
            // A server that waits for us may send heartbeats.
            add(state, Input.HEARTBEAT, state);
        }
        for (Input input : new Input[] {
            Input.BLOCKED, Input.UNBLOCKED, Input.WE_UPDATE_SECRET, Input.UPDATE_SECRET_OK, Input.CHANNEL
        }) {
            add(OPEN, input, OPEN);
        }
        for (Input input : new Input[] {Input.BLOCKED, Input.UNBLOCKED, Input.UPDATE_SECRET_OK, Input.CHANNEL}) {
            add(CLOSING, input, CLOSING);
        }
        for (ConnectionState state : new ConnectionState[] {CONNECTED, HEADER_SENT, AUTHENTICATING, OPENING}) {
            // The server has nothing to close yet.
            add(state, Input.WE_CLOSE, CLOSED);
        }
        add(OPEN, Input.WE_CLOSE, CLOSING);
        add(CLOSING, Input.CLOSE_OK, CLOSED);
        for (ConnectionState state : new ConnectionState[] {HEADER_SENT, AUTHENTICATING, OPENING, OPEN, CLOSING}) {
            add(state, Input.CLOSE, CLOSED);
        }
        for (ConnectionState state : ConnectionState.values()) {
            if (!state.isFinal()) {
                add(state, Input.PEER_CLOSED, CLOSED);
                add(state, Input.VIOLATION, FAILED);
            }
        }
    }

    private ConnectionTransitions() {}

    /** The next state, or null when {@code input} is not allowed in {@code state}. */
    public static @Nullable ConnectionState next(ConnectionState state, Input input) {
        return TABLE.getOrDefault(state, Map.of()).get(input);
    }

    private static void add(ConnectionState from, Input input, ConnectionState to) {
        TABLE.computeIfAbsent(from, f -> new EnumMap<>(Input.class)).put(input, to);
    }
}
