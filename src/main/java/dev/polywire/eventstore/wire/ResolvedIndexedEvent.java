package dev.polywire.eventstore.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event, and the link that led to it.
 *
 * @param event null: the link's target is gone, or there is nothing to give
 * @param link null: the event was not reached by a link, or links were not to be resolved
 */
public record ResolvedIndexedEvent(
        @Nullable EventRecord event, @Nullable EventRecord link) {

    /** Of an answer without an event. */
    public static final ResolvedIndexedEvent NONE = new ResolvedIndexedEvent(null, null);

    /** Reads the message that is the value of this field. */
    static ResolvedIndexedEvent read(ProtobufReader in) {
        EventRecord event = null;
        EventRecord link = null;
        int outer = in.enter();
        while (in.next()) {
            switch (in.tag()) {
                case 0x0a -> event = EventRecord.read(in, in.eventTexts());
                case 0x12 -> link = EventRecord.read(in, in.linkTexts());
                default -> in.skip();
            }
        }
        in.leave(outer);
        return new ResolvedIndexedEvent(event, link);
    }

    /** About the size of a message with these events. */
    static int roomBytes(List<ResolvedIndexedEvent> all) {
        int sum = EventRecord.ROOM_BYTES;
        for (ResolvedIndexedEvent each : all) {
            sum += each.leastBytes() + EventRecord.ROOM_BYTES;
        }
        return sum;
    }

    int leastBytes() {
        return (event == null ? 0 : event.leastBytes()) + (link == null ? 0 : link.leastBytes());
    }

    void write(int tag, ProtobufWriter out) {
        int begun = out.begin(tag, leastBytes());
        writeFields(out);
        out.end(begun, leastBytes());
    }

    static void write(int tag, List<ResolvedIndexedEvent> all, ProtobufWriter out) {
        for (ResolvedIndexedEvent each : all) {
            each.write(tag, out);
        }
    }

    void writeFields(ProtobufWriter out) {
        if (event != null) {
            event.write(0x0a, out);
        }
        if (link != null) {
            link.write(0x12, out);
        }
    }
}
