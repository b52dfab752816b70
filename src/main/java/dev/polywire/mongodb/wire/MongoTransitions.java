package dev.polywire.mongodb.wire;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What may happen in each {@link MongoState}, and where it leads: the whole conversation of a client in one table. */
public final class MongoTransitions {

    /** What happens to a connection. */
    public enum Input {
        /** We send the hello. */
        START,
        /** The hello is answered, with versions that we support. */
        HELLO_ACCEPTED,
        /** The login needs another command, or keys. */
        LOGIN_GOES_ON,
        /** The server knows us; without a login, as soon as the hello is accepted. */
        LOGGED_IN,
        /** Either side has refused the login of the other. */
        LOGIN_REFUSED,
        /** The hello is answered with {@code ok: 0}. */
        HELLO_REFUSED,
        /** We send a command. */
        REQUEST,
        /** A command is answered. */
        REPLY,
        /** The server has closed, and all whole messages are read. */
        PEER_CLOSED,
        /** The server broke the protocol or a limit. */
        VIOLATION
    }

    private static final Map<MongoState, Map<Input, MongoState>> TABLE = Map.of(
            MongoState.CONNECTED,
            Map.of(
                    Input.START, MongoState.HELLO_SENT,
                    Input.PEER_CLOSED, MongoState.CLOSED,
                    Input.VIOLATION, MongoState.FAILED),
            MongoState.HELLO_SENT,
            Map.of(
                    Input.HELLO_ACCEPTED, MongoState.AUTHENTICATING,
                    Input.HELLO_REFUSED, MongoState.FAILED,
                    Input.PEER_CLOSED, MongoState.CLOSED,
                    Input.VIOLATION, MongoState.FAILED),
            MongoState.AUTHENTICATING,
            Map.of(
                    Input.LOGIN_GOES_ON, MongoState.AUTHENTICATING,
                    Input.LOGGED_IN, MongoState.READY,
                    Input.LOGIN_REFUSED, MongoState.FAILED,
                    Input.PEER_CLOSED, MongoState.CLOSED,
                    Input.VIOLATION, MongoState.FAILED),
            MongoState.READY,
            Map.of(
                    Input.REQUEST, MongoState.READY,
                    Input.REPLY, MongoState.READY,
                    Input.PEER_CLOSED, MongoState.CLOSED,
                    Input.VIOLATION, MongoState.FAILED),
            MongoState.CLOSED,
            Map.of(),
            MongoState.FAILED,
            Map.of());

    private MongoTransitions() {}

    /** The next state, or null when {@code input} is not allowed in {@code state}. */
    public static @Nullable MongoState next(MongoState state, Input input) {
        return TABLE.getOrDefault(state, Map.of()).get(input);
    }
}
