package dev.polywire.bridge;

import dev.polywire.core.bus.request.Failure;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An {@code err}: the stock fields, and {@code debugInfo} with at least {@code {name, retryable, mayHaveExecuted}}.
 *
 * @param replyAddress the client's reply address, written as {@code address}
 * @param sourceAddress the destination of the client's message
 * @param failureType a constant of {@link ReplyFailure}: ERROR when the bridge itself refused
 */
record ErrFrame(
        @Nullable String replyAddress,
        @Nullable String sourceAddress,
        int failureCode,
        ReplyFailure failureType,
        String message,
        JsonObject debugInfo) {

    /** Optional fields of a generated service handler, about internal classes. */
    private static final List<String> INSIDE = List.of("causeName", "causeMessage", "causeStackTrace");
    /** The codes of a generated service handler itself; its text is that of any exception. */
    private static final List<Integer> THROWN = List.of(-1, 500);

    /** @param detail for people; contains no part of a body */
    static ErrFrame refused(
            @Nullable String replyAddress, @Nullable String sourceAddress, Refusal refusal, String detail) {
        return new ErrFrame(
                replyAddress,
                sourceAddress,
                refusal.code(),
                ReplyFailure.ERROR,
                refusal.word(),
                refusal.debugInfo(detail));
    }

    /** A request failed, on the bus or in its service. @param failures the failure for one that no service has said */
    static ErrFrame failed(BridgeFrame.Send send, Throwable cause, Function<Throwable, ServiceException> failures) {
        if (cause instanceof ReplyException reply
                && reply.failureType() == ReplyFailure.RECIPIENT_FAILURE
                && !THROWN.contains(reply.failureCode())) {
            return new ErrFrame(
                    send.replyAddress(),
                    send.address(),
                    reply.failureCode(),
                    ReplyFailure.RECIPIENT_FAILURE,
                    text(reply),
                    debugInfo(reply));
        }
        ReplyFailure type = cause instanceof ReplyException reply ? reply.failureType() : ReplyFailure.ERROR;
        ServiceException typed = failures.apply(cause);
        return new ErrFrame(
                send.replyAddress(), send.address(), typed.failureCode(), type, text(typed), typed.getDebugInfo());
    }

    JsonObject json() {
        JsonObject json = new JsonObject().put("type", "err");
        if (replyAddress != null) {
            json.put("address", replyAddress);
        }
        if (sourceAddress != null) {
            json.put("sourceAddress", sourceAddress);
        }
        return json.put("failureCode", failureCode)
                .put("failureType", failureType.name())
                .put("message", message)
                .put("debugInfo", debugInfo);
    }

    private static String text(ReplyException failure) {
        String message = failure.getMessage();
        return message == null ? "" : message;
    }

    /** The service's fields; missing ones follow from the code, or for an unknown code are chosen with caution. */
    private static JsonObject debugInfo(ReplyException reply) {
        Failure known = Failure.of(reply.failureCode());
        JsonObject debugInfo = known != null
                ? known.because("").getDebugInfo()
                : new JsonObject()
                        .put("name", ReplyFailure.RECIPIENT_FAILURE.name())
                        .put("retryable", false)
                        .put("mayHaveExecuted", true);
        if (reply instanceof ServiceException service && service.getDebugInfo() != null) {
            debugInfo.mergeIn(service.getDebugInfo());
        }
        INSIDE.forEach(debugInfo::remove);
        return debugInfo;
    }
}
