package dev.polywire.eventstore.session;

import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.PageCursor;
import dev.polywire.eventstore.wire.SubscriptionMessage.SubscriptionConfirmation;

/** Pages of a stream that break our own code at one place. */
record FlawedPages(EventPages<Long> right, Flaw flaw) implements EventPages<Long> {

    enum Flaw {
        /** While events are given. */
        BEHIND,
        /** While a page is kept. */
        PLACE,
        /** While the next step is taken. */
        QUESTION,
        SUBSCRIBE
    }

    private void breakAt(Flaw place) {
        if (flaw == place) {
            throw new IllegalStateException(flaw.name());
        }
    }

    @Override
    public PageCursor<Long> cursor(Resume from) {
        return right.cursor(from);
    }

    @Override
    public EventStoreMessage question(Long from, int maxCount) {
        breakAt(Flaw.QUESTION);
        return right.question(from, maxCount);
    }

    @Override
    public EventPage<Long> page(EventStoreMessage answer) {
        return right.page(answer);
    }

    @Override
    public Long place(ReceivedEvent event) {
        breakAt(Flaw.PLACE);
        return right.place(event);
    }

    @Override
    public Resume behind(ReceivedEvent event) {
        breakAt(Flaw.BEHIND);
        return right.behind(event);
    }

    @Override
    public Resume resume(Long from) {
        return right.resume(from);
    }

    @Override
    public Resume behind(EventPage<Long> page, Long from) {
        return null;
    }

    @Override
    public EventStoreMessage subscribe() {
        breakAt(Flaw.SUBSCRIBE);
        return right.subscribe();
    }

    @Override
    public long knownTo(SubscriptionConfirmation confirmed) {
        return right.knownTo(confirmed);
    }
}
