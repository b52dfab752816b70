package dev.polywire.eventstore.session;

import dev.polywire.core.wire.Limits;
import dev.polywire.eventstore.wire.Filter;
import dev.polywire.eventstore.wire.UserCredentials;
import org.jspecify.annotations.Nullable;

/**
 * What is read, or subscribed to.
 *
 * @param streamId null: all events
 * @param resolveLinkTos whether the event is wanted that a link leads to, beside the link
 * @param requireLeader whether only the leader may answer reads
 * @param filter which of all events are wanted, of servers since 20.6; null: each
 * @param maxSearchWindow how many events one filtered read looks at, 0 to 2,147,483,647; 0: as many as a page may have
 * @param checkpointInterval after how many events that were looked at a filtered subscription says how far it is, 1 to 1,000,000
 * @param credentials of its packages; null: those of the connection
 */
public record EventSource(
        @Nullable String streamId,
        boolean resolveLinkTos,
        boolean requireLeader,
        @Nullable Filter filter,
        int maxSearchWindow,
        int checkpointInterval,
        @Nullable UserCredentials credentials) {

    /** Default of {@code checkpointInterval}. */
    public static final int CHECKPOINT_INTERVAL = 1_000;

    public static final int MAX_CHECKPOINT_INTERVAL = 1_000_000;

    /** {@code maxSearchWindow}: as many as a page may have. */
    public static final int PAGE_WINDOW = 0;

    public EventSource {
        Limits.range("maxSearchWindow", maxSearchWindow, PAGE_WINDOW, Integer.MAX_VALUE);
        Limits.range("checkpointInterval", checkpointInterval, 1, MAX_CHECKPOINT_INTERVAL);
        if (streamId != null && streamId.isEmpty()) {
            throw new IllegalArgumentException("streamId: empty (expected: a name)");
        }
        if (streamId != null && filter != null) {
            throw new IllegalArgumentException("filter: of one stream (expected: of all events)");
        }
    }

    /** One stream, links as they are, from any node. */
    public static EventSource stream(String streamId) {
        return new EventSource(streamId, false, false, null, PAGE_WINDOW, CHECKPOINT_INTERVAL, null);
    }

    /** All events, links as they are, from any node. */
    public static EventSource all() {
        return new EventSource(null, false, false, null, PAGE_WINDOW, CHECKPOINT_INTERVAL, null);
    }

    /** The same with the events that links lead to. */
    public EventSource resolvingLinks() {
        return new EventSource(streamId, true, requireLeader, filter, maxSearchWindow, checkpointInterval, credentials);
    }

    /** The same, read from the leader. */
    public EventSource atLeader() {
        return new EventSource(
                streamId, resolveLinkTos, true, filter, maxSearchWindow, checkpointInterval, credentials);
    }

    /** Some of them. */
    public EventSource filtered(Filter wanted) {
        return new EventSource(
                streamId, resolveLinkTos, requireLeader, wanted, maxSearchWindow, checkpointInterval, credentials);
    }

    /** Some of them, in steps of another size. */
    public EventSource filtered(Filter wanted, int window, int interval) {
        return filtered(wanted).searching(window).reporting(interval);
    }

    /** The same with other filtered reads. */
    public EventSource searching(int window) {
        return new EventSource(
                streamId, resolveLinkTos, requireLeader, filter, window, checkpointInterval, credentials);
    }

    /** The same with other filtered subscriptions. */
    public EventSource reporting(int interval) {
        return new EventSource(streamId, resolveLinkTos, requireLeader, filter, maxSearchWindow, interval, credentials);
    }

    /** For somebody else. */
    public EventSource as(UserCredentials user) {
        return new EventSource(
                streamId, resolveLinkTos, requireLeader, filter, maxSearchWindow, checkpointInterval, user);
    }

    /** For people. */
    String name() {
        return streamId == null ? "all events" : "stream " + streamId;
    }
}
