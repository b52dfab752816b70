package dev.polywire.eventstore.wire;

import org.jspecify.annotations.Nullable;

/**
 * An event among all events: what {@link ResolvedIndexedEvent} is in one stream, with its place.
 *
 * @param event null: the link's target is gone
 * @param link null: the event was not reached by a link, or links were not to be resolved
 */
public record ResolvedEvent(
        @Nullable EventRecord event, @Nullable EventRecord link, Position position) implements LinkedEvent {

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
}
