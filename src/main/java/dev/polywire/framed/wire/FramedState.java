package dev.polywire.framed.wire;

/** The states of a framed connection; the protocol has no handshake and no close message. */
public enum FramedState {
    OPEN,
    /** The peer has closed; its earlier messages may still be unread. */
    ENDED,
    /** Both sides were silent for too long. */
    IDLE,
    /** A length over the limit, or a message that its peer did not finish. */
    FAILED
}
