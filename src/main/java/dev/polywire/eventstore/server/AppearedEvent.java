package dev.polywire.eventstore.server;

import dev.polywire.eventstore.store.Resolved;
import dev.polywire.eventstore.store.StoredEvent;
import dev.polywire.eventstore.store.StreamStore;
import dev.polywire.eventstore.wire.EventRecord;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.ResolvedEvent;
import dev.polywire.eventstore.wire.SubscriptionMessage;
import org.jspecify.annotations.Nullable;

/** What subscriptions are told about an event. A link is large, and thousands may want its target: it is read once. */
final class AppearedEvent {

    private final StreamStore store;
    private final StoredEvent event;
    private @Nullable Resolved resolved;

    AppearedEvent(StreamStore store, StoredEvent event) {
        this.store = store;
        this.event = event;
    }

    StoredEvent event() {
        return event;
    }

    /** Nobody asks whether the client may read a link's target. */
    EventStoreMessage message(boolean resolvesLinks, boolean longNumbers) {
        Resolved found = resolvesLinks ? resolved() : Resolved.plain(event);
        return new SubscriptionMessage.StreamEventAppeared(new ResolvedEvent(
                record(found.event(), longNumbers), record(found.link(), longNumbers), event.position()));
    }

    private Resolved resolved() {
        Resolved known = resolved;
        if (known == null) {
            known = store.resolve(event);
            resolved = known;
        }
        return known;
    }

    private static @Nullable EventRecord record(@Nullable StoredEvent event, boolean longNumbers) {
        return event == null ? null : event.record(longNumbers);
    }
}
