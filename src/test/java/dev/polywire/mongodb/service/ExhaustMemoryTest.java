package dev.polywire.mongodb.service;

import static dev.polywire.mongodb.service.OpenedCursor.FIND;
import static dev.polywire.mongodb.service.OpenedCursor.assertKilled;
import static dev.polywire.mongodb.service.OpenedCursor.items;
import static dev.polywire.mongodb.service.OpenedCursor.next;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.net.MemoryAccount;
import dev.polywire.core.net.MemoryBudget;
import dev.polywire.testing.Bystander;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Batches that have come, and that nobody has read: what they take is counted until they are read or given up. */
class ExhaustMemoryTest {

    private static final int MEBIBYTE = 1024 * 1024;

    private final Stage stage = new Stage();
    private final MemoryBudget budget = MemoryBudget.of(stage.vertx);

    @AfterEach
    void close() {
        stage.close();
    }

    /** Two batches of this size wait, behind the one that was read. */
    private OpenedCursor waiting(int bytes) {
        stage.deploy();
        OpenedCursor stream = OpenedCursor.read(stage, FIND, new JsonObject().put("exhaust", true));
        Future<JsonObject> second = stream.next(2, 1);
        Asked getMore = stage.next("getMore");
        getMore.more(getMore.id(), next("77", "{n: 2}"));
        assertEquals("[{\"n\":2}]", items(second));
        String text = "x".repeat(bytes);
        // The server's messages before were the answers to hello and find.
        getMore.more(3, next("77", "{n: 3, text: '" + text + "'}"));
        getMore.more(4, next("77", "{n: 4, text: '" + text + "'}"));
        await().until(() -> mebibytes() == 2 * bytes / MEBIBYTE);
        return stream;
    }

    private long mebibytes() {
        return budget.status().getJsonArray("largest").stream()
                        .map(JsonObject.class::cast)
                        .filter(holder -> holder.getString("name").startsWith("unread batches of 127.0.0.1:"))
                        .mapToLong(holder -> holder.getLong("bytes"))
                        .sum()
                / MEBIBYTE;
    }

    private static int number(Future<JsonObject> page) {
        return Outcome.value(page).getJsonArray("items").getJsonObject(0).getInteger("n");
    }

    @Test
    void countedWhenTheirConnectionIsGone() {
        OpenedCursor stream = waiting(2 * MEBIBYTE);
        stage.hellos.get(1).close();
        await().until(() -> stage.status().getJsonObject("pool").getInteger("dedicated") == 0);
        assertEquals(4, mebibytes());
        assertEquals(3, number(stream.next(3, 1)));
        assertEquals(2, mebibytes());
        assertEquals(4, number(stream.next(4, 1)));
        assertEquals(0, mebibytes());
        assertEquals("CONNECTION_LOST retryable", Stage.failure(stream.next(5, 1)));
        assertKilled(stage);
    }

    @Test
    void forgottenWhenTheStreamIsClosed() {
        OpenedCursor stream = waiting(2 * MEBIBYTE);
        Future<Void> closing = stream.close();
        assertKilled(stage);
        Outcome.value(closing);
        assertEquals(0, mebibytes());
    }

    /** They go, and their connection: nobody may ever come for them. */
    @Test
    void droppedAsTheLargestHolder() {
        budget.limit(8 * MEBIBYTE);
        OpenedCursor stream = waiting(2 * MEBIBYTE);
        List<MemoryAccount> others = Outcome.value(fill());
        assertEquals(2, stage.nextGone().number());
        assertEquals(0, mebibytes());
        others.forEach(MemoryAccount::close);
        assertEquals("OVERLOADED retryable", Stage.failure(stream.next(3, 1)));
        assertKilled(stage);
    }

    /** Far above the limit, by many that each hold less than the two batches. */
    private Future<List<MemoryAccount>> fill() {
        Promise<List<MemoryAccount>> filled = Promise.promise();
        stage.vertx.runOnContext(v -> {
            List<MemoryAccount> others = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                MemoryAccount other = budget.open("another", Bystander.ONE);
                other.holds(2 * MEBIBYTE);
                others.add(other);
            }
            filled.complete(others);
        });
        return filled.future();
    }
}
