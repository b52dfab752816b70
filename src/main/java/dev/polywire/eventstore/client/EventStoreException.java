package dev.polywire.eventstore.client;

import dev.polywire.core.wire.Printable;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.LeaderInfo;
import org.jspecify.annotations.Nullable;

/** The server understood the request and refused it, or has nothing of what was asked for. */
public final class EventStoreException extends RuntimeException {

    /** What the server says; names as the protocol's, where it has any. */
    public enum Reason {
        WRONG_EXPECTED_VERSION("WrongExpectedVersion"),
        STREAM_DELETED("StreamDeleted"),
        NO_STREAM("NoStream"),
        NOT_FOUND("NotFound"),
        ACCESS_DENIED("AccessDenied"),
        NOT_AUTHENTICATED("NotAuthenticated"),
        PREPARE_TIMEOUT("PrepareTimeout"),
        COMMIT_TIMEOUT("CommitTimeout"),
        FORWARD_TIMEOUT("ForwardTimeout"),
        INVALID_TRANSACTION("InvalidTransaction"),
        /** To a question that we never ask. */
        NOT_MODIFIED("NotModified"),
        ERROR("Error"),
        BAD_REQUEST("BadRequest"),
        NOT_READY("NotReady"),
        TOO_BUSY("TooBusy"),
        NOT_LEADER("NotLeader"),
        IS_READ_ONLY("IsReadOnly"),
        ALREADY_EXISTS("AlreadyExists"),
        DOES_NOT_EXIST("DoesNotExist"),
        FAIL("Fail"),
        PERSISTENT_SUBSCRIPTION_DELETED("PersistentSubscriptionDeleted"),
        SUBSCRIBER_MAX_COUNT_REACHED("SubscriberMaxCountReached");

        private final String word;

        Reason(String word) {
            this.word = word;
        }

        /** As the protocol spells it. */
        public String word() {
            return word;
        }

        /** Whether this node cannot do it now, and nothing was done: another one may, or the same one later. */
        public boolean isOfNode() {
            return this == NOT_READY || this == TOO_BUSY || this == NOT_LEADER;
        }

        /** Whether a write that is answered so may have its effect all the same. */
        public boolean mayHaveExecuted() {
            return this == PREPARE_TIMEOUT || this == COMMIT_TIMEOUT || this == FORWARD_TIMEOUT;
        }
    }

    private final Reason reason;
    private final @Nullable String text;
    private final @Nullable Long currentVersion;
    private final @Nullable LeaderInfo leader;

    private EventStoreException(
            Reason reason, @Nullable String text, @Nullable Long currentVersion, @Nullable LeaderInfo leader) {
        super(
                text == null || text.isEmpty() ? reason.word : reason.word + ": " + Printable.line(text),
                null,
                false,
                false);
        this.reason = reason;
        this.text = text;
        this.currentVersion = currentVersion;
        this.leader = leader;
    }

    /** The refusal in what the server says; null: there is none. */
    public static @Nullable EventStoreException in(EventStoreMessage said) {
        return Refusals.in(said);
    }

    /** @param text the server's own; null or empty: none */
    public static EventStoreException of(Reason reason, @Nullable String text) {
        return new EventStoreException(reason, text, null, null);
    }

    static EventStoreException wrongVersion(@Nullable String text, @Nullable Long currentVersion) {
        return new EventStoreException(Reason.WRONG_EXPECTED_VERSION, text, currentVersion, null);
    }

    static EventStoreException notHandled(Reason reason, @Nullable LeaderInfo leader) {
        return new EventStoreException(reason, null, null, leader);
    }

    public Reason reason() {
        return reason;
    }

    /** The server's words; null: none. */
    public @Nullable String text() {
        return text;
    }

    /** Number of the stream's last event, where another one was expected; -1: there is no stream; null: the server did not say. */
    public @Nullable Long currentVersion() {
        return currentVersion;
    }

    /** Where to ask instead; null: nobody knows. */
    public @Nullable LeaderInfo leader() {
        return leader;
    }
}
