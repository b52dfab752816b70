package dev.polywire.eventstore.session;

import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.PageCursor;
import dev.polywire.eventstore.wire.ReadDirection;
import dev.polywire.eventstore.wire.ReadMessage.ReadStreamEvents;
import dev.polywire.eventstore.wire.ReadMessage.ReadStreamEventsCompleted;
import dev.polywire.eventstore.wire.SubscriptionMessage.SubscribeToStream;
import dev.polywire.eventstore.wire.SubscriptionMessage.SubscriptionConfirmation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pages of one stream. Events stand where their links do. */
record NumberedPages(String streamId, EventSource source, ReadDirection direction) implements EventPages<Long> {

    @Override
    public PageCursor<Long> cursor(@Nullable Resume from) {
        if (from == null) {
            return PageCursor.stream(direction, direction == ReadDirection.FORWARD ? 0 : -1);
        }
        Long number = from.nextEventNumber();
        if (number == null) {
            throw new IllegalArgumentException("resume: a position (expected: the number of an event)");
        }
        return PageCursor.stream(direction, number);
    }

    @Override
    public EventStoreMessage question(Long from, int maxCount) {
        return new ReadStreamEvents(
                direction, streamId, from, maxCount, source.resolveLinkTos(), source.requireLeader());
    }

    @Override
    public EventPage<Long> page(EventStoreMessage answer) {
        ReadStreamEventsCompleted read = (ReadStreamEventsCompleted) answer;
        List<ReceivedEvent> events = new ArrayList<>(read.events().size());
        read.events().forEach(each -> events.add(EventPages.checked(ReceivedEvent.of(each))));
        return new EventPage<>(events, read.nextEventNumber(), read.isEndOfStream(), read.lastEventNumber(), null);
    }

    @Override
    public Long place(ReceivedEvent event) {
        return event.original().eventNumber();
    }

    @Override
    public @Nullable Resume behind(ReceivedEvent event) {
        long number = place(event);
        boolean forward = direction == ReadDirection.FORWARD;
        boolean isLast = forward ? number == Long.MAX_VALUE : number == 0;
        return isLast ? null : Resume.at(forward ? number + 1 : number - 1);
    }

    @Override
    public @Nullable Resume resume(Long from) {
        return from < 0 ? null : Resume.at(from);
    }

    @Override
    public @Nullable Resume behind(EventPage<Long> page, Long from) {
        return resume(from);
    }

    @Override
    public EventStoreMessage subscribe() {
        return new SubscribeToStream(streamId, source.resolveLinkTos());
    }

    @Override
    public long knownTo(SubscriptionConfirmation confirmed) {
        Long last = confirmed.lastEventNumber();
        return last == null ? -1 : last;
    }
}
