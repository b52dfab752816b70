package dev.polywire.mongodb.service;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.MemoryBudget;
import dev.polywire.testing.Heap;
import dev.polywire.testing.InSmallJvm;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.SmallJvm;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a connector holds above its connection: commands that wait, answers of a cursor, answers as JSON. */
class MongoMemoryTest {

    private static final int MEBIBYTE = 1024 * 1024;

    private final Stage stage = new Stage();
    private final MemoryBudget budget = MemoryBudget.of(stage.vertx);

    @AfterEach
    void close() {
        stage.close();
    }

    private static String text(int bytes, int number) {
        return "x".repeat(bytes - 10) + (1_000_000_000 + number);
    }

    private Future<JsonObject> insert(int bytes, int number) {
        return stage.mongo().command("db", "insert", new JsonObject().put("insert", text(bytes, number)), null);
    }

    /** The text is held twice, as JSON and as BSON. */
    @Test
    @InSmallJvm
    void commandsThatWaitForTheirTurnAreHeld() {
        budget.limit(200 * MEBIBYTE);
        stage.deploy(new JsonObject().put("pipeline", 1));
        Future<JsonObject> first = insert(100, 0);
        Asked blocking = stage.next("insert");
        List<Future<JsonObject>> waiting = new ArrayList<>();
        long heapBytes = Heap.bytesOf(() -> {
            IntStream.range(0, 100).forEach(n -> waiting.add(insert(100_000, n)));
            await().until(() -> stage.status().getInteger("inFlight") == 102);
            return waiting;
        });
        Heap.requireNear(heapBytes, budget.heldBytes());
        blocking.ok();
        Outcome.value(first);
        waiting.forEach(each -> stage.next("insert").ok());
        waiting.forEach(Outcome::value);
        await().until(() -> budget.heldBytes() < 64 * 1024);
    }

    @Test
    void aboveTheLimitNoCommandWaits() {
        budget.limit(8 * MEBIBYTE);
        stage.deploy(new JsonObject().put("pipeline", 1));
        Future<JsonObject> first = insert(100, 0);
        Asked blocking = stage.next("insert");
        List<Future<JsonObject>> waiting =
                IntStream.range(0, 20).mapToObj(n -> insert(MEBIBYTE, n)).toList();
        await().until(() -> waiting.stream().filter(Future::failed).count() == 17);
        waiting.stream()
                .filter(Future::failed)
                .forEach(refused -> assertEquals("OVERLOADED retryable", Stage.failure(refused)));
        blocking.ok();
        Outcome.value(first);
        for (int n = 0; n < 3; n++) {
            stage.next("insert").ok();
        }
        waiting.stream().filter(each -> !each.failed()).forEach(Outcome::value);
    }

    @Test
    void commandsThatWaitForAConnectionAreHeld() {
        budget.limit(8 * MEBIBYTE);
        stage.deploy(new JsonObject().put("port", 1).put("failFast", false));
        List<Future<JsonObject>> waiting = IntStream.range(0, 20)
                .mapToObj(n -> stage.mongo(5_000)
                        .command("db", "insert", new JsonObject().put("insert", text(MEBIBYTE, n)), null))
                .toList();
        List<String> failures = waiting.stream().map(Stage::failure).sorted().toList();
        assertEquals(17, failures.lastIndexOf("OVERLOADED retryable") + 1);
        assertEquals("UNAVAILABLE retryable", failures.get(17));
        await().until(() -> budget.heldBytes() == 0);
    }

    @Test
    void theAnswerOfACursorIsHeldByItsStream() {
        budget.limit(200 * MEBIBYTE);
        stage.deploy();
        Future<JsonObject> opened = stage.mongo().open("db", "find", new JsonObject().put("find", "c"), null);
        Asked find = stage.next("find");
        JsonArray batch = new JsonArray();
        IntStream.range(0, 20).forEach(n -> batch.add(new JsonObject().put("text", text(MEBIBYTE / 2, n))));
        find.peer()
                .reply(
                        find.request(),
                        ExtendedJson.encode(new JsonObject()
                                .put(
                                        "cursor",
                                        new JsonObject()
                                                .put("id", new JsonObject().put("$numberLong", "7"))
                                                .put("ns", "db.c")
                                                .put("firstBatch", batch))
                                .put("ok", 1.0)));
        Outcome.value(opened);
        await().until(() -> budget.heldBytes() > 10 * MEBIBYTE);
        assertTrue(budget.heldBytes() < 11 * MEBIBYTE, () -> budget.report());
        assertEquals(
                "stream of polywire.mongodb",
                budget.status().getJsonArray("largest").getJsonObject(0).getString("name"));
    }

    /** Ten at a time, whose answers are each a seventh of the heap, as text and as empty documents. */
    @Test
    void manyLargeAnswersDoNotFillTheHeap() {
        SmallJvm.run(LargeAnswers.class).requireClean();
    }

    static final class LargeAnswers {

        private static final int ANSWER_BYTES = (int) (Runtime.getRuntime().maxMemory() * 18 / 128);
        private static final Set<String> OUTCOMES =
                Set.of("answered", "LIMIT_EXCEEDED", "OVERLOADED", "CONNECTION_LOST");

        private LargeAnswers() {}

        public static void main(String[] arguments) {
            try (BlockingMongo server = new BlockingMongo();
                    Stage stage = new Stage()) {
                stage.deploy(new JsonObject().put("port", server.port()));
                for (int answerBytes : new int[] {ANSWER_BYTES, ANSWER_BYTES / 8, ANSWER_BYTES / 64}) {
                    for (boolean many : new boolean[] {false, true}) {
                        server.answer(many ? empties(answerBytes) : text(answerBytes));
                        ten(stage);
                    }
                }
                server.answer(empties(8));
                await().until(() -> outcome(Stage.find(stage.mongo(), 0)).equals("answered"));
            }
        }

        private static void ten(Stage stage) {
            List<Future<String>> finds = IntStream.range(0, 10)
                    .mapToObj(n -> Stage.find(stage.mongo(), n).transform(found -> Future.succeededFuture(word(found))))
                    .toList();
            Set<String> outcomes = finds.stream().map(Outcome::value).collect(Collectors.toSet());
            if (!OUTCOMES.containsAll(outcomes)) {
                throw new AssertionError(outcomes);
            }
        }

        private static String outcome(Future<JsonObject> find) {
            return Outcome.value(find.transform(found -> Future.succeededFuture(word(found))));
        }

        private static String word(AsyncResult<JsonObject> found) {
            return found.succeeded()
                    ? "answered"
                    : ((ServiceException) found.cause()).getDebugInfo().getString("name");
        }

        /** {@code {ok: 1.0, n: ["xxx.."]}} */
        private static byte[] text(int bytes) {
            ByteBuffer out = document(4 + 1 + 2 + 4 + bytes + 1);
            out.put((byte) 2).put(new byte[] {'0', 0}).putInt(bytes + 1);
            for (int i = 0; i < bytes; i++) {
                out.put((byte) 'x');
            }
            return out.array();
        }

        /** {@code {ok: 1.0, n: [{}, {}, ..]}}: an empty document has 8 bytes here, and 72 as JSON. */
        private static byte[] empties(int bytes) {
            int count = bytes / 8;
            ByteBuffer out = document(4 + 8 * count);
            for (int i = 0; i < count; i++) {
                out.put((byte) 3).put(new byte[] {'0', 0}).putInt(5).put((byte) 0);
            }
            return out.array();
        }

        /** Up to the items of its array; all behind them is zeros. */
        private static ByteBuffer document(int arrayBytes) {
            ByteBuffer out = ByteBuffer.allocate(4 + 12 + 3 + arrayBytes + 2).order(ByteOrder.LITTLE_ENDIAN);
            out.putInt(out.capacity())
                    .put((byte) 1)
                    .put(new byte[] {'o', 'k', 0})
                    .putDouble(1);
            return out.put((byte) 4).put(new byte[] {'n', 0}).putInt(arrayBytes + 1);
        }
    }
}
