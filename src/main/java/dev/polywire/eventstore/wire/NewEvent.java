package dev.polywire.eventstore.wire;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Collections;
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

    public NewEvent(UUID eventId, String eventType, int contentType, Buffer data, Buffer metadata) {
        this(DotNetGuid.bytes(eventId), eventType, contentType, contentType, data, metadata);
    }

    /** As servers count an event: data, metadata, and two bytes for each character of the type. */
    public long countedBytes() {
        long metadataBytes = metadata == null ? 0 : metadata.length();
        return data.length() + metadataBytes + (long) TYPE_CHARACTER_BYTES * eventType.length();
    }

    static List<NewEvent> read(PayloadReader in, List<Protobuf.NewEvent> all) {
        List<NewEvent> events = new ArrayList<>(all.size());
        for (Protobuf.NewEvent from : all) {
            events.add(read(in, from));
        }
        return Collections.unmodifiableList(events);
    }

    private static NewEvent read(PayloadReader in, Protobuf.NewEvent from) {
        return new NewEvent(
                PayloadReader.bytes(from.getEventId()),
                in.text("event_type", from.getEventTypeBytes()),
                from.getDataContentType(),
                from.getMetadataContentType(),
                PayloadReader.bytes(from.getData()),
                from.hasMetadata() ? PayloadReader.bytes(from.getMetadata()) : null);
    }

    static List<Protobuf.NewEvent> write(List<NewEvent> all) {
        return all.stream().map(NewEvent::write).toList();
    }

    private Protobuf.NewEvent write() {
        Protobuf.NewEvent.Builder to = Protobuf.NewEvent.newBuilder()
                .setEventId(PayloadWriter.bytes(eventId))
                .setEventTypeBytes(PayloadWriter.text("event_type", eventType))
                .setDataContentType(dataContentType)
                .setMetadataContentType(metadataContentType)
                .setData(PayloadWriter.bytes(data));
        if (metadata != null) {
            to.setMetadata(PayloadWriter.bytes(metadata));
        }
        return to.build();
    }

    /** Without data, which is somebody's. */
    @Override
    public String toString() {
        return "NewEvent [eventType=" + eventType + ", dataBytes=" + data.length() + "]";
    }
}
