package dev.polywire.eventstore.server;

import dev.polywire.eventstore.store.EventFilter;
import dev.polywire.eventstore.store.StoredEvent;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What one client wants to hear of. Two may be alike in all of it. */
final class VolatileSubscription {

    /** Characters of what a filter has looked at: thousands may remember something different. */
    private static final int MAX_REMEMBERED = 1_024;

    final StoreSession owner;
    final UUID id;
    /** Empty: all of them. */
    final String stream;

    final boolean resolvesLinks;
    private final @Nullable EventFilter filter;
    private final int checkpointInterval;
    /** What its filter has looked at last; null: nothing that could be remembered. */
    private @Nullable String lookedAt;

    private boolean passed;
    private int sinceCheckpoint;
    private boolean ended;

    /** @param checkpointInterval 0: no checkpoints */
    VolatileSubscription(
            StoreSession owner,
            UUID id,
            String stream,
            boolean resolvesLinks,
            @Nullable EventFilter filter,
            int checkpointInterval) {
        this.owner = owner;
        this.id = id;
        this.stream = stream;
        this.resolvesLinks = resolvesLinks;
        this.filter = filter;
        this.checkpointInterval = checkpointInterval;
    }

    /** It has ended, perhaps while an event is being pushed. */
    void end() {
        ended = true;
    }

    /** Whether its filter lets an event pass. What is alike in many events of a write, it looks at once. */
    boolean wants(StoredEvent event, FilterCosts costs) {
        if (filter == null) {
            return true;
        }
        String text = filter.text(event);
        if (!text.equals(lookedAt)) {
            costs.add(this, filter.cost(event));
            passed = filter.passes(event);
            lookedAt = text.length() > MAX_REMEMBERED ? null : text;
        }
        return passed;
    }

    /** An event was looked at, whatever came of it. @return whether it is time for a checkpoint */
    boolean isCheckpoint() {
        if (checkpointInterval == 0 || ++sinceCheckpoint < checkpointInterval) {
            return false;
        }
        sinceCheckpoint = 0;
        return true;
    }

    /** What one event may take, see {@link EventFilter#steps}. */
    long steps() {
        return filter == null ? 0 : filter.steps();
    }

    boolean hasEnded() {
        return ended;
    }
}
