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

    static List<ResolvedIndexedEvent> read(PayloadReader in, List<Protobuf.ResolvedIndexedEvent> all) {
        return all.stream().map(from -> read(in, from)).toList();
    }

    static ResolvedIndexedEvent read(PayloadReader in, Protobuf.ResolvedIndexedEvent from) {
        return new ResolvedIndexedEvent(
                from.hasEvent() ? EventRecord.read(in, from.getEvent()) : null,
                from.hasLink() ? EventRecord.read(in, from.getLink()) : null);
    }

    static List<Protobuf.ResolvedIndexedEvent> write(List<ResolvedIndexedEvent> all) {
        return all.stream().map(ResolvedIndexedEvent::write).toList();
    }

    Protobuf.ResolvedIndexedEvent write() {
        Protobuf.ResolvedIndexedEvent.Builder to = Protobuf.ResolvedIndexedEvent.newBuilder();
        if (event != null) {
            to.setEvent(event.write());
        }
        if (link != null) {
            to.setLink(link.write());
        }
        return to.build();
    }
}
