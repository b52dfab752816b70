package dev.polywire.eventstore.server;

import dev.polywire.eventstore.store.Resolved;
import dev.polywire.eventstore.store.StoredEvent;
import dev.polywire.eventstore.wire.ResolvedIndexedEvent;
import java.util.UUID;

/**
 * An event on its way through a group.
 *
 * @param pin of its group's strategy
 * @param retryCount how often it was given before
 * @param replayed whether it comes from the parked stream, so that its number is none of the group's stream
 */
record GroupMessage(Resolved event, int pin, int retryCount, boolean replayed) {

    /** What was read: its id is what clients acknowledge. */
    StoredEvent received() {
        return event.received();
    }

    /** What clients want: the target of a link, as long as there is one. */
    StoredEvent source() {
        StoredEvent target = event.event();
        return target == null ? event.received() : target;
    }

    boolean hasSource() {
        return event.event() != null;
    }

    UUID id() {
        return received().id();
    }

    GroupMessage again(int newRetryCount) {
        return new GroupMessage(event, pin, newRetryCount, replayed);
    }

    ResolvedIndexedEvent record(boolean longNumbers) {
        StoredEvent target = event.event();
        StoredEvent link = event.link();
        return new ResolvedIndexedEvent(
                target == null ? null : target.record(longNumbers), link == null ? null : link.record(longNumbers));
    }
}
