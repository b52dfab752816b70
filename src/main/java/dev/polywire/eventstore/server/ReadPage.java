package dev.polywire.eventstore.server;

import dev.polywire.eventstore.store.Resolved;
import dev.polywire.eventstore.store.StoredEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * As many events as fit into one package.
 *
 * @param rest the first one that did not fit; null: all did
 */
record ReadPage(List<Resolved> events, @Nullable StoredEvent rest) {

    /** A package has 64 MiB; the two largest events, a link and its target, have 32. */
    static final int MAX_BYTES = 60 * 1024 * 1024;

    private static final int OTHER_BYTES = 128;
    private static final int MAX_BYTES_A_CHARACTER = 3;

    /** Null: one of the events, or what it leads to, may not be read. @param resolve null likewise */
    static @Nullable ReadPage of(List<StoredEvent> found, Function<StoredEvent, @Nullable Resolved> resolve) {
        List<Resolved> events = new ArrayList<>(found.size());
        long bytes = 0;
        for (StoredEvent each : found) {
            Resolved resolved = resolve.apply(each);
            if (resolved == null) {
                return null;
            }
            bytes += bytes(resolved.event()) + bytes(resolved.link());
            if (bytes > MAX_BYTES && !events.isEmpty()) {
                return new ReadPage(events, each);
            }
            events.add(resolved);
        }
        return new ReadPage(events, null);
    }

    private static long bytes(@Nullable StoredEvent event) {
        return event == null
                ? 0
                : OTHER_BYTES
                        + event.data().length()
                        + event.metadata().length()
                        + (long) MAX_BYTES_A_CHARACTER
                                * (event.stream().length() + event.type().length());
    }
}
