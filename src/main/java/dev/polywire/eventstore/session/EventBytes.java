package dev.polywire.eventstore.session;

import dev.polywire.eventstore.wire.EventRecord;
import org.jspecify.annotations.Nullable;

/** What events take in memory, by estimate. Their bytes are their own: nothing of what was received is kept with them. */
final class EventBytes {

    private static final int OF_EVENT = 64;
    private static final int OF_RECORD = 360;

    private EventBytes() {}

    static long of(ReceivedEvent event) {
        return OF_EVENT + of(event.event()) + of(event.link());
    }

    private static long of(@Nullable EventRecord read) {
        return read == null
                ? 0
                : OF_RECORD
                        + read.data().length()
                        + read.metadata().length()
                        + 2L * (read.eventStreamId().length() + read.eventType().length());
    }
}
