package dev.polywire.eventstore.server;

import dev.polywire.eventstore.store.StoreFullException;
import dev.polywire.eventstore.store.StoredEvent;
import dev.polywire.eventstore.store.StreamNames;
import dev.polywire.eventstore.store.StreamStore;
import dev.polywire.eventstore.wire.NewEvent;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A stream that the server writes by itself. What the store has no room for is not written. */
final class SystemStream {

    /** As .NET does: no zeros at the end of a fraction, and an offset. */
    private static final DateTimeFormatter MOMENT = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 7, true)
            .appendPattern("xxx")
            .toFormatter(Locale.ROOT);

    private final StreamStore store;
    private final String name;

    SystemStream(StreamStore store, String name) {
        this.store = store;
        this.name = name;
    }

    static String moment(long epochMillis) {
        return MOMENT.format(Instant.ofEpochMilli(epochMillis).atOffset(ZoneOffset.UTC));
    }

    /** The last event; null: there is none that can be read. */
    @Nullable
    StoredEvent last() {
        return event(lastNumber());
    }

    @Nullable
    StoredEvent event(long number) {
        return store.event(name, number);
    }

    long lastNumber() {
        return store.lastNumber(name);
    }

    void write(String type, int contentType, String data, String metadata) {
        write(name, type, contentType, data, metadata);
    }

    /** Hides all events below a number. */
    void truncateBefore(long number) {
        write(StreamNames.metadataOf(name), StoredEvent.METADATA, NewEvent.JSON, "{\"$tb\":" + number + "}", "");
    }

    /** Deletes it, if it is there, so that it can be written again. */
    void delete() {
        if (last() != null) {
            truncateBefore(Long.MAX_VALUE);
        }
    }

    private void write(String stream, String type, int contentType, String data, String metadata) {
        NewEvent event =
                new NewEvent(UUID.randomUUID(), type, contentType, Buffer.buffer(data), Buffer.buffer(metadata));
        try {
            store.write(stream, StreamStore.ANY, List.of(event));
        } catch (StoreFullException full) {
            // A real server whose disk is full goes on, too, and forgets.
            return;
        }
    }
}
