package dev.polywire.eventstore.session;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.PageCursor;
import dev.polywire.eventstore.wire.ReadDirection;
import dev.polywire.eventstore.wire.SubscriptionMessage.SubscriptionConfirmation;
import org.jspecify.annotations.Nullable;

/**
 * How the pages of a source are asked for, and what its places are.
 *
 * @param <P> the place of an event: its number in the stream, or its position among all events
 */
interface EventPages<P extends Comparable<P>> {

    /** @throws IllegalArgumentException when {@code from} is a place of another kind */
    PageCursor<P> cursor(@Nullable Resume from);

    /** @param maxCount 1 to 4,096 */
    EventStoreMessage question(P from, int maxCount);

    /** @throws ProtocolException DECODE when it holds what is no event */
    EventPage<P> page(EventStoreMessage answer);

    P place(ReceivedEvent event);

    /** Where a reader goes on behind an event; null: nowhere, it was the last one. */
    @Nullable
    Resume behind(ReceivedEvent event);

    /** Where a reader goes on that has not read at {@code from}; null: at the beginning of all events, or at the end. */
    @Nullable
    Resume resume(P from);

    /** Where a reader goes on behind a page; null: behind its last event. @param from where the next one begins */
    @Nullable
    Resume behind(EventPage<P> page, P from);

    EventStoreMessage subscribe();

    /** How far there are events, in the terms of {@link EventPage#knownTo}. */
    long knownTo(SubscriptionConfirmation confirmed);

    static EventPages<?> of(EventSource source, ReadDirection direction) {
        return source.streamId() == null
                ? new PositionedPages(source, direction)
                : new NumberedPages(source.streamId(), source, direction);
    }

    /** It is an event, or a link without one. */
    static ReceivedEvent checked(ReceivedEvent event) {
        if (event.event() == null && event.link() == null) {
            throw noEvent();
        }
        return event;
    }

    static ProtocolException noEvent() {
        return ProtocolException.decode("event: neither an event nor a link (expected: one of them)");
    }
}
