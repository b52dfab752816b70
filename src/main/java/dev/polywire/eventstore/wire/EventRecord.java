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
 * @param data of a page of 64 KiB or more, it shares the page's memory, as {@code metadata} does: code that keeps a few of its
 *     events copies them
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

    /** Ten tags, a byte for each number and length, and the id. */
    private static final int LEAST_BYTES = 2 * 10 + DotNetGuid.BYTES;

    /** For numbers beyond one byte, of an event and of what it is in. */
    static final int ROOM_BYTES = 48;

    /** Reads the message that is the value of this field. */
    static EventRecord read(ProtobufReader in, RecordTexts texts) {
        long eventStreamId = 0;
        long eventNumber = 0;
        long eventId = 0;
        long eventType = 0;
        int dataContentType = 0;
        int metadataContentType = 0;
        long data = 0;
        long metadata = 0;
        long created = 0;
        long createdEpoch = 0;
        int outer = in.enter();
        while (in.next()) {
            switch (in.tag()) {
                case 0x0a -> eventStreamId = in.span();
                case 0x10 -> eventNumber = in.int64();
                case 0x1a -> eventId = in.span();
                case 0x22 -> eventType = in.span();
                case 0x28 -> dataContentType = in.int32();
                case 0x30 -> metadataContentType = in.int32();
                case 0x3a -> data = in.span();
                case 0x42 -> metadata = in.span();
                case 0x48 -> created = in.int64();
                case 0x50 -> createdEpoch = in.int64();
                default -> in.skip();
            }
        }
        in.leave(outer);
        return new EventRecord(
                texts.stream(in, eventStreamId),
                eventNumber,
                in.eventId(eventId),
                texts.type(in, eventType),
                dataContentType,
                metadataContentType,
                in.bytes(data),
                in.bytes(metadata),
                created,
                createdEpoch);
    }

    /** The size of the message, but for numbers that are large and texts that are not ASCII. */
    int leastBytes() {
        return LEAST_BYTES + eventStreamId.length() + eventType.length() + data.length() + metadata.length();
    }

    void write(int tag, ProtobufWriter out) {
        int begun = out.begin(tag, leastBytes());
        out.text(0x0a, "event_stream_id", eventStreamId)
                .number(0x10, eventNumber)
                .bytes(0x1a, DotNetGuid.bytes(eventId))
                .text(0x22, "event_type", eventType)
                .number(0x28, dataContentType)
                .number(0x30, metadataContentType)
                .bytes(0x3a, data)
                .bytes(0x42, metadata)
                .number(0x48, created)
                .number(0x50, createdEpoch);
        out.end(begun, leastBytes());
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

    /** Without data, which is somebody's. */
    @Override
    public String toString() {
        return "EventRecord [" + eventNumber + "@" + eventStreamId + ", eventType=" + eventType + ", dataBytes="
                + data.length() + "]";
    }
}
