package dev.polywire.amqp.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.BasicProperties;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.Property;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** F50: where a consumer of a stream begins again. */
class StreamOffsetsTest {

    private static final BasicMethod.Consume FIRST =
            new BasicMethod.Consume("q", "c", false, false, false, false, Map.of("x-stream-offset", "first"));

    private final StreamOffsets offsets = new StreamOffsets(FIRST.arguments());

    private void deliver(long first, long... all) {
        for (int i = 0; i < all.length; i++) {
            offsets.delivered(first + i, message(all[i]), true);
        }
    }

    private static Content message(Object offset) {
        return new Content(
                BasicProperties.NONE.with(Property.HEADERS, Map.of("x-stream-offset", offset)), Buffer.buffer());
    }

    private Object from() {
        return offsets.from(FIRST).arguments().get("x-stream-offset");
    }

    private void settle(long number, boolean multiple) {
        offsets.settled(number, multiple, false);
    }

    @Test
    void nothingWasGiven() {
        offsets.lost();
        assertEquals(FIRST, offsets.from(FIRST));
    }

    /** 8 is settled, and is given again: what was between is not. */
    @Test
    void theLowestThatIsNotSettled() {
        deliver(1, 5, 6, 7, 8, 9);
        settle(1, false);
        settle(4, false);
        offsets.lost();
        assertEquals(6L, from());
        deliver(6, 6, 7, 8, 9);
        settle(8, true);
        offsets.lost();
        assertEquals(9L, from());
        offsets.lost();
        assertEquals(9L, from(), "lost again before anything came");
    }

    @Test
    void behindTheLastOneWhenAllAreSettled() {
        deliver(1, 5, 9);
        settle(2, true);
        offsets.lost();
        assertEquals(10L, from());
    }

    /** The reader gets what waits for it. */
    @Test
    void behindTheLastOneWithoutAcknowledgements() {
        offsets.delivered(1, message(5L), false);
        offsets.delivered(2, message(6L), false);
        offsets.lost();
        assertEquals(7L, from());
    }

    /** The broker forgets what is requeued. */
    @Test
    void whatWasGivenBack() {
        deliver(1, 5, 6, 7);
        offsets.settled(2, false, true);
        settle(3, false);
        assertEquals(6L, from(), "5 is out");
        deliver(4, 6, 7);
        settle(5, true);
        settle(1, false);
        offsets.lost();
        assertEquals(8L, from());
    }

    @Test
    void noStream() {
        offsets.delivered(1, new Content(Buffer.buffer()), true);
        deliver(2, 5);
        offsets.lost();
        assertFalse(offsets.isStream());
        assertEquals(FIRST, offsets.from(FIRST));
    }

    @Test
    void anotherQueueOfThisName() {
        deliver(1, 5);
        offsets.forget();
        assertEquals(FIRST, offsets.from(FIRST));
    }

    /** Said by whoever has published, if the queue is no stream. */
    @Test
    void noOffset() {
        for (Object said : new Object[] {-1L, Long.MIN_VALUE, Long.MAX_VALUE, "first", 7}) {
            StreamOffsets none = new StreamOffsets(FIRST.arguments());
            none.delivered(1, message(said), true);
            none.lost();
            assertEquals(FIRST, none.from(FIRST), String.valueOf(said));
        }
    }
}
