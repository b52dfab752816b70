package dev.polywire.eventstore.wire;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event to be written.
 *
 * @param eventId as received: servers refuse one that has not 16 bytes; {@link DotNetGuid#read(Buffer)} gives the id
 * @param dataContentType 0: binary, 1: JSON; servers take other numbers for binary
 * @param metadataContentType alike; servers go by the other one
 * @param metadata null: the peer sent none
 */
public record NewEvent(
        Buffer eventId,
        String eventType,
        int dataContentType,
        int metadataContentType,
        Buffer data,
        @Nullable Buffer metadata) {

    public static final int BINARY = 0;
    public static final int JSON = 1;

    /** No event has this id. */
    public static final UUID NO_ID = new UUID(0, 0);

    /** Servers refuse an event with more {@link #countedBytes}. */
    public static final int MAX_COUNTED_BYTES = 16 * 1024 * 1024 - 10_000;

    private static final int TYPE_CHARACTER_BYTES = 2;

    /** Five tags, and a byte for each number and length. */
    private static final int LEAST_BYTES = 2 * 5;

    /** Tag and length in a list, and more than a byte for two of its lengths. */
    private static final int ELEMENT_BYTES = 8;

    /** For what a message has beside its events. */
    private static final int ROOM_BYTES = 32;

    public NewEvent(UUID eventId, String eventType, int contentType, Buffer data, Buffer metadata) {
        this(DotNetGuid.bytes(eventId), eventType, contentType, contentType, data, metadata);
    }

    /** As servers count an event: data, metadata, and two bytes for each character of the type. */
    public long countedBytes() {
        long metadataBytes = metadata == null ? 0 : metadata.length();
        return data.length() + metadataBytes + (long) TYPE_CHARACTER_BYTES * eventType.length();
    }

    /** Reads the message that is the value of this field. */
    static NewEvent read(ProtobufReader in) {
        long eventId = 0;
        long eventType = 0;
        int dataContentType = 0;
        int metadataContentType = 0;
        long data = 0;
        long metadata = ProtobufReader.ABSENT;
        int outer = in.enter();
        while (in.next()) {
            switch (in.tag()) {
                case 0x0a -> eventId = in.span();
                case 0x12 -> eventType = in.span();
                case 0x18 -> dataContentType = in.int32();
                case 0x20 -> metadataContentType = in.int32();
                case 0x2a -> data = in.span();
                case 0x32 -> metadata = in.span();
                default -> in.skip();
            }
        }
        in.leave(outer);
        return new NewEvent(
                in.bytes(eventId),
                in.text("event_type", eventType),
                dataContentType,
                metadataContentType,
                in.bytes(data),
                metadata == ProtobufReader.ABSENT ? null : in.bytes(metadata));
    }

    /** About the size of a message with these events. */
    static int roomBytes(List<NewEvent> all) {
        int sum = ROOM_BYTES;
        for (NewEvent each : all) {
            sum += each.leastBytes() + ELEMENT_BYTES;
        }
        return sum;
    }

    /** The size of the message, but for numbers that are large and a type that is not ASCII. */
    private int leastBytes() {
        return LEAST_BYTES
                + eventId.length()
                + eventType.length()
                + data.length()
                + (metadata == null ? 0 : metadata.length());
    }

    static void write(int tag, List<NewEvent> all, ProtobufWriter out) {
        for (NewEvent each : all) {
            each.write(tag, out);
        }
    }

    private void write(int tag, ProtobufWriter out) {
        int begun = out.begin(tag, leastBytes());
        out.bytes(0x0a, eventId)
                .text(0x12, "event_type", eventType)
                .number(0x18, dataContentType)
                .number(0x20, metadataContentType)
                .bytes(0x2a, data);
        if (metadata != null) {
            out.bytes(0x32, metadata);
        }
        out.end(begun, leastBytes());
    }

    /** Without data, which is somebody's. */
    @Override
    public String toString() {
        return "NewEvent [eventType=" + eventType + ", dataBytes=" + data.length() + "]";
    }
}
