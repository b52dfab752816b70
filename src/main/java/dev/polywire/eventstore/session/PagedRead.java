package dev.polywire.eventstore.session;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.eventstore.wire.PageCursor;
import dev.polywire.eventstore.wire.ReadDirection;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads to the end of a stream, or of all events, page by page: the next one is asked for when the reader begins the one before, so
 * that a reader who has stopped holds two at most. Fails as each call, with what came before the failure given first.
 */
public final class PagedRead implements EventFlow {

    private final Pages<?> pages;
    private final PullDesk desk;

    private PagedRead(Pages<?> pages) {
        this.pages = pages;
        this.desk = pages.desk;
    }

    /**
     * Begins to read; on the client's context. That there is no such stream is the failure of the first pull.
     *
     * @param from null: from the beginning, or backward from the end
     * @throws IllegalArgumentException when {@code from} is a place of another kind
     */
    public static PagedRead open(
            EventStoreClient client,
            EventSource source,
            ReadDirection direction,
            @Nullable Resume from,
            FlowLimits limits) {
        return new PagedRead(open(client, source, EventPages.of(source, direction), from, limits));
    }

    private static <P extends Comparable<P>> Pages<P> open(
            EventStoreClient client,
            EventSource source,
            EventPages<P> pages,
            @Nullable Resume from,
            FlowLimits limits) {
        Pages<P> opened = new Pages<>(pages, from, new PageQuestions<>(client, source, pages, limits));
        opened.readOn();
        return opened;
    }

    @Override
    public Future<Events> pull(int max, int maxBytes) {
        return desk.pull(max, maxBytes);
    }

    @Override
    public long heldBytes() {
        return pages.held.bytes();
    }

    @Override
    public Future<Void> close() {
        desk.close();
        pages.held.clear();
        return Future.succeededFuture();
    }

    /** With the places of one kind of source. */
    private static final class Pages<P extends Comparable<P>> implements PullDesk.Shelf {

        final PullDesk desk = new PullDesk(this);
        final HeldPages held = new HeldPages();
        private final EventPages<P> pages;
        private final PageCursor<P> cursor;
        private final PageQuestions<P> questions;
        private @Nullable Resume place;
        private boolean reading;

        Pages(EventPages<P> pages, @Nullable Resume from, PageQuestions<P> questions) {
            this.pages = pages;
            this.cursor = pages.cursor(from);
            this.questions = questions;
            this.place = pages.resume(cursor.from());
        }

        private void readOn() {
            if (!reading && held.hasRoom() && !cursor.isAtEnd() && !desk.isOver()) {
                reading = true;
                questions.ask(cursor.from()).onSuccess(this::arrived).onFailure(desk::end);
            }
        }

        private void arrived(EventPage<P> page) {
            reading = false;
            if (desk.isOver()) {
                return;
            }
            try {
                keep(page);
            } catch (RuntimeException wrong) {
                broken(wrong);
            }
            desk.serve();
            readOn();
        }

        private void keep(EventPage<P> page) {
            List<ReceivedEvent> fresh = page.events();
            fresh.removeIf(event -> !cursor.takes(pages.place(event)));
            boolean goesOn = cursor.page(page.next(), page.isEnd());
            held.add(fresh, pages.behind(page, cursor.from()));
            if (cursor.isAtEnd()) {
                desk.end(null);
            } else if (!goesOn) {
                desk.end(ProtocolException.decode("page: no end, and nothing behind it (expected: one of them)"));
            }
        }

        @Override
        public @Nullable Events take(int max, int maxBytes) {
            Handful hand = new Handful(pages, max, maxBytes, place);
            held.take(hand);
            place = hand.place();
            readOn();
            return hand.events();
        }

        @Override
        public boolean isEmpty() {
            return held.isEmpty();
        }

        @Override
        public @Nullable Resume place() {
            return place;
        }

        @Override
        public void broken(RuntimeException why) {
            held.clear();
            desk.end(why);
        }
    }
}
