package dev.polywire.eventstore.client;

import dev.polywire.eventstore.client.EventStoreException.Reason;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.PersistentMessage;
import dev.polywire.eventstore.wire.ReadMessage;
import dev.polywire.eventstore.wire.SubscriptionDropReason;
import dev.polywire.eventstore.wire.SubscriptionMessage;
import dev.polywire.eventstore.wire.WriteMessage;
import org.jspecify.annotations.Nullable;

/** What an answer of the server means when it is no success. Results and reasons have the same names. */
final class Refusals {

    private static final String SUCCESS = "SUCCESS";

    private Refusals() {}

    /** The refusal in an answer; null: there is none. */
    static @Nullable EventStoreException in(EventStoreMessage answer) {
        if (answer instanceof WriteMessage written) {
            return in(written);
        }
        if (answer instanceof ReadMessage read) {
            return in(read);
        }
        if (answer instanceof PersistentMessage changed) {
            return in(changed);
        }
        if (answer instanceof SubscriptionMessage.SubscriptionDropped dropped) {
            return dropped.reason() == SubscriptionDropReason.UNSUBSCRIBED ? null : of(dropped.reason(), null, null);
        }
        return answer instanceof ConnectionMessage said ? in(said) : null;
    }

    private static @Nullable EventStoreException in(WriteMessage answer) {
        if (answer instanceof WriteMessage.WriteEventsCompleted done) {
            return of(done.result(), done.message(), done.currentVersion());
        }
        if (answer instanceof WriteMessage.DeleteStreamCompleted done) {
            return of(done.result(), done.message(), done.currentVersion());
        }
        if (answer instanceof WriteMessage.TransactionStartCompleted done) {
            return of(done.result(), done.message(), null);
        }
        if (answer instanceof WriteMessage.TransactionWriteCompleted done) {
            return of(done.result(), done.message(), null);
        }
        return answer instanceof WriteMessage.TransactionCommitCompleted done
                ? of(done.result(), done.message(), null)
                : null;
    }

    private static @Nullable EventStoreException in(ReadMessage answer) {
        if (answer instanceof ReadMessage.ReadEventCompleted read) {
            return of(read.result(), read.error(), null);
        }
        if (answer instanceof ReadMessage.ReadStreamEventsCompleted read) {
            return of(read.result(), read.error(), null);
        }
        if (answer instanceof ReadMessage.ReadAllEventsCompleted read) {
            return of(read.result(), read.error(), null);
        }
        return answer instanceof ReadMessage.FilteredReadAllEventsCompleted read
                ? of(read.result(), read.error(), null)
                : null;
    }

    private static @Nullable EventStoreException in(PersistentMessage answer) {
        if (answer instanceof PersistentMessage.CreatePersistentSubscriptionCompleted done) {
            return of(done.result(), done.reason(), null);
        }
        if (answer instanceof PersistentMessage.UpdatePersistentSubscriptionCompleted done) {
            return of(done.result(), done.reason(), null);
        }
        return answer instanceof PersistentMessage.DeletePersistentSubscriptionCompleted done
                ? of(done.result(), done.reason(), null)
                : null;
    }

    private static @Nullable EventStoreException in(ConnectionMessage answer) {
        if (answer instanceof ConnectionMessage.BadRequest bad) {
            return EventStoreException.of(Reason.BAD_REQUEST, bad.text());
        }
        if (answer instanceof ConnectionMessage.NotAuthenticated wrong) {
            return EventStoreException.of(Reason.NOT_AUTHENTICATED, wrong.text());
        }
        return answer instanceof ConnectionMessage.NotHandled not
                ? EventStoreException.notHandled(Reason.valueOf(not.reason().name()), not.leader())
                : null;
    }

    private static @Nullable EventStoreException of(
            Enum<?> result, @Nullable String text, @Nullable Long currentVersion) {
        if (result.name().equals(SUCCESS)) {
            return null;
        }
        Reason reason = Reason.valueOf(result.name());
        return reason == Reason.WRONG_EXPECTED_VERSION
                ? EventStoreException.wrongVersion(text, currentVersion)
                : EventStoreException.of(reason, text);
    }
}
