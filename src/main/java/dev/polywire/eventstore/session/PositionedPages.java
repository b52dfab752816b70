package dev.polywire.eventstore.session;

import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.PageCursor;
import dev.polywire.eventstore.wire.Position;
import dev.polywire.eventstore.wire.ReadDirection;
import dev.polywire.eventstore.wire.ReadMessage.FilteredReadAllEvents;
import dev.polywire.eventstore.wire.ReadMessage.FilteredReadAllEventsCompleted;
import dev.polywire.eventstore.wire.ReadMessage.ReadAllEvents;
import dev.polywire.eventstore.wire.ReadMessage.ReadAllEventsCompleted;
import dev.polywire.eventstore.wire.ResolvedEvent;
import dev.polywire.eventstore.wire.SubscriptionMessage.FilteredSubscribeToStream;
import dev.polywire.eventstore.wire.SubscriptionMessage.SubscribeToStream;
import dev.polywire.eventstore.wire.SubscriptionMessage.SubscriptionConfirmation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Pages of all events. */
record PositionedPages(EventSource source, ReadDirection direction) implements EventPages<Position> {

    private static final String ALL = "";

    @Override
    public PageCursor<Position> cursor(@Nullable Resume from) {
        if (from != null && from.after() == null) {
            throw new IllegalArgumentException("resume: the number of an event (expected: a position)");
        }
        return PageCursor.all(direction, from == null ? null : from.after());
    }

    @Override
    public EventStoreMessage question(Position from, int maxCount) {
        return source.filter() == null
                ? new ReadAllEvents(direction, from, maxCount, source.resolveLinkTos(), source.requireLeader())
                : new FilteredReadAllEvents(
                        direction,
                        from,
                        maxCount,
                        source.maxSearchWindow(),
                        source.resolveLinkTos(),
                        source.requireLeader(),
                        source.filter());
    }

    /** The end of all events is no field: servers may give fewer events than were asked for, but none only at the end. */
    @Override
    public EventPage<Position> page(EventStoreMessage answer) {
        if (answer instanceof FilteredReadAllEventsCompleted read) {
            return page(read.events(), read.next(), read.isEndOfStream(), looked(read));
        }
        ReadAllEventsCompleted read = (ReadAllEventsCompleted) answer;
        return page(read.events(), read.next(), read.events().isEmpty(), null);
    }

    private static EventPage<Position> page(
            List<ResolvedEvent> read, Position next, boolean isEnd, @Nullable Resume looked) {
        List<ReceivedEvent> events = new ArrayList<>(read.size());
        read.forEach(each -> events.add(EventPages.checked(ReceivedEvent.of(each))));
        // The event at the next position is not known yet.
        return new EventPage<>(events, next, isEnd, next.commit() - 1, looked);
    }

    /** The next page may begin with an event at its very place: a reader goes on behind one that lies before. */
    private @Nullable Resume looked(FilteredReadAllEventsCompleted read) {
        Position next = read.next();
        if (direction == ReadDirection.BACKWARD) {
            return Resume.behind(next);
        }
        boolean further = next.compareTo(read.position()) > 0;
        return further ? Resume.behind(new Position(next.commit(), Math.max(0, next.prepare() - 1))) : null;
    }

    @Override
    public Position place(ReceivedEvent event) {
        return Objects.requireNonNull(event.position());
    }

    @Override
    public Resume behind(ReceivedEvent event) {
        return Resume.behind(place(event));
    }

    @Override
    public @Nullable Resume resume(Position from) {
        return from.equals(Position.BEGINNING) || from.equals(Position.END) ? null : Resume.behind(from);
    }

    @Override
    public @Nullable Resume behind(EventPage<Position> page, Position from) {
        return page.looked();
    }

    @Override
    public EventStoreMessage subscribe() {
        return source.filter() == null
                ? new SubscribeToStream(ALL, source.resolveLinkTos())
                : new FilteredSubscribeToStream(
                        ALL, source.resolveLinkTos(), source.filter(), source.checkpointInterval());
    }

    @Override
    public long knownTo(SubscriptionConfirmation confirmed) {
        return confirmed.lastCommitPosition();
    }
}
