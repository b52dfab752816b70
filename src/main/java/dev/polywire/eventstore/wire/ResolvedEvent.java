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

    static List<ResolvedEvent> read(PayloadReader in, List<Protobuf.ResolvedEvent> all) {
        return all.stream().map(from -> read(in, from)).toList();
    }

    static ResolvedEvent read(PayloadReader in, Protobuf.ResolvedEvent from) {
        return new ResolvedEvent(
                from.hasEvent() ? EventRecord.read(in, from.getEvent()) : null,
                from.hasLink() ? EventRecord.read(in, from.getLink()) : null,
                new Position(from.getCommitPosition(), from.getPreparePosition()));
    }

    static List<Protobuf.ResolvedEvent> write(List<ResolvedEvent> all) {
        return all.stream().map(ResolvedEvent::write).toList();
    }

    Protobuf.ResolvedEvent write() {
        Protobuf.ResolvedEvent.Builder to = Protobuf.ResolvedEvent.newBuilder()
                .setCommitPosition(position.commit())
                .setPreparePosition(position.prepare());
        if (event != null) {
            to.setEvent(event.write());
        }
        if (link != null) {
            to.setLink(link.write());
        }
        return to.build();
    }
}
