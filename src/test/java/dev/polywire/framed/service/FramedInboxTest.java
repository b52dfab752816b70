package dev.polywire.framed.service;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.bus.stream.StreamSource;
import dev.polywire.core.net.MemoryBudget;
import dev.polywire.testing.Outcome;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a reader has given back waits here, and is counted. */
class FramedInboxTest {

    private static final int MAX_PAGE_BYTES = 1024 * 1024;

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final MemoryBudget budget = MemoryBudget.of(vertx);
    private final List<JsonArray> dropped = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    private FramedInbox inbox() {
        return Outcome.on(
                context,
                () -> Future.succeededFuture(new FramedInbox(vertx, "name", (items, why) -> {
                    dropped.add(items);
                    return new JsonObject().put("failure", why.reason().name());
                })));
    }

    private void giveBack(FramedInbox inbox, int count) {
        JsonArray items = new JsonArray();
        IntStream.range(0, count)
                .forEach(i -> items.add(
                        new JsonObject().put("text", "x".repeat(1_000)).put("i", i)));
        Outcome.on(context, () -> {
            inbox.open().giveBack(items);
            return inbox.close();
        });
    }

    private JsonArray pull(FramedInbox inbox, int max) {
        return Outcome.on(context, () -> inbox.open().pull(max, MAX_PAGE_BYTES).map(StreamSource.Page::items));
    }

    @Test
    void itemsThatWaitAreCountedUntilTheyAreRead() {
        FramedInbox inbox = inbox();
        giveBack(inbox, 100);
        int each = 3 * 128 + 1_000 + "text".length() + "i".length();
        assertEquals(pages(100 * each), budget.heldBytes());
        assertEquals(60, pull(inbox, 60).size());
        assertEquals(pages(40 * each), budget.heldBytes());
        assertEquals(40, pull(inbox, 60).size());
        assertEquals(0, budget.heldBytes());
    }

    @Test
    void whatIsDroppedIsSaidToTheNextReader() {
        FramedInbox inbox = inbox();
        budget.limit(50_000);
        giveBack(inbox, 100);
        await().until(() -> dropped.size() == 1);
        assertEquals(100, dropped.get(0).size());
        assertEquals(0, budget.heldBytes());
        assertEquals(1, budget.status().getInteger("dropped"));
        assertEquals(new JsonArray().add(new JsonObject().put("failure", "OVERLOADED")), pull(inbox, 60));
    }

    private static long pages(long bytes) {
        return (bytes + 4_095) / 4_096 * 4_096;
    }
}
