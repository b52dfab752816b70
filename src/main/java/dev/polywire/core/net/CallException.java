package dev.polywire.core.net;

import org.jspecify.annotations.Nullable;

/** A call on a connection failed, for a reason that is not an answer of the protocol. */
public final class CallException extends RuntimeException {

    /** The reason; each has the failure of the same name on the bus. */
    public enum Reason {
        /** The call never reached the peer: there was no connection by the deadline, or none is possible. */
        UNAVAILABLE,
        /** The connection broke, and the call had no effect: it was never sent, or it only reads. */
        CONNECTION_LOST,
        /** The connection broke after a call that changes something was sent, and before its answer. */
        UNKNOWN_OUTCOME,
        /** The call was sent, and no answer arrived by the deadline. */
        TIMEOUT,
        /** A limit on waiting calls or unread output was reached; nothing was sent. */
        OVERLOADED,
        /** This side is closing; nothing was sent. */
        SHUTTING_DOWN,
        /** The peer rejects our credentials or certificate, or this side rejects the peer's certificate. */
        UNAUTHENTICATED,
        /** The peer knows us, and has no place for us: a virtual host that is not ours. */
        FORBIDDEN,
        /** The object that the call names does not exist. */
        NOT_FOUND,
        /** The object that the call asks for is already in use. */
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

    /** Our reason to end a connection: CONNECTION_LOST for calls not sent; {@link Call#lost} derives the other reasons. */
    public static CallException lost(String why) {
        return lost(why, null);
    }

    public static CallException lost(@Nullable String why, @Nullable Throwable cause) {
        return new CallException(Reason.CONNECTION_LOST, why, cause);
    }

    /** What an attempt to connect has failed with: the same if it is unchecked, else UNAVAILABLE. */
    public static RuntimeException ofDial(Throwable cause) {
        return cause instanceof RuntimeException known
                ? known
                : new CallException(Reason.UNAVAILABLE, String.valueOf(cause.getMessage()), cause);
    }

    /** The peer does not let us in. @param what it refuses, as text for people @param said the protocol's own failure */
    public static CallException refused(Reason reason, String target, String what, RuntimeException said) {
        return new CallException(reason, target + " refuses " + what + ": " + said.getMessage(), said);
    }

    /** Whether the call had no effect, and may be sent again, to another peer or later. */
    public boolean hadNoEffect() {
        return reason == Reason.UNAVAILABLE || reason == Reason.CONNECTION_LOST;
    }

    /** Whether the call was sent and its effect is unknown. */
    public boolean isUnknown() {
        return reason == Reason.UNKNOWN_OUTCOME;
    }

    /** Whether the call was sent, and its effect is unknown or its answer did not come. */
    boolean mayHaveExecuted() {
        return isUnknown() || reason == Reason.TIMEOUT;
    }

    public Reason reason() {
        return reason;
    }
}
