package dev.polywire.eventstore.session;

import io.vertx.core.Future;

/**
 * A volatile subscription: the events from its beginning on, while it is connected. Its failures are given behind what was queued.
 */
public final class VolatileFlow implements EventFlow {

    private VolatileFlow() {}

    /** Subscribes; on the client's context. */
    public static VolatileFlow open(EventStoreClient client, EventSource source, FlowLimits limits) {
        throw new UnsupportedOperationException();
    }

    /** When the server has confirmed it: events from then on come. Fails when it has not. */
    public Future<Void> confirmed() {
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
