package dev.polywire.framed.wire;

/** The states of a framed connection; the protocol has no handshake and no close message. */
public enum FramedState {
    OPEN,
    /** The peer closed between two frames. */
    ENDED,
    /** A length over the limit, or the peer closed within a frame. */
    FAILED
}
