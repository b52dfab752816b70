package dev.polywire.amqp.wire;

import dev.polywire.core.wire.ProtocolException;

/** The peer broke the protocol in a way that has a reply code; inside a machine only, which reports it. */
final class Violation extends RuntimeException {

    private static final int MAX_TEXT = 255;

    private final ReplyCode code;

    Violation(ReplyCode code, String message) {
        // Thrown for every hostile frame: a stack trace would cost more than the frame.
        super(message, null, false, false);
        this.code = code;
    }

    ReplyCode code() {
        return code;
    }

    /** Bad arguments and properties are 502, our limits 506, bytes that cannot be cut into frames 501. */
    static Violation of(ProtocolException bad) {
        ReplyCode code = switch (bad.kind()) {
            case DECODE -> ReplyCode.SYNTAX_ERROR;
            case LIMIT -> ReplyCode.RESOURCE_ERROR;
            case FRAMING, SILENCE -> ReplyCode.FRAME_ERROR;
        };
        return new Violation(code, String.valueOf(bad.getMessage()));
    }

    /** The close that the peer receives. */
    ConnectionMethod.Close farewell() {
        String text = String.valueOf(getMessage()).replaceAll("[^ -~]", "?");
        return new ConnectionMethod.Close(code.code(), text.substring(0, Math.min(text.length(), MAX_TEXT)), 0, 0);
    }

    /** The exception for the caller of a machine: LIMIT for 506, else FRAMING. */
    ProtocolException forCaller() {
        String message = ReplyCode.text(code.code()) + ", " + getMessage();
        return code == ReplyCode.RESOURCE_ERROR ? ProtocolException.limit(message) : ProtocolException.framing(message);
    }
}
