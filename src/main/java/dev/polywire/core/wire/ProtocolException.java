package dev.polywire.core.wire;

/**
 * The peer's bytes (or ours) break the protocol or a limit. Messages say what it was and what was expected, in the form
 * {@code length: 70000 (expected: <= 65536)}, and never contain payload.
 */
public final class ProtocolException extends RuntimeException {

    /** What the bytes broke, and so what must happen to the connection. */
    public enum Kind {
        /** The stream can no longer be trusted: the connection is closed. */
        FRAMING,
        /** Over a configured limit: the connection is closed unless the place that throws says otherwise. */
        LIMIT,
        /** The peer said nothing, or did not finish what it began, in its time: the connection is closed. */
        SILENCE,
        /** One message is bad and the framing is intact: that operation fails, the connection goes on. */
        DECODE
    }

    private final Kind kind;

    private ProtocolException(Kind kind, String message) {
        // Thrown for every hostile frame: a stack trace would cost more than the frame.
        super(message, null, false, false);
        this.kind = kind;
    }

    public static ProtocolException of(Kind kind, String message) {
        return new ProtocolException(kind, message);
    }

    public static ProtocolException framing(String message) {
        return new ProtocolException(Kind.FRAMING, message);
    }

    public static ProtocolException limit(String message) {
        return new ProtocolException(Kind.LIMIT, message);
    }

    public static ProtocolException silence(String message) {
        return new ProtocolException(Kind.SILENCE, message);
    }

    public static ProtocolException decode(String message) {
        return new ProtocolException(Kind.DECODE, message);
    }

    public Kind kind() {
        return kind;
    }

    /** Whether the peer broke nothing but our patience. */
    public boolean isSilence() {
        return kind == Kind.SILENCE;
    }
}
