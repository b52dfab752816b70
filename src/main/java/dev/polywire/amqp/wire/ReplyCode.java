package dev.polywire.amqp.wire;

import org.jspecify.annotations.Nullable;

/**
 * The reply code of a close or a return (AMQP 0-9-1, 1.2 "constants"). A soft code closes one channel, a hard one the
 * connection. Servers also send other codes: {@link #of} gives null for those.
 */
public enum ReplyCode {
    REPLY_SUCCESS(200, false),
    CONTENT_TOO_LARGE(311, false),
    NO_ROUTE(312, false),
    NO_CONSUMERS(313, false),
    CONNECTION_FORCED(320, true),
    INVALID_PATH(402, true),
    ACCESS_REFUSED(403, false),
    NOT_FOUND(404, false),
    RESOURCE_LOCKED(405, false),
    PRECONDITION_FAILED(406, false),
    FRAME_ERROR(501, true),
    SYNTAX_ERROR(502, true),
    COMMAND_INVALID(503, true),
    CHANNEL_ERROR(504, true),
    UNEXPECTED_FRAME(505, true),
    RESOURCE_ERROR(506, true),
    NOT_ALLOWED(530, true),
    NOT_IMPLEMENTED(540, true),
    INTERNAL_ERROR(541, true);

    private final int code;
    private final boolean hard;

    ReplyCode(int code, boolean hard) {
        this.code = code;
        this.hard = hard;
    }

    public int code() {
        return code;
    }

    /** Whether it closes the connection. */
    public boolean isHard() {
        return hard;
    }

    /** The constant of a number; null: the specification has none. */
    public static @Nullable ReplyCode of(int code) {
        for (ReplyCode each : values()) {
            if (each.code == code) {
                return each;
            }
        }
        return null;
    }

    /** {@code 404 NOT_FOUND}, or the number alone. */
    public static String text(int code) {
        ReplyCode known = of(code);
        return known == null ? Integer.toString(code) : code + " " + known;
    }
}
