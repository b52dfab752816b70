package dev.polywire.eventstore.store;

import dev.polywire.eventstore.wire.EventRecord;
import dev.polywire.eventstore.wire.Position;
import io.vertx.core.buffer.Buffer;
import java.util.UUID;

/**
 * An event in the log. Its buffers must not be changed.
 *
 * @param number from 0 in its stream; {@link #TOMBSTONE} for the end of a stream that was deleted for ever
 * @param contentType 0: binary, 1: JSON
 * @param createdTicks in .NET's ticks, 100 ns since the year 1
 * @param position of its commit and of itself, which differ for events of a transaction
 */
public record StoredEvent(
        String stream,
        long number,
        UUID id,
        String type,
        int contentType,
        Buffer data,
        Buffer metadata,
        long createdTicks,
        Position position) {

    /** The number of a tombstone. */
    public static final long TOMBSTONE = Long.MAX_VALUE;

    /** The type of a link to another event. */
    public static final String LINK = "$>";

    /** The type of a stream's metadata, in the stream that {@link StreamNames#metadataOf} names. */
    public static final String METADATA = "$metadata";

    private static final long TICKS_A_MILLI = 10_000;
    private static final long UNIX_EPOCH_TICKS = 621_355_968_000_000_000L;

    /** .NET's ticks of a moment in milliseconds since 1970. */
    static long ticks(long epochMillis) {
        return UNIX_EPOCH_TICKS + epochMillis * TICKS_A_MILLI;
    }

    public long createdMillis() {
        return (createdTicks - UNIX_EPOCH_TICKS) / TICKS_A_MILLI;
    }

    /** For the wire. @param longNumbers whether the client knows numbers of 64 bits; else a tombstone has another one */
    public EventRecord record(boolean longNumbers) {
        return new EventRecord(
                stream,
                number == TOMBSTONE && !longNumbers ? Integer.MAX_VALUE : number,
                id,
                type,
                contentType,
                contentType,
                data,
                metadata,
                createdTicks,
                createdMillis());
    }
}
