package dev.polywire.amqp.wire;

/** Where the conversation of a connection is; {@link ConnectionTransitions} says what may come next. */
public enum ConnectionState {
    /** Nothing is sent. */
    CONNECTED,
    /** The protocol header is sent. */
    HEADER_SENT,
    /** We have said who we are. */
    AUTHENTICATING,
    /** Limits are agreed on, and the virtual host is asked for. */
    OPENING,
    OPEN,
    /** We have asked for the end: whatever comes before its answer is dropped. */
    CLOSING,
    /** Ended in good order, or by the peer. */
    CLOSED,
    /** The peer broke the protocol or a limit. */
    FAILED;

    public boolean isFinal() {
        return this == CLOSED || this == FAILED;
    }
}
