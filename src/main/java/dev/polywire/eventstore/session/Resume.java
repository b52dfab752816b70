package dev.polywire.eventstore.session;

import dev.polywire.eventstore.wire.Position;
import org.jspecify.annotations.Nullable;

/**
 * Where a reader goes on. One of the two is there.
 *
 * @param nextEventNumber of a stream: the first event that was not given; 0 or more
 * @param after of all events: the last place that needs no second look, which the next event stands behind
 */
public record Resume(
        @Nullable Long nextEventNumber, @Nullable Position after) {

    /** In a stream. */
    public static Resume at(long nextEventNumber) {
        return new Resume(nextEventNumber, null);
    }

    /** Among all events. */
    public static Resume behind(Position after) {
        return new Resume(null, after);
    }
}
