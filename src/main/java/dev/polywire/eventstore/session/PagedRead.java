package dev.polywire.eventstore.session;

import dev.polywire.eventstore.wire.ReadDirection;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** Reads to the end of a stream, or of all events, page by page. */
public final class PagedRead implements EventFlow {

    private PagedRead() {}

    /**
     * Begins to read; on the client's context. That there is no such stream is the failure of the first pull.
     *
     * @param from null: from the beginning, or backward from the end
     */
    public static PagedRead open(
            EventStoreClient client,
            EventSource source,
            ReadDirection direction,
            @Nullable Resume from,
            FlowLimits limits) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Events> pull(int max, int maxBytes) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long heldBytes() {
        return 0;
    }

    @Override
    public Future<Void> close() {
        throw new UnsupportedOperationException();
    }
}
