package dev.polywire.core.bus.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.net.CallException;
import dev.polywire.testing.LoggedTraces;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.probe.Numbers;
import dev.polywire.testing.probe.ScriptedSource;
import dev.polywire.testing.probe.SettledNumbers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One stream, asked directly. */
class PagedStreamTest {

    private static final Vertx VERTX = Vertx.vertx();
    /** Longer than any test: the answer comes from somewhere else. */
    private static final long LONG_MILLIS = 600_000;

    private final ScriptedSource source = new ScriptedSource();
    private final PagedStream stream = new PagedStream(VERTX, source, StreamForm.JSON, Failure::of, "test");

    @AfterAll
    static void close() {
        Outcome.value(VERTX.close());
    }

    @Test
    void batchesAreNumberedFromOne() {
        AtomicInteger closed = new AtomicInteger();
        PagedStream numbers = new PagedStream(VERTX, new Numbers(10, closed), StreamForm.JSON, Failure::of, "test");
        assertEquals(batch(1, false, 1, 2, 3, 4), Outcome.value(numbers.next(1, 4, LONG_MILLIS, null)));
        assertEquals(batch(2, false, 5, 6, 7), Outcome.value(numbers.next(2, 3, LONG_MILLIS, null)));
        assertEquals(0, closed.get());
        assertEquals(batch(3, true, 8, 9, 10), Outcome.value(numbers.next(3, 4, LONG_MILLIS, null)));
        assertEquals(1, closed.get());
        assertEquals(batch(4, true), Outcome.value(numbers.next(4, 4, LONG_MILLIS, null)));
        assertEquals(batch(3, true, 8, 9, 10), Outcome.value(numbers.next(3, 4, LONG_MILLIS, null)));
    }

    /** Requests for more fail from then on; the last settlement releases the source. */
    @Test
    void aCutStreamMayStillBeSettled() {
        SettledNumbers numbers = new SettledNumbers(10);
        PagedStream cut = new PagedStream(VERTX, numbers, StreamForm.JSON, Failure::of, "test");
        Outcome.value(cut.next(1, 4, LONG_MILLIS, null));
        numbers.cut(new CallException(CallException.Reason.OVERLOADED, "too slow"));
        ServiceException why = (ServiceException) Outcome.failure(cut.next(2, 1, LONG_MILLIS, null));
        assertEquals(Failure.OVERLOADED.code(), why.failureCode());
        assertEquals(3, settled(cut, Settlement.read(new JsonArray("[1,3,4]"), null, null, null)));
        assertEquals(0, numbers.closed());
        assertEquals(1, settled(cut, Settlement.read(null, new JsonArray("[2]"), null, null)));
        assertEquals(1, numbers.closed());
        assertEquals(List.of("1 acknowledged", "3 acknowledged", "4 acknowledged", "2 requeued"), numbers.heard);
    }

    private static int settled(PagedStream stream, Settlement said) {
        return stream.settle(said).settled();
    }

    /** Nothing is to be settled, so nothing is kept; a lapse later ends what a cut has left. */
    @Test
    void aCutStreamIsReleased() {
        SettledNumbers untouched = new SettledNumbers(10);
        PagedStream first = new PagedStream(VERTX, untouched, StreamForm.JSON, Failure::of, "test");
        untouched.cut(new CallException(CallException.Reason.OVERLOADED, "too slow"));
        assertEquals(1, untouched.closed());
        SettledNumbers given = new SettledNumbers(10);
        PagedStream second = new PagedStream(VERTX, given, StreamForm.JSON, Failure::of, "test");
        Outcome.value(second.next(1, 4, LONG_MILLIS, null));
        given.cut(new CallException(CallException.Reason.OVERLOADED, "too slow"));
        Outcome.value(second.release(Failure.NOT_FOUND));
        assertEquals(1, given.closed());
        Outcome.failure(first.next(1, 1, LONG_MILLIS, null));
        assertThrows(
                ServiceException.class, () -> second.settle(Settlement.read(new JsonArray("[1]"), null, null, null)));
    }

    @Test
    void anEmptyLastPageIsTheEnd() {
        Future<Batch> first = next(1);
        source.give("a");
        Future<Batch> second = next(2);
        Future<Batch> third = next(3);
        source.giveLast();
        assertEquals(batch(1, false, "a"), Outcome.value(first));
        assertEquals(batch(2, true), Outcome.value(second));
        assertEquals(batch(3, true), Outcome.value(third));
        assertEquals(1, source.closed());
    }

    /** A batch without items has the newest resume point, and does not use up its number. */
    @Test
    void aPageWithoutItemsIsFurtherOnAndNotTheEnd() {
        Future<Batch> first = next(1);
        source.resume(5);
        assertFalse(first.isComplete());
        assertEquals(1, source.pending(), "asked for more");
        assertEquals(new Batch(1, new JsonArray(), false, at(5)), Outcome.value(stream.next(1, 9, 1, null)));
        first = next(1);
        source.resume(7, "a");
        assertEquals(new Batch(1, new JsonArray(List.of("a")), false, at(7)), Outcome.value(first));
        Future<Batch> second = next(2);
        source.resume(9);
        source.resume(12);
        assertEquals(new Batch(2, new JsonArray(), false, at(12)), Outcome.value(stream.next(2, 9, 1, null)));
        assertEquals(new Batch(2, new JsonArray(), false, at(12)), Outcome.value(second), "somebody else asks for it");
        assertEquals(new Batch(1, new JsonArray(List.of("a")), false, at(7)), Outcome.value(next(1)));
        assertEquals(batch(2, false), PagedStream.nothing(2));
        Future<Batch> last = next(2);
        source.giveLast();
        assertEquals(new Batch(2, new JsonArray(), true, at(12)), Outcome.value(last));
        assertEquals(new Batch(3, new JsonArray(), true, at(12)), Outcome.value(next(3)));
    }

    /** An older point would lie before these items. */
    @Test
    void itemsWithoutAResumePointHaveNone() {
        Future<Batch> first = next(1);
        source.resume(5);
        source.give("a");
        assertEquals(batch(1, false, "a"), Outcome.value(first));
        assertEquals(batch(2, false), Outcome.value(stream.next(2, 9, 1, null)));
    }

    private static JsonObject at(int place) {
        return new JsonObject().put("place", place);
    }

    @Test
    void theSameQuestionGetsTheSameAnswer() {
        for (int i = 1; i <= 3; i++) {
            next(i);
            source.give(i);
        }
        for (int again = 0; again < 2; again++) {
            assertEquals(batch(3, false, 3), Outcome.value(next(3)));
            assertEquals(batch(2, false, 2), Outcome.value(next(2)));
        }
        assertEquals(3, source.credits.size());
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 1, 6, 7, Long.MAX_VALUE})
    void onlyTwoBatchesAheadAndTwoBehindAreThere(long number) {
        for (int i = 1; i <= 3; i++) {
            next(i);
            source.give(i);
        }
        ServiceException refused = assertThrows(ServiceException.class, () -> next(number));
        assertEquals(4400, refused.failureCode());
        assertEquals("batch: " + number + " (expected: 4 or 5)", refused.getMessage());
        assertFalse(next(4).isComplete());
        assertFalse(next(5).isComplete());
    }

    @Test
    void twoMayBeOutstanding() {
        Future<Batch> second = stream.next(2, 7, LONG_MILLIS, null);
        Future<Batch> first = stream.next(1, 5, LONG_MILLIS, null);
        assertEquals(1, source.pending(), "one page at a time");
        source.give("a", "b");
        assertEquals(batch(1, false, "a", "b"), Outcome.value(first));
        assertFalse(second.isComplete());
        source.giveLast("c");
        assertEquals(batch(2, true, "c"), Outcome.value(second));
        assertEquals(List.of(7, 7), source.credits, "the credit of whoever waits");
    }

    @Test
    void whoAsksAgainTakesTheOthersPlace() {
        Future<Batch> lost = next(1);
        Future<Batch> again = next(1);
        assertEquals(batch(1, false), Outcome.value(lost));
        source.give("a");
        assertEquals(batch(1, false, "a"), Outcome.value(again));
    }

    @Test
    void anEmptyBatchDoesNotUseUpItsNumber() {
        assertEquals(batch(1, false), Outcome.value(stream.next(1, 1, 1, null)));
        assertEquals(batch(1, false), Outcome.value(stream.next(1, 1, 0, null)));
        assertFalse(stream.inUse());
        source.give("a");
        assertEquals(batch(1, false, "a"), Outcome.value(next(1)));
        assertEquals(1, source.credits.size(), "the page that came late is kept");
    }

    @Test
    void aFailureEndsItTypedAndWhatIsKeptIsServed() {
        Future<Batch> first = next(1);
        Future<Batch> second = next(2);
        source.give("a");
        source.fail(new CallException(CallException.Reason.CONNECTION_LOST, "reset"));
        assertEquals(batch(1, false, "a"), Outcome.value(first));
        for (Future<Batch> failed : List.of(second, next(2), next(3))) {
            assertEquals(4504, ((ServiceException) Outcome.failure(failed)).failureCode());
        }
        assertEquals(batch(1, false, "a"), Outcome.value(next(1)));
        assertEquals(1, source.closed());
    }

    @Test
    void aSourceThatThrowsIsAFailure() {
        AtomicInteger closed = new AtomicInteger();
        PagedStream throwing = new PagedStream(
                VERTX,
                new StreamSource() {
                    @Override
                    public Future<Page> pull(int max, int maxBytes) {
                        throw new IllegalStateException("pull");
                    }

                    @Override
                    public Future<Void> close() {
                        closed.incrementAndGet();
                        throw new IllegalStateException("close");
                    }
                },
                StreamForm.JSON,
                Failure::of,
                "test");
        try (LoggedTraces log = new LoggedTraces()) {
            for (int i = 0; i < 3; i++) {
                assertEquals(
                        4500,
                        ((ServiceException) Outcome.failure(throwing.next(1, 1, LONG_MILLIS, null))).failureCode());
            }
            assertEquals(1, log.traces().size(), "said once, not with each question");
        }
        assertEquals(1, closed.get());
    }

    @Test
    void aPageAfterTheCloseIsIgnored() {
        Future<Batch> first = next(1);
        Outcome.value(stream.close());
        assertEquals(batch(1, true), Outcome.value(first));
        source.give("a");
        Outcome.value(stream.close());
        assertEquals(1, source.closed());
        assertEquals(batch(1, true), Outcome.value(next(1)));
    }

    @Test
    void aFailureAfterTheLapseIsIgnored() {
        Future<Batch> first = next(1);
        stream.release(Failure.NOT_FOUND);
        assertEquals(4404, ((ServiceException) Outcome.failure(first)).failureCode());
        source.fail(new CallException(CallException.Reason.CONNECTION_LOST, "reset"));
        assertEquals(4404, ((ServiceException) Outcome.failure(next(1))).failureCode());
        assertEquals(1, source.closed());
    }

    @Test
    void recordsInRawFormAreOneBuffer() {
        PagedStream raw = new PagedStream(VERTX, source, StreamForm.RAW, Failure::of, "test");
        Future<Batch> first = raw.next(1, 9, LONG_MILLIS, null);
        source.give(Buffer.buffer("ab"), Buffer.buffer("c"));
        assertEquals(batch(1, false, Buffer.buffer("abc")), Outcome.value(first));
        Future<Batch> last = raw.next(2, 9, LONG_MILLIS, null);
        source.giveLast();
        assertEquals(batch(2, true), Outcome.value(last));
    }

    /** A reader that asks for the next batch as soon as it has one, and a source that always has one. */
    @Test
    void synchronousSourcesDoNotRecurse() {
        int pages = 100_000;
        PagedStream numbers =
                new PagedStream(VERTX, new Numbers(pages, new AtomicInteger()), StreamForm.JSON, Failure::of, "test");
        for (int i = 1; i <= pages; i++) {
            Future<Batch> next = numbers.next(i, 1, LONG_MILLIS, null);
            assertTrue(next.succeeded());
        }
        assertEquals(
                batch(pages + 1, true),
                numbers.next(pages + 1, 1, LONG_MILLIS, null).result());
    }

    private Future<Batch> next(long number) {
        return stream.next(number, 1, LONG_MILLIS, null);
    }

    private static Batch batch(long number, boolean done, Object... items) {
        return new Batch(number, new JsonArray(List.of(items)), done, null);
    }
}
