package dev.polywire.amqp.service;

import dev.polywire.amqp.client.AmqpException;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.CloseReason;
import dev.polywire.amqp.wire.ReplyCode;
import dev.polywire.core.bus.request.Failure;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import org.jspecify.annotations.Nullable;

/** The failure that a caller receives: the table's code, with the broker's reply when the broker refused. */
final class AmqpFailure {

    private AmqpFailure() {}

    static ServiceException of(Throwable cause) {
        return cause instanceof AmqpException refused ? refused(refused) : Failure.of(cause, AmqpFailure::said);
    }

    /** The broker's reply code, text and method. */
    static JsonObject words(CloseReason reason) {
        return new JsonObject()
                .put("replyCode", reason.code())
                .put("replyText", reason.text())
                .put("classId", reason.classId())
                .put("methodId", reason.methodId());
    }

    private static ServiceException refused(AmqpException refused) {
        CloseReason reason = refused.reason();
        // A message for several queues may be in some of them, and the full queue may have room later.
        boolean nacked = refused.kind() == AmqpException.Kind.NACKED;
        Failure failure =
                nacked || refused.kind() == AmqpException.Kind.RETURNED ? Failure.REFUSED_BY_SERVER : of(reason);
        String change = reason.isStreamWithoutPrefetch() ? " (a stream is consumed with noAck: false)" : "";
        return failure.because(refused.getMessage() + change, nacked || reason.isServersFault(), nacked, words(reason));
    }

    private static Failure of(CloseReason reason) {
        @Nullable ReplyCode known = ReplyCode.of(reason.code());
        if (known == null) {
            return Failure.REFUSED_BY_SERVER;
        }
        return switch (known) {
            case NOT_FOUND -> Failure.NOT_FOUND;
            case ACCESS_REFUSED, INVALID_PATH -> Failure.FORBIDDEN;
            case RESOURCE_LOCKED -> Failure.CONFLICT;
            // RabbitMQ's code for a message that is too large, among much else.
            case PRECONDITION_FAILED -> reason.tooLargeBytes() < 0 ? Failure.CONFLICT : Failure.LIMIT_EXCEEDED;
            case CONTENT_TOO_LARGE -> Failure.LIMIT_EXCEEDED;
            // Either a virtual host that is forbidden to us or a consumer tag that is in use.
            case NOT_ALLOWED -> isConsume(reason) ? Failure.CONFLICT : Failure.FORBIDDEN;
            default -> Failure.REFUSED_BY_SERVER;
        };
    }

    private static boolean isConsume(CloseReason reason) {
        return (reason.classId() << 16 | reason.methodId()) == BasicMethod.Consume.ID;
    }

    private static @Nullable JsonObject said(Throwable refusal) {
        return refusal instanceof AmqpException refused ? words(refused.reason()) : null;
    }
}
