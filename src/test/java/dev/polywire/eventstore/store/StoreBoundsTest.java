package dev.polywire.eventstore.store;

import static dev.polywire.eventstore.store.StoreEvents.ANY;
import static dev.polywire.eventstore.store.StoreEvents.events;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.eventstore.wire.NewEvent;
import dev.polywire.eventstore.wire.OperationResult;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoreBoundsTest {

    private static final int MANY = 1_000;

    private static StreamStore store(StoreBounds bounds) {
        return new StreamStore(() -> 0, bounds);
    }

    @ParameterizedTest
    @CsvSource({"0,1,1,1", "1,0,1,1", "1,1,0,1", "1,1,1,0", "-1,1,1,1"})
    void eachIsAtLeastOne(int records, long bytes, int transactions, int ids) {
        assertThrows(IllegalArgumentException.class, () -> new StoreBounds(records, bytes, transactions, ids));
    }

    /** The log's own head is the first record; there is room for two streams and six more. */
    @Test
    void recordsOfAllKindsAreCounted() {
        StreamStore store = store(new StoreBounds(9, 1_000_000, MANY, MANY));
        store.write("s", ANY, events(1));
        store.write("s", ANY, List.of());
        long transaction = store.startTransaction("t", ANY);
        store.writeTransaction(transaction, events(2));
        long end = store.log().end();

        refused(() -> store.write("s", ANY, events(3, 4, 5, 6)));
        refused(() -> store.writeTransaction(transaction, events(3, 4, 5, 6)));
        store.commitTransaction(transaction);
        refused(() -> store.write("s", ANY, events(3)));
        refused(() -> store.write("s", ANY, List.of()));
        refused(() -> store.delete("s", ANY));
        refused(() -> store.deleteForEver("s", ANY));
        refused(() -> store.startTransaction("s", ANY));
        refused(() -> store.commitTransaction(transaction));

        assertNotEquals(end, store.log().end());
        assertEquals(0, store.lastNumber("s"));
        assertEquals(0, store.lastNumber("t"));
    }

    private static void refused(Executable write) {
        assertThrows(StoreFullException.class, write);
    }

    @Test
    void aWriteThatIsTooLargeDoesNothing() {
        StreamStore store = store(new StoreBounds(MANY, 400, MANY, MANY));
        store.write("s", ANY, events(1));
        long end = store.log().end();

        refused(() -> store.write("s", ANY, events(2, 3)));

        assertEquals(end, store.log().end());
        assertEquals(0, store.lastNumber("s"));
        assertEquals(1, store.write("s", ANY, events(2)).last());
    }

    @Test
    void whatIsThereAlreadyNeedsNoRoom() {
        StreamStore store = store(new StoreBounds(3, MANY, MANY, MANY));
        store.write("s", ANY, events(1));

        assertEquals(0, store.write("s", ANY, events(1)).last());
        refused(() -> store.write("s", ANY, events(2)));
    }

    @Test
    void theOldestIdsAreForgotten() {
        StreamStore store = store(new StoreBounds(MANY, 1_000_000, MANY, 2));
        store.write("s", ANY, events(1, 2, 3));

        assertEquals(2, store.write("s", ANY, events(3)).last());
        assertEquals(3, store.write("s", ANY, events(1)).last(), "it was written again");
        assertEquals(0, store.write("s", -1, events(1)).last(), "a number needs no memory of ids");
    }

    @Test
    void committedTransactionsMakeRoomForOpenOnes() {
        StreamStore store = store(new StoreBounds(MANY, 1_000_000, 2, MANY));
        long first = store.startTransaction("s", ANY);
        long second = store.startTransaction("s", ANY);
        refused(() -> store.startTransaction("s", ANY));

        store.commitTransaction(second);
        long third = store.startTransaction("s", ANY);

        assertNull(store.transactionStream(second));
        assertEquals("s", store.transactionStream(first));
        assertEquals("s", store.transactionStream(third));
    }

    @Test
    void refusedTransactionsMakeRoomForOpenOnes() {
        StreamStore store = store(new StoreBounds(MANY, 1_000_000, 2, MANY));
        long first = store.startTransaction("s", ANY);
        long wrong = store.startTransaction("s", 7);
        WriteOutcome refused = store.commitTransaction(wrong);
        assertEquals(OperationResult.WRONG_EXPECTED_VERSION, refused.result());
        assertEquals(refused, store.commitTransaction(wrong), "as long as nobody needs its place");

        long third = store.startTransaction("s", ANY);

        assertNull(store.transactionStream(wrong));
        assertEquals("s", store.transactionStream(first));
        assertEquals("s", store.transactionStream(third));
    }

    /** A name that is looked at for each event would keep the only thread for hours. */
    @Test
    void aLongNameIsLookedAtOnce() {
        String name = "n".repeat(30_000_000);
        List<NewEvent> million = Collections.nCopies(1_000_000, events(1).get(0));
        StreamStore store = store(new StoreBounds(MANY, 100_000_000, MANY, MANY));
        store.write(name, ANY, events(1));
        long transaction = store.startTransaction(name, ANY);

        assertTimeoutPreemptively(Duration.ofMinutes(2), () -> {
            assertEquals(
                    0, store.write(new String(name.toCharArray()), ANY, million).last(), "all are known");
            refused(() -> store.write(name, 0, million));
            refused(() -> store.writeTransaction(transaction, million));
        });
    }

    /** {@code "a",} has four bytes on the wire. */
    @Test
    void rolesCountForWhatTheyTake() {
        StreamStore store = store(new StoreBounds(MANY, 10_000, MANY, MANY));
        String roles = IntStream.range(0, 100)
                .mapToObj(role -> "\"" + (char) (' ' + 20 + role % 64) + role + "\"")
                .filter(role -> role.indexOf('\\') < 0)
                .collect(Collectors.joining(","));
        String metadata = "{\"$acl\":{\"$r\":[" + roles + "]}}";

        refused(() -> StoreEvents.metadata(store, "s", metadata));
    }

    private static String role(int number) {
        return "{\"$acl\":{\"$r\":\"role" + number + "\"}}";
    }

    @Test
    void aListThatIsReplacedCountsNoMore() {
        StreamStore store = store(new StoreBounds(MANY, 100_000, MANY, MANY));
        long firstEnd = store.log().end();
        for (int i = 0; i < 500; i++) {
            StoreEvents.metadata(store, "s", role(i));
        }
        long rest = 100_000 - store.log().end() - 100;

        assertTrue(firstEnd < store.log().end());
        String data = "x".repeat((int) (rest - StoreLog.bytes("t", "t", 0)));
        store.write("t", ANY, List.of(StoreEvents.event("t", data)));
        refused(() -> store.write("t", ANY, List.of()));
    }

    @Test
    void rolesAreCountedBeforeTheyAreWritten() {
        String one = "{\"$acl\":{\"$r\":[\"a\",\"b\"]}}";
        long bytes = StoreLog.HEAD_BYTES + StoreLog.bytes("$$s", "$metadata", one.length());
        StreamStore store = store(new StoreBounds(MANY, bytes + 199, MANY, MANY));
        refused(() -> StoreEvents.metadata(store, "s", one));
        StoreEvents.metadata(store(new StoreBounds(MANY, bytes + 200, MANY, MANY)), "s", one);

        StreamStore other = store(new StoreBounds(MANY, 10 * bytes, MANY, MANY));
        long transaction = other.startTransaction("$$s", ANY);
        String many = "{\"$acl\":{\"$r\":["
                + IntStream.range(0, 60).mapToObj(i -> "\"" + i + "\"").collect(Collectors.joining(",")) + "]}}";
        other.writeTransaction(
                transaction,
                List.of(new NewEvent(
                        StoreEvents.id(1), "$metadata", NewEvent.JSON, Buffer.buffer(many), Buffer.buffer())));
        refused(() -> other.commitTransaction(transaction));
        assertEquals(-1, other.lastNumber("$$s"));
    }

    /** Its metadata say where it begins, in an event that nobody has sent. */
    @Test
    void whatBeginsADeletedStreamNeedsRoomForItsMetadata() {
        StreamStore model = store(StoreBounds.DEFAULT);
        model.write("s", ANY, events(1));
        model.delete("s", ANY);
        model.write("s", ANY, events(2));
        long end = model.log().end();

        StreamStore store = store(new StoreBounds(MANY, end - 1, MANY, MANY));
        store.write("s", ANY, events(1));
        store.delete("s", ANY);
        refused(() -> store.write("s", ANY, events(2)));
        assertEquals(0, store.lastNumber("s"));
        assertTrue(store.isSoftDeleted("s"));

        StreamStore large = store(new StoreBounds(MANY, end, MANY, MANY));
        large.write("s", ANY, events(1));
        large.delete("s", ANY);
        assertEquals(1, large.write("s", ANY, events(2)).last());
    }
}
