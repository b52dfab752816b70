package dev.polywire.eventstore.wire;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * An event in raw form: the protocol's own message behind its length.
 *
 * <pre>
 *   00 00 00 2c          how many bytes follow
 *   0a 28 ...            1: the event, an EventRecord; absent when a link's target is gone
 *   12 ...               2: the link, an EventRecord; absent when there is none
 *   18 ..   20 ..        3, 4: commit and prepare position; absent where the server does not say
 * </pre>
 *
 * <p>With them it is a {@code ResolvedEvent}, else a {@code ResolvedIndexedEvent}.
 */
public final class RawEvent {

    private RawEvent() {}

    /** The bytes of an event. */
    public static Buffer of(@Nullable EventRecord event, @Nullable EventRecord link, @Nullable Position position) {
        LinkedEvent resolved =
                position == null ? new ResolvedIndexedEvent(event, link) : new ResolvedEvent(event, link, position);
        int capacity = Integer.BYTES + LinkedEvent.leastBytes(resolved) + 2 * EventRecord.ROOM_BYTES;
        ProtobufWriter out = new ProtobufWriter(Buffer.buffer(capacity), capacity, Integer.BYTES);
        LinkedEvent.writeFields(resolved, out);
        Buffer raw = out.withHead();
        return raw.setInt(0, raw.length() - Integer.BYTES);
    }
}
