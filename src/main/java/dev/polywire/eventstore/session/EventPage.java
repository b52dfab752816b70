package dev.polywire.eventstore.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a stream, or of all events.
 *
 * @param next where the next one begins
 * @param isEnd whether it has the last event, the way that is read
 * @param knownTo of a stream, its last number; of all events, up to where the page has looked
 * @param looked where to go on behind what a filtered page has looked at; null: behind its last event
 * @param <P> the place of an event
 */
record EventPage<P>(
        List<ReceivedEvent> events,
        P next,
        boolean isEnd,
        long knownTo,
        @Nullable Resume looked) {}
