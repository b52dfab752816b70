package dev.polywire.eventstore.server;

import dev.polywire.eventstore.store.StreamStore;
import dev.polywire.eventstore.store.WriteOutcome;
import dev.polywire.eventstore.wire.WriteMessage;

/** Answers what changes streams: writes, deletions, transactions. */
final class Writes {

    private final StreamStore store;

    Writes(StreamStore store) {
        this.store = store;
    }

    /** @throws BadRequestException when the client may not ask that */
    void handle(StoreRequest request, WriteMessage message) {
        if (message instanceof WriteMessage.WriteEvents write) {
            WriteOutcome outcome = store.write(write.eventStreamId(), write.expectedVersion(), write.events());
            request.answer(new WriteMessage.WriteEventsCompleted(
                    outcome.result(),
                    outcome.message(),
                    outcome.first(),
                    outcome.last(),
                    outcome.position().prepare(),
                    outcome.position().commit(),
                    outcome.currentVersion()));
        }
    }
}
