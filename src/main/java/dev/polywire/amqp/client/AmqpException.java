package dev.polywire.amqp.client;

import dev.polywire.amqp.wire.CloseReason;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.amqp.wire.ReplyCode;
import org.jspecify.annotations.Nullable;

/** The broker understood the request and refused it. The failed request had no effect. */
public final class AmqpException extends RuntimeException {

    /** What the broker refused to do. */
    public enum Kind {
        /** To open the connection: the virtual host, our version or our limits. Not used for bad credentials. */
        REFUSED,
        /** To go on with the connection (a hard error, or an operator's wish). */
        CONNECTION_CLOSED,
        /** To go on with the channel (a soft error); others are untouched. */
        CHANNEL_CLOSED,
        /** To take a message ({@code basic.nack}): a queue is full or had a fault. */
        NACKED,
        /** A mandatory message ({@code basic.return}): it reached no queue. */
        RETURNED
    }

    private final Kind kind;
    private final CloseReason reason;

    private AmqpException(Kind kind, CloseReason reason, String message) {
        super(message, null, false, false);
        this.kind = kind;
        this.reason = reason;
    }

    static AmqpException of(Kind kind, CloseReason reason) {
        return new AmqpException(kind, reason, reason.toString());
    }

    static AmqpException nacked() {
        return new AmqpException(
                Kind.NACKED, new CloseReason(true, 0, "basic.nack", 60, 120), "basic.nack: not taken by the broker");
    }

    /** For a message that the broker returned. */
    public static AmqpException returned(ContentMethod.Return method) {
        return of(Kind.RETURNED, new CloseReason(true, method.replyCode(), method.replyText(), 60, 50));
    }

    /** The broker's word in a failure; or null. */
    public static @Nullable AmqpException in(Throwable failure) {
        Throwable said = failure instanceof AmqpException ? failure : failure.getCause();
        return said instanceof AmqpException broker ? broker : null;
    }

    /** Whether the broker ended the connection over something that was sent on it: not an operator's wish. */
    public boolean isHard() {
        return kind == Kind.CONNECTION_CLOSED && reason.code() != ReplyCode.CONNECTION_FORCED.code();
    }

    /** Whether the broker names this method as the cause. */
    boolean blames(int methodId) {
        return methodId == (reason.classId() << 16 | reason.methodId());
    }

    public Kind kind() {
        return kind;
    }

    /** Code, text, and the method that is the cause. The code of NACKED is 0, else see {@link ReplyCode}. */
    public CloseReason reason() {
        return reason;
    }
}
