package dev.polywire.eventstore.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** E16: pages that are too long. */
class PageSizeTest {

    private static final long LIMIT_BYTES = 64 * 1024 * 1024;
    private static final long EVENT_BYTES = 1024 * 1024 + 100;

    private final PageSize pages = new PageSize(LIMIT_BYTES);

    private static EventStoreMessage page(int maxCount) {
        return new ReadMessage.ReadStreamEvents(ReadDirection.FORWARD, "s", 23, maxCount, true, false);
    }

    /** 4,096 events of 1 MiB: eight questions for the first page, one for each of the next. */
    @Test
    void halvesUntilItFitsAndStaysThere() {
        assertEquals(8, questions(page(4_096)));
        assertEquals(page(32), pages.fitted(page(4_096)));
        assertEquals(1, questions(page(4_096)));
    }

    private int questions(EventStoreMessage first) {
        int questions = 1;
        EventStoreMessage question = pages.fitted(first);
        while (count(question) * EVENT_BYTES > LIMIT_BYTES) {
            question = pages.halved(question);
            questions++;
        }
        pages.answered(question, count(question) * EVENT_BYTES);
        return questions;
    }

    private static int count(EventStoreMessage page) {
        return ((ReadMessage.ReadStreamEvents) page).maxCount();
    }

    /** Small answers let it grow again, one step for each. */
    @Test
    void growsAgain() {
        pages.halved(page(64));
        assertEquals(page(32), pages.fitted(page(1_000)));
        pages.answered(page(5), 100);
        assertEquals(page(32), pages.fitted(page(1_000)), "it was not asked for as many");
        pages.answered(page(32), LIMIT_BYTES / 2);
        assertEquals(page(32), pages.fitted(page(1_000)), "it was not small");
        for (int most = 32; most < PageSize.MOST_EVENTS; most *= 2) {
            assertEquals(page(most), pages.fitted(page(4_096)));
            pages.answered(page(most), 100);
        }
        assertEquals(PageSize.MOST_EVENTS, count(pages.fitted(page(4_096))));
    }

    @Test
    void oneEventIsNoPage() {
        assertNull(pages.halved(page(1)));
        assertFalse(PageSize.isDivisible(page(1)));
        assertTrue(PageSize.isDivisible(page(2)));
        assertNull(pages.halved(new ReadMessage.ReadEvent("s", 0, true, false)));
        EventStoreMessage other = new ConnectionMessage.Ping(Buffer.buffer());
        assertSame(other, pages.fitted(other));
    }

    @Test
    void pagesOfAllEventsKeepWhatElseIsAsked() {
        Filter filter = new Filter(Filter.Context.STREAM_ID, Filter.Type.PREFIX, List.of("a"));
        assertEquals(
                new ReadMessage.ReadAllEvents(ReadDirection.BACKWARD, new Position(3, 2), 2, true, true),
                pages.halved(new ReadMessage.ReadAllEvents(ReadDirection.BACKWARD, new Position(3, 2), 5, true, true)));
        assertEquals(
                new ReadMessage.FilteredReadAllEvents(
                        ReadDirection.FORWARD, new Position(3, 2), 2, 9, true, false, filter),
                pages.halved(new ReadMessage.FilteredReadAllEvents(
                        ReadDirection.FORWARD, new Position(3, 2), 4, 9, true, false, filter)));
    }
}
