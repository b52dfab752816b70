package dev.polywire.eventstore.wire;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event as it was written.
 *
 * @param eventNumber from 0. That of a tombstone is 2^63 - 1, or 2^31 - 1 to clients that have not identified themselves
 * @param dataContentType 0: binary, 1: JSON
 * @param created when, in .NET's ticks (100 ns since the year 1), the two highest bits perhaps set; 0: the server did not say
 * @param createdEpoch when, in milliseconds since 1970; 0: the server did not say
 */
public record EventRecord(
        String eventStreamId,
        long eventNumber,
        UUID eventId,
        String eventType,
        int dataContentType,
        int metadataContentType,
        Buffer data,
        Buffer metadata,
        long created,
        long createdEpoch) {

    /** Without the two highest bits of .NET's {@code DateTime.ToBinary}, which say what kind of time it is. */
    private static final long TICKS = (1L << 62) - 1;

    private static final long TICKS_TO_1970 = 621_355_968_000_000_000L;
    private static final long TICKS_IN_SECOND = 10_000_000;
    private static final long NANOS_IN_TICK = 100;

    static EventRecord read(PayloadReader in, Protobuf.EventRecord from) {
        Buffer eventId = PayloadReader.bytes(from.getEventId());
        return new EventRecord(
                in.text("event_stream_id", from.getEventStreamIdBytes()),
                from.getEventNumber(),
                DotNetGuid.read(eventId),
                in.text("event_type", from.getEventTypeBytes()),
                from.getDataContentType(),
                from.getMetadataContentType(),
                PayloadReader.bytes(from.getData()),
                PayloadReader.bytes(from.getMetadata()),
                from.getCreated(),
                from.getCreatedEpoch());
    }

    /** When it was written, to 100 ns; null: the server did not say. */
    public @Nullable Instant createdAt() {
        long ticks = created & TICKS;
        if (ticks != 0) {
            long sinceEpoch = ticks - TICKS_TO_1970;
            return Instant.ofEpochSecond(
                    Math.floorDiv(sinceEpoch, TICKS_IN_SECOND),
                    Math.floorMod(sinceEpoch, TICKS_IN_SECOND) * NANOS_IN_TICK);
        }
        return createdEpoch == 0 ? null : Instant.ofEpochMilli(createdEpoch);
    }

    Protobuf.EventRecord write() {
        return Protobuf.EventRecord.newBuilder()
                .setEventStreamIdBytes(PayloadWriter.text("event_stream_id", eventStreamId))
                .setEventNumber(eventNumber)
                .setEventId(PayloadWriter.bytes(DotNetGuid.bytes(eventId)))
                .setEventTypeBytes(PayloadWriter.text("event_type", eventType))
                .setDataContentType(dataContentType)
                .setMetadataContentType(metadataContentType)
                .setData(PayloadWriter.bytes(data))
                .setMetadata(PayloadWriter.bytes(metadata))
                .setCreated(created)
                .setCreatedEpoch(createdEpoch)
                .build();
    }

    /** Without data, which is somebody's. */
    @Override
    public String toString() {
        return "EventRecord [" + eventNumber + "@" + eventStreamId + ", eventType=" + eventType + ", dataBytes="
                + data.length() + "]";
    }
}
