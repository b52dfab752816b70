package dev.polywire.amqp.wire;

/** The state of a connection's conversation; {@link ConnectionTransitions} has the allowed next steps. */
public enum ConnectionState {
    /** Nothing is sent. */
    CONNECTED,
    /** The protocol header is sent. */
    HEADER_SENT,
    /** The credentials are sent. */
    AUTHENTICATING,
    /** Limits are negotiated, and {@code connection.open} is sent. */
    OPENING,
    OPEN,
    /** We have sent a close: frames before its answer are dropped. */
    CLOSING,
    /** Ended in good order, or by the peer. */
    CLOSED,
    /** The peer broke the protocol or a limit. */
    FAILED;

    public boolean isFinal() {
        return this == CLOSED || this == FAILED;
    }
}
