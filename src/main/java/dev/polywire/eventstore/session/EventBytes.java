package dev.polywire.eventstore.session;

import dev.polywire.eventstore.wire.EventRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What events take in memory, by estimate. Their bytes are their own, or those of a page whose other events share them: nothing else of
 * what was received is kept with them.
 */
final class EventBytes {

    private static final int OF_EVENT = 64;
    private static final int OF_RECORD = 360;

    private EventBytes() {}

    static long of(ReceivedEvent event) {
        return OF_EVENT + of(event.event()) + of(event.link());
    }

    static long of(List<ReceivedEvent> events) {
        long sum = 0;
        for (ReceivedEvent each : events) {
            sum += of(each);
        }
        return sum;
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
