package dev.polywire.eventstore.server;

import dev.polywire.eventstore.store.StreamStore;
import dev.polywire.eventstore.wire.PersistentMessage;

/** Groups of clients that share the events of a stream, with a memory of what they have done. */
final class PersistentSubscriptions {

    PersistentSubscriptions(StreamStore store) {}

    /** @throws BadRequestException when the client may not ask that */
    void handle(StoreRequest request, PersistentMessage message) {}

    /** A client is gone: what it has not settled goes to others. */
    void end(StoreSession session) {}

    /** Gives a group what was parked once more. @return whether there is such a group */
    boolean replayParked(String stream, String group) {
        return false;
    }

    /** When {@link #tick} must be called, on the clock of {@code nowMillis}; {@link Long#MAX_VALUE}: never. */
    long deadlineMillis() {
        return Long.MAX_VALUE;
    }

    /** Time has passed. @param nowMillis of a monotonic clock */
    void tick(long nowMillis) {}
}
