package dev.polywire.eventstore.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event among all events: what {@link ResolvedIndexedEvent} is in one stream, with its place.
 *
 * @param event null: the link's target is gone
 * @param link null: the event was not reached by a link, or links were not to be resolved
 */
public record ResolvedEvent(
        @Nullable EventRecord event, @Nullable EventRecord link, Position position) {

    static final ResolvedEvent NONE = new ResolvedEvent(null, null, Position.BEGINNING);

    /** Reads the message that is the value of this field. */
    static ResolvedEvent read(ProtobufReader in) {
        EventRecord event = null;
        EventRecord link = null;
        long commitPosition = 0;
        long preparePosition = 0;
        int outer = in.enter();
        while (in.next()) {
            switch (in.tag()) {
                case 0x0a -> event = EventRecord.read(in, in.eventTexts());
                case 0x12 -> link = EventRecord.read(in, in.linkTexts());
                case 0x18 -> commitPosition = in.int64();
                case 0x20 -> preparePosition = in.int64();
                default -> in.skip();
            }
        }
        in.leave(outer);
        return new ResolvedEvent(event, link, new Position(commitPosition, preparePosition));
    }

    /** About the size of a message with these events. */
    static int roomBytes(List<ResolvedEvent> all) {
        int sum = EventRecord.ROOM_BYTES;
        for (ResolvedEvent each : all) {
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

    static void write(int tag, List<ResolvedEvent> all, ProtobufWriter out) {
        for (ResolvedEvent each : all) {
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
        out.number(0x18, position.commit()).number(0x20, position.prepare());
    }
}
