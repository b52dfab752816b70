package dev.polywire.eventstore.server;

import dev.polywire.eventstore.store.Resolved;
import org.jspecify.annotations.Nullable;

/** Which of a group's clients is given an event. */
interface ConsumerStrategy {

    /** What an event's choice of a client goes by, from 0; found out once for each event. */
    default int pin(Resolved event) {
        return 0;
    }

    /** A client has connected; it has no event yet. */
    void added(GroupClient client);

    /** A client is gone; its events were taken back before. */
    void removed(GroupClient client);

    /** Chooses for an event. */
    Choice choose(GroupMessage message);

    /** An event that a client was given is no longer its own. */
    default void settled(GroupClient client, GroupMessage message) {}

    /**
     * For one event.
     *
     * @param client who is given it; null: nobody
     * @param goesOn whether later events may have a client although this one has none
     */
    record Choice(@Nullable GroupClient client, boolean goesOn) {

        /** No client has room for anything. */
        static final Choice FULL = new Choice(null, false);
        /** The client that must have this one has no room; it waits, and others need not. */
        static final Choice SKIP = new Choice(null, true);

        static Choice of(GroupClient client) {
            return new Choice(client, true);
        }
    }

    /**
     * By the name that clients use, which is case-sensitive.
     *
     * @return null: this server has no such strategy
     */
    static @Nullable ConsumerStrategy named(String name, ServerVersion version) {
        return switch (name) {
            case "RoundRobin" -> new RotatingStrategy(true);
            case "DispatchToSingle" -> new RotatingStrategy(false);
            case "Pinned" -> new PinnedStrategy(PinnedStrategy::stream);
            case "PinnedByCorrelation" ->
                version.isAtLeast(ServerVersion.V20_10) ? new PinnedStrategy(PinnedStrategy::correlation) : null;
            default -> null;
        };
    }
}
