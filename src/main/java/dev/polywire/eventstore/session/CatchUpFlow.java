package dev.polywire.eventstore.session;

import dev.polywire.eventstore.wire.ReadDirection;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * A catch-up subscription: all events from some place on, those to come as well, each once and in order, whatever becomes of
 * connections. A reader who is slow never ends it: what was pushed meanwhile is dropped, and read again when the reader is there.
 * It waits for connections, and for servers that are busy, without an end; a stream that does not exist it waits for, too. It
 * fails with what the server refuses for good, as ACCESS_DENIED and STREAM_DELETED, with UNAUTHENTICATED when the client is no longer
 * let in, and when the client is closed.
 */
public final class CatchUpFlow implements EventFlow {

    private final CatchUp<?> reader;

    private CatchUpFlow(CatchUp<?> reader) {
        this.reader = reader;
    }

    /**
     * Begins; on the client's context.
     *
     * @param from null: from the beginning
     * @throws IllegalArgumentException when {@code from} is a place of another kind
     */
    public static CatchUpFlow open(
            EventStoreClient client, EventSource source, @Nullable Resume from, FlowLimits limits) {
        return new CatchUpFlow(
                CatchUp.open(client, source, EventPages.of(source, ReadDirection.FORWARD), from, limits));
    }

    /** Whether all that comes is pushed to it; its reader may have some of it before him. */
    public boolean isLive() {
        return reader.isLive();
    }

    /** Where its reader is; null: at the beginning of all events. */
    public @Nullable Resume place() {
        return reader.place();
    }

    /** How often its reader was so slow that it went back to reading. */
    public long overflows() {
        return reader.overflows();
    }

    /** How often the subscription ended, with its connection or alone, and it read on. */
    public long restarts() {
        return reader.restarts();
    }

    @Override
    public Future<Events> pull(int max, int maxBytes) {
        return reader.pull(max, maxBytes);
    }

    @Override
    public long heldBytes() {
        return reader.heldBytes();
    }

    @Override
    public Future<Void> close() {
        return reader.close();
    }
}
