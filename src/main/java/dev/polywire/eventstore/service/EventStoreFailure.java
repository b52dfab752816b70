package dev.polywire.eventstore.service;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.json.TypedValues;
import dev.polywire.eventstore.client.EventStoreException;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import org.jspecify.annotations.Nullable;

/** The failure that a caller receives: the table's code, with the server's words when the server refused. */
final class EventStoreFailure {

    private EventStoreFailure() {}

    static ServiceException of(Throwable cause) {
        return cause instanceof EventStoreException refused
                ? refused(refused)
                : Failure.of(cause, EventStoreFailure::said);
    }

    private static ServiceException refused(EventStoreException refused) {
        Failure failure = of(refused.reason());
        return failure.because(
                refused.getMessage(), failure.retryable(), refused.reason().mayHaveExecuted(), words(refused));
    }

    private static Failure of(EventStoreException.Reason reason) {
        return switch (reason) {
            case WRONG_EXPECTED_VERSION, ALREADY_EXISTS -> Failure.CONFLICT;
            case NO_STREAM, NOT_FOUND, STREAM_DELETED, DOES_NOT_EXIST, PERSISTENT_SUBSCRIPTION_DELETED ->
                Failure.NOT_FOUND;
            case ACCESS_DENIED -> Failure.FORBIDDEN;
            case NOT_AUTHENTICATED -> Failure.UNAUTHENTICATED;
            // A call has made an unknown outcome of it, with this as its cause.
            case PREPARE_TIMEOUT, COMMIT_TIMEOUT, FORWARD_TIMEOUT -> Failure.TIMEOUT;
            case NOT_READY, NOT_LEADER -> Failure.UNAVAILABLE;
            case TOO_BUSY, SUBSCRIBER_MAX_COUNT_REACHED -> Failure.OVERLOADED;
            case BAD_REQUEST -> Failure.BAD_REQUEST;
            case ERROR, INVALID_TRANSACTION, IS_READ_ONLY, NOT_MODIFIED, FAIL -> Failure.REFUSED_BY_SERVER;
        };
    }

    private static JsonObject words(EventStoreException refused) {
        JsonObject words = new JsonObject().put("reason", refused.reason().word());
        Long currentVersion = refused.currentVersion();
        if (currentVersion != null) {
            words.put("currentVersion", TypedValues.exact(currentVersion));
        }
        String text = refused.text();
        return text == null || text.isEmpty() ? words : words.put("text", text);
    }

    private static @Nullable JsonObject said(Throwable refusal) {
        return refusal instanceof EventStoreException refused ? words(refused) : null;
    }
}
