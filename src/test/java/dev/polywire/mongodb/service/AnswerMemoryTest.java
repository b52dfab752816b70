package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.core.net.MemoryBudget;
import dev.polywire.core.net.MemoryLoan;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.mongodb.wire.OpReply;
import dev.polywire.testing.Heap;
import dev.polywire.testing.InSmallJvm;
import dev.polywire.testing.Loop;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Documents of a server that become JSON, in the memory budget. */
class AnswerMemoryTest {

    private static final int MEBIBYTE = 1024 * 1024;

    private final Loop loop = new Loop();
    private final MemoryBudget budget = MemoryBudget.of(loop.vertx());
    private final AnswerMemory memory = new AnswerMemory(loop.vertx(), "test");

    @AfterEach
    void close() {
        loop.close();
    }

    private static Buffer numbers(int count) {
        return ExtendedJson.encode(new JsonObject()
                .put("n", new JsonArray(IntStream.range(0, count).boxed().toList())));
    }

    private static Buffer text(int bytes) {
        return ExtendedJson.encode(new JsonObject().put("text", "x".repeat(bytes)));
    }

    @Test
    void theJsonIsHeldUntilTheNextTurn() {
        budget.limit(100 * MEBIBYTE);
        loop.run(() -> {
            AnswerMemory.Conversion converted = memory.convert(numbers(10_000), false, true);
            assertEquals(10_000, converted.json().getJsonArray("n").size());
            double counted = budget.heldBytes();
            assertEquals(converted.bytes(), counted, 0.1 * counted);
            memory.convert(text(MEBIBYTE), false, true);
            assertEquals(counted + MEBIBYTE, budget.heldBytes(), 0.1 * counted);
        });
        loop.run(() -> assertEquals(0, budget.heldBytes()));
    }

    @Test
    void smallDocumentsAreNotCounted() {
        loop.run(() -> {
            for (int i = 0; i < 1_000; i++) {
                memory.convert(numbers(500), false, true);
            }
            assertEquals(0, budget.heldBytes());
        });
    }

    /** In bytes, or in values: 12,000 numbers are 115 KB, and 1.5 MB as JSON by our estimate. */
    @Test
    void anAnswerOfMoreThanHalfTheBudgetIsNotConverted() {
        budget.limit(2 * MEBIBYTE);
        loop.run(() -> {
            for (Buffer answer : List.of(text(MEBIBYTE), numbers(12_000))) {
                ProtocolException limit =
                        assertThrows(ProtocolException.class, () -> memory.convert(answer, false, true));
                assertEquals(ProtocolException.Kind.LIMIT, limit.kind());
            }
            memory.convert(text(MEBIBYTE - 1_000), false, true);
        });
        loop.run(() -> assertEquals(0, budget.heldBytes()));
    }

    /** Each of them is small, and all together are an answer. */
    @Test
    void theDocumentsOfOneMessageAreCountedTogether() {
        budget.limit(2 * MEBIBYTE);
        List<Buffer> half = Collections.nCopies(50, text(10_000));
        List<Buffer> all = Collections.nCopies(200, text(10_000));
        loop.run(() -> {
            JsonObject json = message(half);
            assertEquals(50, json.getJsonArray("documents").size());
            assertEquals(500_000, budget.heldBytes(), 50_000);
        });
        loop.run(() -> {
            assertEquals(0, budget.heldBytes());
            ProtocolException limit = assertThrows(ProtocolException.class, () -> message(all));
            assertEquals(ProtocolException.Kind.LIMIT, limit.kind());
        });
        loop.run(() -> assertEquals(0, budget.heldBytes()));
    }

    private JsonObject message(List<Buffer> documents) {
        OpReply reply = new OpReply(0, 0, 0, documents);
        return memory.message(
                reply.messageBytes(), true, document -> new MessageToJson(document, false).json(reply, null));
    }

    @Test
    void anAnswerForWhichThereIsNoRoomIsOverloaded() {
        budget.limit(4 * MEBIBYTE);
        loop.run(() -> {
            MemoryLoan other = new MemoryLoan(loop.vertx(), "another");
            other.take(2 * MEBIBYTE);
            MemoryLoan third = new MemoryLoan(loop.vertx(), "a third");
            third.take(MEBIBYTE);
            MemoryLoan fourth = new MemoryLoan(loop.vertx(), "a fourth");
            fourth.take(MEBIBYTE);
            assertEquals("OVERLOADED retryable", failure(true));
            assertEquals("OVERLOADED mayHaveExecuted", failure(false));
            third.release(MEBIBYTE);
            fourth.release(MEBIBYTE);
            memory.convert(text(MEBIBYTE + MEBIBYTE / 2), false, true);
            other.release(2 * MEBIBYTE);
        });
        loop.run(() -> assertEquals(0, budget.heldBytes()));
    }

    /** An application's codec may make more of a document than we would. */
    @Test
    void theJsonOfACodecIsCountedBeforeAndBehindIt() {
        budget.limit(4 * MEBIBYTE);
        int[] calls = new int[1];
        AnswerMemory own =
                new AnswerMemory(loop.vertx(), "test", new JsonDialect(BsonCodec.of(ExtendedJson::encode, document -> {
                    calls[0]++;
                    return new JsonObject().put("text", "x".repeat(document.length() * 3 / 2));
                })));
        loop.run(() -> {
            AnswerMemory.Conversion converted = own.convert(text(MEBIBYTE), false, true);
            assertEquals(1.5 * MEBIBYTE, converted.bytes(), 10_000);
            assertEquals(converted.bytes(), budget.heldBytes(), 10_000);
        });
        loop.run(() -> {
            assertEquals(0, budget.heldBytes());
            for (Buffer answer : List.of(text(MEBIBYTE * 3 / 2), numbers(40_000))) {
                ProtocolException limit = assertThrows(ProtocolException.class, () -> own.convert(answer, false, true));
                assertEquals(ProtocolException.Kind.LIMIT, limit.kind());
            }
            // The second has 40 000 values: it was not given to the codec.
            assertEquals(2, calls[0]);
        });
        loop.run(() -> assertEquals(0, budget.heldBytes()));
    }

    private String failure(boolean reads) {
        return Stage.word(assertThrows(
                ServiceException.class, () -> memory.convert(text(MEBIBYTE + MEBIBYTE / 2), false, reads)));
    }

    @Test
    @InSmallJvm
    void usualDocumentsAreAsLargeInTheHeap() {
        Buffer document = ExtendedJson.encode(new JsonObject()
                .put("_id", new JsonObject().put("$oid", "0123456789abcdef01234567"))
                .put("name", "somebody or other")
                .put("price", 12.5)
                .put("count", 1_000)
                .put("tags", new JsonArray().add("the first").add("the second"))
                .put("address", new JsonObject().put("street", "1 High Street").put("city", "a city")));
        long[] bytes = new long[1];
        Heap.requireNear(
                Heap.bytesOf(() -> {
                    List<JsonObject> documents = new ArrayList<>();
                    for (int i = 0; i < 20_000; i++) {
                        AnswerMemory.Conversion converted = memory.convert(document, false, true);
                        documents.add(converted.json());
                        bytes[0] += converted.bytes();
                    }
                    return documents;
                }),
                bytes[0]);
    }
}
