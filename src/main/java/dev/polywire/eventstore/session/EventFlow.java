package dev.polywire.eventstore.session;

import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events that are asked for, page by page: a read to the end of a stream, or a subscription. Belongs to one context. */
public interface EventFlow {

    /**
     * Some events, in order.
     *
     * @param events none, and not done: there are none yet, but {@code resume} is a newer one
     * @param resume where another flow goes on behind these events; null: the flow cannot be resumed
     * @param done whether nothing follows
     */
    record Events(List<ReceivedEvent> events, @Nullable Resume resume, boolean done) {}

    /**
     * The next events, as soon as there is at least one or a newer place to resume from. One pull at a time.
     *
     * @param max of events, at least 1
     * @param maxBytes the events end when they have about this size
     * @return fails when the flow has ended with a failure, from then on always
     */
    Future<Events> pull(int max, int maxBytes);

    /** Bytes that wait here to be pulled. */
    long heldBytes();

    /** Ends it; a pull that is pending has no outcome. */
    Future<Void> close();
}
