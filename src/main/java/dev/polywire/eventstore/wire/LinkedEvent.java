package dev.polywire.eventstore.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An event and the link that led to it, as messages hold them: what {@link ResolvedIndexedEvent} and {@link ResolvedEvent} are both. */
sealed interface LinkedEvent permits ResolvedIndexedEvent, ResolvedEvent {

    @Nullable
    EventRecord event();

    @Nullable
    EventRecord link();

    /** About the size of a message with these events. */
    static int roomBytes(List<? extends LinkedEvent> all) {
        int sum = EventRecord.ROOM_BYTES;
        for (LinkedEvent each : all) {
            sum += leastBytes(each) + EventRecord.ROOM_BYTES;
        }
        return sum;
    }

    static int leastBytes(LinkedEvent of) {
        EventRecord event = of.event();
        EventRecord link = of.link();
        return (event == null ? 0 : event.leastBytes()) + (link == null ? 0 : link.leastBytes());
    }

    static void write(int tag, List<? extends LinkedEvent> all, ProtobufWriter out) {
        for (LinkedEvent each : all) {
            write(tag, each, out);
        }
    }

    static void write(int tag, LinkedEvent one, ProtobufWriter out) {
        int least = leastBytes(one);
        int begun = out.begin(tag, least);
        writeFields(one, out);
        out.end(begun, least);
    }

    static void writeFields(LinkedEvent one, ProtobufWriter out) {
        EventRecord event = one.event();
        if (event != null) {
            event.write(0x0a, out);
        }
        EventRecord link = one.link();
        if (link != null) {
            link.write(0x12, out);
        }
        if (one instanceof ResolvedEvent placed) {
            out.number(0x18, placed.position().commit())
                    .number(0x20, placed.position().prepare());
        }
    }
}
