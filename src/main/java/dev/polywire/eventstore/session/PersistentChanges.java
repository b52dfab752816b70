package dev.polywire.eventstore.session;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.wire.Utf8;
import dev.polywire.eventstore.client.EventStoreCall;
import dev.polywire.eventstore.client.EventStoreException;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.PersistentMessage.CreatePersistentSubscription;
import dev.polywire.eventstore.wire.PersistentMessage.DeletePersistentSubscription;
import dev.polywire.eventstore.wire.PersistentMessage.UpdatePersistentSubscription;
import dev.polywire.eventstore.wire.PersistentSubscriptionSettings;
import dev.polywire.eventstore.wire.UserCredentials;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Creates, updates and deletes groups. What is wrong is refused here with BAD_REQUEST, and nothing is sent: servers take some of it
 * and break, or say nothing. All three are sent again after a lost answer:
 *
 * <pre>
 *   create again   "already exists": ours, or another's with other settings. UNKNOWN_OUTCOME
 *   update again   the clients of the group are dropped once more, and go on
 *   delete again   "does not exist": that is what was wanted. Success
 * </pre>
 */
public final class PersistentChanges {

    /** Names of strategies; the last one since 20.6. Servers refuse others, and other spellings. */
    public static final List<String> STRATEGIES =
            List.of("RoundRobin", "DispatchToSingle", "Pinned", "PinnedByCorrelation");

    private final EventStoreClient client;

    public PersistentChanges(EventStoreClient client) {
        this.client = client;
    }

    /** @return fails with an {@link EventStoreException}: ALREADY_EXISTS, FAIL, ACCESS_DENIED */
    public Future<Void> create(
            PersistentSubscriptionSettings settings, @Nullable UserCredentials credentials, Deadline deadline) {
        check(settings);
        return send(new CreatePersistentSubscription(settings), credentials, deadline)
                .mapEmpty();
    }

    /** Drops the clients of the group. @return fails with an {@link EventStoreException}: DOES_NOT_EXIST, FAIL, ACCESS_DENIED */
    public Future<Void> update(
            PersistentSubscriptionSettings settings, @Nullable UserCredentials credentials, Deadline deadline) {
        check(settings);
        return send(new UpdatePersistentSubscription(settings), credentials, deadline)
                .mapEmpty();
    }

    /** As {@link #update}. */
    public Future<Void> delete(String stream, String group, @Nullable UserCredentials credentials, Deadline deadline) {
        Attendance.name("streamId", stream);
        Attendance.name("group", group);
        return send(new DeletePersistentSubscription(group, stream), credentials, deadline)
                .<Void>mapEmpty()
                .recover(cause -> isGone(cause) ? Future.succeededFuture() : Future.failedFuture(cause));
    }

    /** Whether it was sent more than once, and somebody has deleted it: us, most likely. */
    private static boolean isGone(Throwable cause) {
        return cause instanceof CallException unknown
                && unknown.isUnknown()
                && unknown.getCause() instanceof EventStoreException refused
                && refused.reason() == EventStoreException.Reason.DOES_NOT_EXIST;
    }

    private Future<EventStoreMessage> send(
            EventStoreMessage question, @Nullable UserCredentials credentials, Deadline deadline) {
        return client.send(new EventStoreCall(question, credentials, deadline), Repetition.SAME_EFFECT);
    }

    private static void check(PersistentSubscriptionSettings settings) {
        Attendance.name("streamId", settings.eventStreamId());
        if (settings.eventStreamId().equals("$all")) {
            throw Attendance.refused(
                    "streamId: $all (expected: one stream, since this protocol has no groups of all events)");
        }
        Attendance.name("group", settings.subscriptionGroupName());
        range("startFrom", settings.startFrom(), -1, Long.MAX_VALUE);
        least("messageTimeoutMillis", settings.messageTimeoutMilliseconds());
        // A server takes a group with less than 0, and from then on it no longer notices lost clients of any group.
        least("liveBufferSize", settings.liveBufferSize());
        range("readBatchSize", settings.readBatchSize(), 1, 4_096);
        least("bufferSize", settings.bufferSize());
        if (settings.readBatchSize() >= settings.bufferSize()) {
            throw Attendance.refused("readBatchSize: " + settings.readBatchSize() + " (expected: less than bufferSize, "
                    + settings.bufferSize() + ": servers since 20.10 say nothing else)");
        }
        least("maxRetryCount", settings.maxRetryCount());
        least("checkpointAfterMillis", settings.checkpointAfterTime());
        least("checkpointMaxCount", settings.checkpointMaxCount());
        least("checkpointMinCount", settings.checkpointMinCount());
        least("subscriberMaxCount", settings.subscriberMaxCount());
        strategy(settings.namedConsumerStrategy());
    }

    private static void strategy(@Nullable String strategy) {
        if (strategy != null && !strategy.isEmpty() && !STRATEGIES.contains(strategy)) {
            String shown = Utf8.isUnicode(strategy) ? strategy : Utf8.NOT_UNICODE;
            throw Attendance.refused(
                    "strategy: " + shown + " (expected: one of " + String.join(", ", STRATEGIES) + ")");
        }
    }

    private static void least(String name, int value) {
        range(name, value, 0, Integer.MAX_VALUE);
    }

    private static void range(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw Attendance.refused(name + ": " + value + " (expected: " + min + " to " + max + ")");
        }
    }
}
