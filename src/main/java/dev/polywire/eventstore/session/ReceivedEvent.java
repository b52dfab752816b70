package dev.polywire.eventstore.session;

import dev.polywire.eventstore.wire.EventRecord;
import dev.polywire.eventstore.wire.Position;
import dev.polywire.eventstore.wire.ResolvedEvent;
import dev.polywire.eventstore.wire.ResolvedIndexedEvent;
import org.jspecify.annotations.Nullable;

/**
 * An event that a server has given, whichever way.
 *
 * @param event null: the target of the link is gone
 * @param link what led to the event; null: it was not reached by a link
 * @param position its place among all events; null: the server did not say, as in a page of one stream
 */
public record ReceivedEvent(
        @Nullable EventRecord event,
        @Nullable EventRecord link,
        @Nullable Position position) {

    /** An event of one stream. */
    public static ReceivedEvent of(ResolvedIndexedEvent from) {
        return new ReceivedEvent(from.event(), from.link(), null);
    }

    /** An event among all events. */
    public static ReceivedEvent of(ResolvedEvent from) {
        return new ReceivedEvent(from.event(), from.link(), from.position());
    }

    /** What stands in the stream that was read: the link, if there is one. Its number and its id are those of the stream. */
    public EventRecord original() {
        EventRecord read = link != null ? link : event;
        if (read == null) {
            throw new IllegalStateException("neither an event nor a link");
        }
        return read;
    }
}
