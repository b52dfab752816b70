package dev.polywire.core.bus.stream;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.bus.Polywire;
import dev.polywire.core.bus.request.Failure;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A stream of a plain consumer, which answers as each test has it. */
@Timeout(30)
class StreamPagesTest {

    private static final JsonObject HANDLE =
            new JsonObject().put("address", "room").put("id", "i").put("leaseMillis", 60_000);

    private final Vertx vertx = Polywire.install(Vertx.vertx());
    private final Queue<Consumer<Message<JsonObject>>> answers = new ArrayDeque<>();
    private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();

    @BeforeEach
    void serve() {
        Outcome.value(vertx.eventBus()
                .<JsonObject>consumer("room", message -> {
                    String action = message.headers().get("action");
                    JsonObject body = message.body();
                    asked.add(
                            action.equals("next")
                                    ? body.getInteger("batch") + " max " + body.getInteger("max")
                                    : action);
                    if (action.equals("close")) {
                        message.reply(null);
                    } else {
                        answers.remove().accept(message);
                    }
                })
                .completion());
    }

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    private static Consumer<Message<JsonObject>> batch(long number, boolean done, Object... items) {
        JsonArray all = new JsonArray(List.of(items));
        return message -> message.reply(
                new JsonObject().put("batch", number).put("items", all).put("done", done));
    }

    private static Consumer<Message<JsonObject>> nothing() {
        return message -> {};
    }

    private StreamPages pages(long silenceMillis) {
        return Outcome.on(vertx, () -> Future.succeededFuture(new StreamPages(vertx, HANDLE, silenceMillis)));
    }

    private static String name(Future<?> failed) {
        return ((ServiceException) Outcome.failure(failed)).getDebugInfo().getString("name");
    }

    @Test
    void eachPageIsAskedForByItsOwnDemandAndTheEndClosesIt() {
        answers.add(batch(1, false, 1, 2));
        answers.add(batch(2, false));
        answers.add(batch(2, true, 3));
        StreamPages pages = pages(10_000);
        assertEquals(new JsonArray().add(1).add(2), Outcome.value(pages.pull(2)).items());
        StreamSource.Page last = Outcome.value(pages.pull(7));
        assertEquals(new StreamSource.Page(new JsonArray().add(3), true), last);
        Outcome.value(pages.close());
        // The close is on its way when the last page is given.
        await().untilAsserted(
                        () -> assertEquals(List.of("1 max 2", "2 max 7", "2 max 7", "close"), List.copyOf(asked)));
        assertEquals("CANCELLED", name(pages.pull(1)));
    }

    @Test
    void aReplyThatIsLostIsAskedForAgain() {
        answers.add(nothing());
        answers.add(batch(1, false, 1));
        assertEquals(
                new JsonArray().add(1), Outcome.value(pages(10_000).pull(5)).items());
        assertEquals(List.of("1 max 5", "1 max 5"), List.copyOf(asked));
    }

    /** Half a day of replies without items. */
    @Test
    void aPullOutlivesAnyNumberOfRepliesWithoutItems() {
        for (int i = 0; i < 40_000; i++) {
            answers.add(batch(1, false));
        }
        answers.add(batch(1, false, 1));
        assertEquals(
                new JsonArray().add(1), Outcome.value(pages(10_000).pull(5)).items());
        assertEquals(40_001, asked.size());
    }

    @Test
    void silenceIsNotWaitedForForEver() {
        for (int i = 0; i < 20; i++) {
            answers.add(nothing());
        }
        assertEquals("TIMEOUT", name(pages(50).pull(5)));
    }

    @Test
    void aPollTakesNoAnswerForAnAnswer() {
        answers.add(batch(1, false));
        answers.add(nothing());
        StreamPages pages = pages(50);
        StreamSource.Page none = new StreamSource.Page(new JsonArray(), false);
        assertEquals(none, Outcome.value(pages.poll(1)));
        assertEquals(none, Outcome.value(pages.poll(1)));
    }

    @Test
    void whatEndsItIsTypedAndNobodyThereIsANodeLost() {
        answers.add(message -> message.reply(Failure.CONFLICT.because("in use")));
        assertEquals("CONFLICT", name(pages(10_000).pull(1)));
        JsonObject gone = HANDLE.copy().put("address", "nowhere");
        StreamPages nowhere = Outcome.on(vertx, () -> Future.succeededFuture(new StreamPages(vertx, gone, 10_000)));
        assertEquals("NODE_LOST", name(nowhere.pull(1)));
    }
}
