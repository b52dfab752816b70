package dev.polywire.eventstore.wire;

import org.jspecify.annotations.Nullable;

/**
 * An event, and the link that led to it.
 *
 * @param event null: the link's target is gone, or there is nothing to give
 * @param link null: the event was not reached by a link, or links were not to be resolved
 */
public record ResolvedIndexedEvent(
        @Nullable EventRecord event, @Nullable EventRecord link) implements LinkedEvent {

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
}
