package dev.polywire.eventstore.session;

import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** A catch-up subscription: all events from some place on, those to come as well, each once and in order. */
public final class CatchUpFlow implements EventFlow {

    private CatchUpFlow() {}

    /**
     * Begins; on the client's context.
     *
     * @param from null: from the beginning
     */
    public static CatchUpFlow open(
            EventStoreClient client, EventSource source, @Nullable Resume from, FlowLimits limits) {
        throw new UnsupportedOperationException();
    }

    /** Whether new events are pushed to it, and none that was there before is still to be read. */
    public boolean isLive() {
        return false;
    }

    /** Where its reader is; null: at the beginning of all events. */
    public @Nullable Resume place() {
        return null;
    }

    /** How often its reader was so slow that it went back to reading. */
    public long overflows() {
        return 0;
    }

    /** How often it lost its subscription, with the connection or alone, and read on. */
    public long restarts() {
        return 0;
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
