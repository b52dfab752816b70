package dev.polywire.core.bus.binding;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.bus.stream.Rejection;
import dev.polywire.core.wire.Utf8;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import org.jspecify.annotations.Nullable;

/** What a consumer's failure means for the item that was sent; see {@link BindingService}. */
enum DeliveryOutcome {
    REJECTED,
    REQUEUED,
    TIMED_OUT,
    /** No consumer has processed the item: the effect is the same as if it had never been sent. */
    NO_ANSWER;

    static DeliveryOutcome of(Throwable cause) {
        if (!(cause instanceof ReplyException failure)) {
            // The item was never sent: the bus has no codec for it.
            return REJECTED;
        }
        return switch (failure.failureType()) {
            case NO_HANDLERS -> NO_ANSWER;
            case TIMEOUT -> Failure.discarded(failure) ? NO_ANSWER : TIMED_OUT;
            case ERROR -> REJECTED;
            case RECIPIENT_FAILURE -> said(failure);
        };
    }

    /** The same for the protocol's people: the consumer's own text, in Unicode that each protocol can write. */
    static String reason(Throwable cause) {
        boolean silent = cause instanceof ReplyException reply && reply.failureType() == ReplyFailure.TIMEOUT;
        String text = silent ? "no answer in time" : String.valueOf(cause.getMessage());
        if (text.length() > Rejection.MAX_REASON_CHARS) {
            boolean betweenHalves = Character.isHighSurrogate(text.charAt(Rejection.MAX_REASON_CHARS - 1));
            text = text.substring(0, Rejection.MAX_REASON_CHARS - (betweenHalves ? 1 : 0));
        }
        // The JDK writes a question mark for half a surrogate pair.
        return Utf8.isUnicode(text) ? text : new String(text.getBytes(UTF_8), UTF_8);
    }

    private static DeliveryOutcome said(ReplyException failure) {
        Failure known = Failure.of(failure.failureCode());
        if (known == Failure.TIMEOUT) {
            return TIMED_OUT;
        } else if (known == Failure.OVERLOADED || known == Failure.SHUTTING_DOWN || known == Failure.NODE_LOST) {
            return NO_ANSWER;
        }
        Boolean retryable = retryable(failure);
        // A code of nobody's table, such as the 500 and -1 of other services, is INTERNAL, as behind the bridge.
        boolean again = retryable != null ? retryable : known != null && known.retryable();
        return again ? REQUEUED : REJECTED;
    }

    private static @Nullable Boolean retryable(ReplyException failure) {
        JsonObject debugInfo = failure instanceof ServiceException typed ? typed.getDebugInfo() : null;
        return debugInfo != null && debugInfo.getValue("retryable") instanceof Boolean said ? said : null;
    }
}
