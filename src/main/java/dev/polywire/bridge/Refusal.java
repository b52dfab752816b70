package dev.polywire.bridge;

import dev.polywire.core.bus.request.Failure;
import io.vertx.core.json.JsonObject;
import java.util.Locale;

/** The reason why the bridge itself refused a frame or an answer. These never change, like the failures. */
enum Refusal {
    /** The length exceeds the limit; the body was not read, so the connection is closed. */
    FRAME_TOO_LARGE(Failure.LIMIT_EXCEEDED),
    /** Not one JSON object in UTF-8, or nested too deeply. */
    BAD_JSON(Failure.BAD_REQUEST),
    UNKNOWN_TYPE(Failure.BAD_REQUEST),
    UNKNOWN_FIELD(Failure.BAD_REQUEST),
    BAD_ADDRESS(Failure.BAD_REQUEST),
    BAD_REPLY_ADDRESS(Failure.BAD_REQUEST),
    BAD_HEADERS(Failure.BAD_REQUEST),
    /** A header that only the bridge may set. */
    FORBIDDEN_HEADER(Failure.FORBIDDEN),
    BAD_BODY(Failure.BAD_REQUEST),
    BAD_TOKEN(Failure.UNAUTHENTICATED),
    /** Credentials come before anything else; or the client was removed from the configuration. */
    NOT_LOGGED_IN(Failure.UNAUTHENTICATED),
    /** A login after the first frame. */
    ALREADY_LOGGED_IN(Failure.CONFLICT),
    /** Too many wrong tokens from this address. */
    TOO_MANY_ATTEMPTS(Failure.OVERLOADED),
    ACCESS_DENIED(Failure.FORBIDDEN),
    ADDRESS_ALREADY_REGISTERED(Failure.CONFLICT),
    /** The address is not registered, so it cannot be unregistered. */
    UNKNOWN_ADDRESS(Failure.NOT_FOUND),
    /** The cluster did not accept the registration. */
    NOT_REGISTERED(Failure.UNAVAILABLE),
    /** Too many requests, registrations or handles of this socket; without an address: too many sockets, or no memory for one. */
    OVERLOADED(Failure.OVERLOADED),
    /** The client was silent for too long; the connection is closed. */
    IDLE(Failure.UNAVAILABLE),
    SHUTTING_DOWN(Failure.SHUTTING_DOWN),
    /** The bridge left before the service answered. */
    UNKNOWN_OUTCOME(Failure.UNKNOWN_OUTCOME),
    /** The service's answer cannot be represented in JSON. */
    REPLY_NOT_JSON(Failure.INTERNAL),
    /** The service's answer alone exceeds the limit of unread output. */
    REPLY_TOO_LARGE(Failure.LIMIT_EXCEEDED),
    /** The service answered, and the bridge has no memory left for this client. */
    REPLY_DROPPED(Failure.LIMIT_EXCEEDED);

    private final Failure failure;

    Refusal(Failure failure) {
        this.failure = failure;
    }

    /** The {@code message} of the err frame. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The {@code failureCode} of the err frame. */
    int code() {
        return failure.code();
    }

    /** The {@code debugInfo} of the err frame. @param detail for people; contains no part of a body */
    JsonObject debugInfo(String detail) {
        return new JsonObject()
                .put("name", failure.name())
                .put("retryable", failure.retryable())
                .put("mayHaveExecuted", failure.mayHaveExecuted() || this == REPLY_TOO_LARGE || this == REPLY_DROPPED)
                .put("detail", detail);
    }
}
