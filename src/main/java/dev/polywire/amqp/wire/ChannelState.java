package dev.polywire.amqp.wire;

/** Where the conversation of a channel is; {@link ChannelTransitions} says what may come next. */
public enum ChannelState {
    OPENING,
    OPEN,
    /** We have asked for the end: whatever comes before its answer is dropped, and the number is not used again. */
    CLOSING,
    /** It is no more, and its number is free. */
    CLOSED
}
