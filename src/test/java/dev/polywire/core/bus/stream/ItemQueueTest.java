package dev.polywire.core.bus.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.Loop;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pushed at one end, pulled at the other. */
class ItemQueueTest {

    private record Number(int value) implements ItemQueue.Entry {

        @Override
        public Object item() {
            return value;
        }

        @Override
        public long heldBytes() {
            return 10;
        }
    }

    private final Loop loop = new Loop();
    private final List<Integer> taken = new ArrayList<>();
    private int gave;
    private final ItemQueue<Number> queue =
            loop.call(() -> new ItemQueue<>(loop.vertx(), each -> taken.add(each.value()), () -> gave++));

    @AfterEach
    void close() {
        loop.close();
    }

    private void add(int first, int last) {
        for (int i = first; i <= last; i++) {
            queue.add(new Number(i));
        }
    }

    /** Of two turns of the event loop: what the first one starts, and what has become of it in the second. */
    private <T> T after(Supplier<T> turn) {
        return loop.call(turn::get);
    }

    private static JsonArray numbers(int first, int last) {
        JsonArray numbers = new JsonArray();
        for (int i = first; i <= last; i++) {
            numbers.add(i);
        }
        return numbers;
    }

    @Test
    void whatWaitsIsGivenAtOnceUpToAPage() {
        loop.run(() -> {
            add(1, 5);
            assertEquals(50, queue.heldBytes());
            assertEquals(numbers(1, 3), queue.pull(3, 1_000).result().items());
            assertEquals(List.of(1, 2, 3), taken);
            assertEquals(numbers(4, 5), queue.pull(3, 1_000).result().items());
            assertEquals(0, queue.heldBytes());
            add(6, 9);
            StreamSource.Page page = queue.pull(9, 11).result();
            assertEquals(numbers(6, 7), page.items(), "the second one fills it");
            assertEquals(20, page.heldBytes());
            assertEquals(3, gave);
        });
    }

    /** What comes in one turn of the event loop goes together. */
    @Test
    void aPageThatIsWaitedForIsGivenAtTheEndOfTheTurn() {
        Future<StreamSource.Page> page = after(() -> {
            Future<StreamSource.Page> asked = queue.pull(9, 1_000);
            add(1, 4);
            assertFalse(asked.isComplete());
            assertTrue(queue.isAsked());
            return asked;
        });
        loop.run(() -> assertEquals(numbers(1, 4), page.result().items()));
    }

    @Test
    void oneMayBeGivenAtOnce() {
        loop.run(() -> {
            Future<StreamSource.Page> page = queue.pull(9, 1_000);
            queue.addNow(new Number(1));
            queue.addNow(new Number(2));
            assertEquals(numbers(1, 1), page.result().items());
            assertEquals(numbers(2, 2), queue.pull(9, 1_000).result().items());
        });
    }

    @Test
    void aFullPageIsGivenAtOnceAndTheRestWaits() {
        Future<StreamSource.Page> second = after(() -> {
            Future<StreamSource.Page> first = queue.pull(2, 1_000);
            add(1, 3);
            assertEquals(numbers(1, 2), first.result().items());
            return queue.pull(2, 1_000);
        });
        loop.run(() -> {
            assertEquals(numbers(3, 3), second.result().items());
            Future<StreamSource.Page> third = queue.pull(9, 20);
            add(4, 5);
            assertEquals(numbers(4, 5), third.result().items(), "full by its bytes");
        });
    }

    @Test
    void theEndComesBehindWhatWaits() {
        loop.run(() -> {
            add(1, 2);
            queue.end();
            assertEquals(numbers(1, 2), queue.pull(9, 1_000).result().items());
            assertSame(StreamSource.Page.END, queue.pull(9, 1_000).result());
        });
    }

    @Test
    void aFailureComesBehindWhatWaitsAndStays() {
        RuntimeException why = new RuntimeException("why");
        loop.run(() -> {
            Future<StreamSource.Page> asked = queue.pull(9, 1_000);
            queue.fail(why);
            queue.fail(new RuntimeException("later"));
            queue.end();
            assertSame(why, asked.cause());
            add(1, 1);
            assertEquals(numbers(1, 1), queue.pull(9, 1_000).result().items());
            assertSame(why, queue.pull(9, 1_000).cause());
        });
    }

    @Test
    void whatIsGivenBackComesFirstAndWhatIsClearedNever() {
        loop.run(() -> {
            add(3, 4);
            queue.addFirst(List.of(new Number(1), new Number(2)));
            assertEquals(40, queue.heldBytes());
            assertEquals(new Number(1), queue.peek());
            assertEquals(numbers(1, 3), queue.pull(3, 1_000).result().items());
            assertEquals(List.of(new Number(4)), queue.clear());
            assertEquals(0, queue.heldBytes() + queue.size());
        });
    }

    /** The next reader gets what came for a reader that has gone. */
    @Test
    void aReaderThatHasGoneGetsNothing() {
        Future<StreamSource.Page> gone = after(() -> {
            Future<StreamSource.Page> asked = queue.pull(9, 1_000);
            add(1, 1);
            queue.forgetReader();
            return asked;
        });
        loop.run(() -> {
            assertFalse(gone.isComplete());
            assertEquals(numbers(1, 1), queue.pull(9, 1_000).result().items());
        });
    }
}
