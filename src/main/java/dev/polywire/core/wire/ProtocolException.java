package dev.polywire.core.wire;

/**
 * The peer's bytes (or our own) violate the protocol or a limit. Messages give value and expectation, in the form
 * {@code length: 70000 (expected: <= 65536)}, and never contain payload.
 */
public final class ProtocolException extends RuntimeException {

    /** What the bytes violated, and therefore what happens to the connection. */
    public enum Kind {
        /** The stream can no longer be trusted: the connection is closed. */
        FRAMING,
        /** A configured limit was exceeded: the connection is closed unless the throwing method states otherwise. */
        LIMIT,
        /** The peer was silent, or did not finish a message in time: the connection is closed. */
        SILENCE,
        /** One message is bad and the framing is intact: that operation fails, the connection continues. */
        DECODE
    }

    private final Kind kind;
    private final boolean truncation;

    private ProtocolException(Kind kind, String message, boolean truncation) {
        // Thrown for every hostile frame: a stack trace would cost more than the frame.
        super(message, null, false, false);
        this.kind = kind;
        this.truncation = truncation;
    }

    public static ProtocolException of(Kind kind, String message) {
        return new ProtocolException(kind, message, false);
    }

    /** The peer's stream ended within a message: FRAMING, but maybe no fault of the peer's, whose connection was cut. */
    public static ProtocolException truncated(String message) {
        return new ProtocolException(Kind.FRAMING, message, true);
    }

    public static ProtocolException framing(String message) {
        return of(Kind.FRAMING, message);
    }

    public static ProtocolException limit(String message) {
        return of(Kind.LIMIT, message);
    }

    public static ProtocolException silence(String message) {
        return of(Kind.SILENCE, message);
    }

    public static ProtocolException decode(String message) {
        return of(Kind.DECODE, message);
    }

    public Kind kind() {
        return kind;
    }

    /** Whether the peer violated only a time limit. */
    public boolean isSilence() {
        return kind == Kind.SILENCE;
    }

    /** Whether the peer's stream ended within a message. */
    public boolean isTruncation() {
        return truncation;
    }
}
