package dev.polywire.amqp.wire;

/** The state of a channel's conversation; {@link ChannelTransitions} has the allowed next steps. */
public enum ChannelState {
    OPENING,
    OPEN,
    /** We have sent a close: frames before its answer are dropped, and the number is not reused yet. */
    CLOSING,
    /** It has ended, and its number is free. */
    CLOSED
}
