package dev.polywire.core.bus.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.json.StrictJson;
import dev.polywire.core.net.MemoryAccount;
import dev.polywire.core.net.MemoryBudget;
import dev.polywire.testing.Bystander;
import dev.polywire.testing.Heap;
import dev.polywire.testing.InSmallJvm;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.probe.ProbeService;
import dev.polywire.testing.probe.ProbeVerticle;
import dev.polywire.testing.probe.ScriptedSource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.serviceproxy.ServiceException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What streams keep for their readers, in the memory budget. */
class StreamMemoryTest {

    private static final long LONG_MILLIS = 600_000;
    private static final int KIBIBYTE = 1024;
    /** As strangers' items are read: their names are their own. */
    private static final StrictJson READER = new StrictJson(10);

    private final Vertx vertx = Vertx.vertx();
    private final MemoryBudget budget = MemoryBudget.of(vertx);

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    private PagedStream stream(StreamSource source) {
        return new PagedStream(vertx, source, StreamForm.JSON, Failure::of, "test");
    }

    private static Future<Batch> next(PagedStream stream, long number) {
        return stream.next(number, 1, LONG_MILLIS, null);
    }

    private static String text(int kibibytes) {
        return "x".repeat(kibibytes * KIBIBYTE - 128);
    }

    @Test
    void theBatchesThatAReaderMayAskForAgainAreHeld() {
        ScriptedSource source = new ScriptedSource();
        PagedStream stream = stream(source);
        next(stream, 1);
        source.give(text(40));
        assertEquals(40 * KIBIBYTE, budget.heldBytes());
        next(stream, 2);
        source.give(text(80));
        assertEquals(120 * KIBIBYTE, budget.heldBytes());
        next(stream, 3);
        assertEquals(80 * KIBIBYTE, budget.heldBytes(), "whoever asks for the third has the first");
        next(stream, 4);
        assertEquals(0, budget.heldBytes(), "whoever asks for the fourth has the second");
        source.give(text(20));
        assertEquals(20 * KIBIBYTE, budget.heldBytes());
        stream.close();
        assertEquals(0, budget.heldBytes());
    }

    @Test
    void whatTheSourceKeepsIsHeldToo() {
        PagedStream stream = stream(new StreamSource() {
            @Override
            public Future<Page> pull(int max, int maxBytes) {
                return Future.succeededFuture(new Page(new JsonArray().add(1), false, 8 * KIBIBYTE));
            }

            @Override
            public long heldBytes() {
                return 100 * KIBIBYTE;
            }

            @Override
            public Future<Void> close() {
                return Future.succeededFuture();
            }
        });
        assertEquals(100 * KIBIBYTE, budget.heldBytes());
        next(stream, 1);
        assertEquals(108 * KIBIBYTE, budget.heldBytes());
        stream.release(Failure.NOT_FOUND);
        assertEquals(0, budget.heldBytes());
    }

    @Test
    @InSmallJvm
    void theAccountsOfManyStreamsAreWhatTheHeapHolds() {
        Heap.requireNear(
                Heap.bytesOf(() -> {
                    List<PagedStream> streams = new ArrayList<>();
                    for (int i = 0; i < 100; i++) {
                        streams.add(withTwoBatches());
                    }
                    return streams;
                }),
                budget.heldBytes());
    }

    private PagedStream withTwoBatches() {
        ScriptedSource source = new ScriptedSource();
        PagedStream stream = stream(source);
        for (int number = 1; number <= 2; number++) {
            next(stream, number);
            Object[] items = new Object[100];
            for (int i = 0; i < items.length; i++) {
                items[i] = READER.read(
                        Buffer.buffer("{\"id\": " + i + ", \"name\": \"somebody or other\", \"price\": 12.5,"
                                + " \"tags\": [\"first\", \"second\"], \"address\": {\"street\": \"1 High Street\"}}"));
            }
            source.give(items);
        }
        return stream;
    }

    /** By a few of them, they were counted thirty times, or hardly. */
    @Test
    void aLargeItemAmongSmallOnesIsCountedOnceWhereverItIs() {
        for (int place = 120; place < 130; place++) {
            ScriptedSource source = new ScriptedSource();
            PagedStream stream = stream(source);
            next(stream, 1);
            List<Object> items = new ArrayList<>(Collections.nCopies(256, 1));
            items.add(place, text(1_000));
            source.give(items.toArray());
            assertEquals(1_032 * KIBIBYTE, budget.heldBytes());
            stream.close();
        }
    }

    @Test
    void rawBatchesCountTheirBytes() {
        ScriptedSource source = new ScriptedSource();
        PagedStream raw = new PagedStream(vertx, source, StreamForm.RAW, Failure::of, "test");
        next(raw, 1);
        source.give(Buffer.buffer(new byte[3_000]), Buffer.buffer(new byte[5_192]));
        assertEquals(8 * KIBIBYTE, budget.heldBytes());
    }

    @Test
    void aStreamThatIsDroppedSaysSoToItsReader() {
        budget.limit(100 * KIBIBYTE);
        ScriptedSource source = new ScriptedSource();
        PagedStream stream = stream(source);
        Future<Batch> first = next(stream, 1);
        Future<Batch> second = next(stream, 2);
        source.give(text(200));
        assertTrue(first.succeeded());
        for (Future<Batch> asked : List.of(second, next(stream, 1), next(stream, 2))) {
            ServiceException failure = (ServiceException) Outcome.failure(asked);
            assertEquals(4429, failure.failureCode());
            assertTrue(failure.getMessage().startsWith("memory: test holds 204800 of "), failure::getMessage);
        }
        assertEquals(1, source.closed());
        assertEquals(0, budget.heldBytes());
        assertEquals(1, budget.status().getInteger("dropped"));
    }

    /** Above the limit only the newest is kept; so it is when the newest exceeds it. */
    @Test
    void theBatchBeforeIsGivenUpForTheOneThatExceedsTheLimit() {
        budget.limit(200 * KIBIBYTE);
        ScriptedSource source = new ScriptedSource();
        PagedStream stream = stream(source);
        next(stream, 1);
        source.give(text(120));
        next(stream, 2);
        source.give(text(100));
        assertEquals(100 * KIBIBYTE, budget.heldBytes());
        assertEquals(0, budget.status().getInteger("stopped"));
    }

    /** The page comes over a connection that has to go on, too: the stream has its turn only until it has asked for it. */
    @Test
    void aStreamThatWaitsForItsPageLeavesItsTurnToOthers() {
        budget.limit(200 * KIBIBYTE);
        ScriptedSource source = new ScriptedSource();
        PagedStream stream = stream(source);
        next(stream, 1);
        source.give(text(120));
        MemoryAccount other = budget.open("somebody else", Bystander.ONE);
        other.holds(100 * KIBIBYTE, true);
        assertTrue(other.mayRead());
        next(stream, 2);
        assertEquals(0, source.pending());
        other.holds(100 * KIBIBYTE, false);
        assertEquals(1, source.pending());
        other.holds(104 * KIBIBYTE, true);
        assertTrue(other.mayRead());
        source.give(text(40));
        assertEquals(144 * KIBIBYTE, budget.heldBytes());
    }

    /** All together have too much: their readers still get everything, one after the other. */
    @Test
    void streamsThatAreReadGoOnAboveTheLimit() {
        budget.limit(4_000 * KIBIBYTE);
        List<ScriptedSource> sources = new ArrayList<>();
        List<PagedStream> streams = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            sources.add(new ScriptedSource());
            streams.add(stream(sources.get(i)));
        }
        for (int number = 1; number <= 5; number++) {
            List<Future<Batch>> asked = new ArrayList<>();
            for (PagedStream stream : streams) {
                asked.add(next(stream, number));
            }
            while (!asked.stream().allMatch(Future::isComplete)) {
                ScriptedSource pulled = sources.stream()
                        .filter(source -> source.pending() > 0)
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("nobody goes on"));
                pulled.give(text(72));
            }
            asked.forEach(Outcome::value);
        }
        assertEquals(0, budget.status().getInteger("dropped"));
        assertTrue(
                budget.status().getInteger("stopped") > 0, () -> budget.status().encode());
    }

    @Test
    void noStreamIsOpenedAboveTheLimit() {
        Outcome.value(vertx.deployVerticle(new ProbeVerticle()));
        ProbeService service = ProbeService.proxy(vertx, ProbeVerticle.ADDRESS);
        MemoryAccount other = budget.open("somebody else", Bystander.ONE);
        budget.limit(100 * KIBIBYTE);
        other.holds(104 * KIBIBYTE);
        ServiceException refused = (ServiceException) Outcome.failure(service.open(3, false));
        assertEquals(4429, refused.failureCode());
        assertTrue(refused.getDebugInfo().getBoolean("retryable"));
        other.close();
        assertFalse(Outcome.value(service.open(3, false)).isEmpty());
    }
}
