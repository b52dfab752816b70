package dev.polywire.eventstore.server;

import dev.polywire.eventstore.store.StoredEvent;
import dev.polywire.eventstore.wire.ResolvedIndexedEvent;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event on its way through a group.
 *
 * @param event null: the link's target is gone
 * @param link null: the event was not reached by a link
 * @param retryCount how often it was given before
 * @param replayed whether it comes from the parked stream, so that its number is none of the group's stream
 */
record GroupMessage(
        @Nullable StoredEvent event,
        @Nullable StoredEvent link,
        int retryCount,
        boolean replayed) {

    GroupMessage {
        if (event == null && link == null) {
            throw new IllegalArgumentException("neither event nor link (expected: one of them)");
        }
    }

    /** What was read: its id is what clients acknowledge. */
    StoredEvent received() {
        return link != null ? link : source();
    }

    /** What clients want: the target of a link, as long as there is one. */
    StoredEvent source() {
        return event != null ? event : Objects.requireNonNull(link);
    }

    UUID id() {
        return received().id();
    }

    GroupMessage again(int newRetryCount) {
        return new GroupMessage(event, link, newRetryCount, replayed);
    }

    ResolvedIndexedEvent record(boolean longNumbers) {
        return new ResolvedIndexedEvent(
                event == null ? null : event.record(longNumbers), link == null ? null : link.record(longNumbers));
    }
}
