package dev.polywire.eventstore.store;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An event, and the link that led to it.
 *
 * @param event null: the link's target cannot be read
 * @param link null: the event was not reached by a link
 */
public record Resolved(
        @Nullable StoredEvent event, @Nullable StoredEvent link) {

    public static Resolved plain(StoredEvent event) {
        return new Resolved(event, null);
    }

    /** Whether it should be a link, and does not say to what. */
    public boolean isBroken() {
        return link == null && event != null && event.type().equals(StoredEvent.LINK);
    }

    /** What was found in the stream: the link, or the event itself. */
    public StoredEvent received() {
        return Objects.requireNonNull(link == null ? event : link);
    }
}
