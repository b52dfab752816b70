package dev.polywire.core.net;

import org.jspecify.annotations.Nullable;

/** A call on a connection did not succeed, for a reason that the protocol itself did not give. */
public final class CallException extends RuntimeException {

    /** Why; each has the failure of the same name on the bus. */
    public enum Reason {
        /** It never reached the peer: there was no connection by the deadline, or there is none to be had. */
        UNAVAILABLE,
        /** The connection broke, and the call had no effect: it was never sent, or it only reads. */
        CONNECTION_LOST,
        /** The connection broke after a call that changes something was sent, and before its answer. */
        UNKNOWN_OUTCOME,
        /** It was sent, and there was no answer by the deadline. */
        TIMEOUT,
        /** A bound on waiting work or unread output was reached; nothing was sent. */
        OVERLOADED,
        /** We are closing; nothing was sent. */
        SHUTTING_DOWN,
        /** The peer does not accept our credentials or certificate, or we do not accept its. */
        UNAUTHENTICATED,
        /** What the call names does not exist. */
        NOT_FOUND,
        /** What the call asks for is already in use. */
        CONFLICT,
        /** The caller's own arguments cannot be sent. */
        BAD_REQUEST,
        /** The caller's own message is over a limit; nothing was sent. */
        LIMIT_EXCEEDED
    }

    private final Reason reason;

    public CallException(Reason reason, @Nullable String message) {
        this(reason, message, null);
    }

    public CallException(Reason reason, @Nullable String message, @Nullable Throwable cause) {
        super(message, cause, false, false);
        this.reason = reason;
    }

    /** Why we end a connection: CONNECTION_LOST for what was not sent, and {@link Call#lost} says the rest. */
    public static CallException lost(String why) {
        return lost(why, null);
    }

    public static CallException lost(String why, @Nullable Throwable cause) {
        return new CallException(Reason.CONNECTION_LOST, why, cause);
    }

    /** Whether it was not done, and may be asked again, of another peer or later. */
    public boolean hadNoEffect() {
        return reason == Reason.UNAVAILABLE || reason == Reason.CONNECTION_LOST;
    }

    /** Whether it was sent, and nobody knows whether it was done. */
    public boolean isUnknown() {
        return reason == Reason.UNKNOWN_OUTCOME;
    }

    public Reason reason() {
        return reason;
    }
}
