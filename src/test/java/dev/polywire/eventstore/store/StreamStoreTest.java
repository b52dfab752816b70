package dev.polywire.eventstore.store;

import static dev.polywire.eventstore.store.StoreEvents.ANY;
import static dev.polywire.eventstore.store.StoreEvents.NO_STREAM;
import static dev.polywire.eventstore.store.StoreEvents.events;
import static dev.polywire.eventstore.store.StoreEvents.metadata;
import static dev.polywire.eventstore.store.StoreEvents.names;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.eventstore.wire.OperationResult;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamStoreTest {

    private static final String NAME = "s";

    private long now = 1_795_000_000_000L;
    private final StreamStore store = new StreamStore(() -> now);

    /** The stream as a row of a table wants it; ids 1, 2 and 3 are in it, where it has events. */
    private static void make(StreamStore store, String state) {
        if (!state.equals("missing") && !state.equals("metadata")) {
            store.write(NAME, NO_STREAM, events(1, 2, 3));
        }
        switch (state) {
            case "metadata" -> metadata(store, NAME, "{\"$maxCount\":5}");
            case "soft" -> store.delete(NAME, ANY);
            case "hard" -> store.deleteForEver(NAME, ANY);
            default -> {}
        }
    }

    private static String words(WriteOutcome outcome) {
        return switch (outcome.result()) {
            case SUCCESS ->
                (outcome.position().commit() < 0 ? "known " : "written ") + outcome.first() + ".." + outcome.last();
            case WRONG_EXPECTED_VERSION -> "wrong " + outcome.currentVersion();
            default -> outcome.result().name();
        };
    }

    /** Section B5.3 of the facts about the protocol, row by row, with what the recordings add. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "missing  | -2 | 4       | written 0..0",
                "missing  | -1 | 4       | written 0..0",
                "missing  | 0  | 4       | wrong -1",
                "missing  | -4 | 4       | wrong -1",
                "missing  | -2 | ''      | written 0..-1",
                "missing  | -1 | ''      | written 0..-1",
                "missing  | -4 | ''      | wrong -1",
                "metadata | -4 | 4       | written 0..0",
                "metadata | -1 | 4       | written 0..0",
                "metadata | 0  | 4       | wrong -1",
                "three    | -2 | 4 5     | written 3..4",
                "three    | -2 | 1 2 3   | known 0..2",
                "three    | -2 | 2       | known 1..1",
                "three    | -2 | 2 1     | known 1..0",
                "three    | -2 | 1 3     | known 0..2",
                "three    | -2 | 4 1     | written 3..4",
                "three    | -2 | 3 4     | wrong 2",
                "three    | -2 | ''      | written 3..2",
                "three    | -4 | 4       | written 3..3",
                "three    | -4 | 1 2     | known 0..1",
                "three    | -4 | 3 4     | wrong 2",
                "three    | -1 | 1 2 3   | known 0..2",
                "three    | -1 | 1 2     | known 0..1",
                "three    | -1 | 1 2 3 4 | wrong 2",
                "three    | -1 | 4 2     | wrong 2",
                "three    | -1 | ''      | wrong 2",
                "three    | 0  | 2 3     | known 1..2",
                "three    | 0  | 2 3 4   | wrong 2",
                "three    | 0  | 3       | wrong 2",
                "three    | 1  | 3       | known 2..2",
                "three    | 2  | 3       | written 3..3",
                "three    | 2  | ''      | written 3..2",
                "three    | 3  | 4       | wrong 2",
                "three    | 9223372036854775807 | 4 | wrong 2",
                "soft     | -2 | 4       | written 3..3",
                "soft     | -1 | 4       | written 3..3",
                "soft     | -1 | 4 1     | written 3..4",
                "soft     | 2  | 4       | written 3..3",
                "soft     | -2 | 1 2 3   | known 0..2",
                "soft     | -1 | 1 2 3   | known 0..2",
                "soft     | -1 | 1 4     | wrong 2",
                "soft     | 0  | 4       | wrong 2",
                "soft     | 3  | 4       | wrong 2",
                "soft     | -4 | 4       | STREAM_DELETED",
                "soft     | -2 | ''      | written 3..2",
                "soft     | -1 | ''      | wrong 2",
                "hard     | -2 | 1       | STREAM_DELETED",
                "hard     | -1 | 4       | STREAM_DELETED",
                "hard     | 2  | 4       | STREAM_DELETED",
                "hard     | -4 | 4       | STREAM_DELETED",
            })
    void writesAreCheckedAsByTheRealServer(String state, long expectedVersion, String ids, String outcome) {
        make(store, state);
        long before = store.lastNumber(NAME);

        WriteOutcome written = store.write(NAME, expectedVersion, events(ids));

        assertEquals(outcome, words(written));
        long more = outcome.startsWith("written") ? events(ids).size() : 0;
        assertEquals(before + more, store.lastNumber(NAME));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "missing | -2 | 4     | written 0..0",
                "missing | -2 | ''    | written 0..-1",
                "three   | -2 | 4 5   | written 3..4",
                "three   | -2 | 1 2 3 | known 0..2",
                "three   | -2 | 3 4   | wrong 2",
                "three   | 0  | 2 3   | known 1..2",
                "three   | 0  | 4     | wrong 2",
                "three   | 9  | 4     | wrong 2",
                "soft    | -1 | 4     | written 3..3",
                "hard    | -2 | 4     | STREAM_DELETED",
            })
    void transactionsAreCheckedWhenTheyAreCommitted(String state, long expectedVersion, String ids, String outcome) {
        long transaction = store.startTransaction(NAME, expectedVersion);
        make(store, state);
        events(ids).forEach(each -> store.writeTransaction(transaction, List.of(each)));

        assertEquals(outcome, words(store.commitTransaction(transaction)));
    }

    @Test
    void aTransactionIsThereWholeOrNotAtAll() {
        List<StoredEvent> heard = new ArrayList<>();
        store.listen(heard::add);
        long transaction = store.startTransaction(NAME, ANY);
        store.writeTransaction(transaction, events(1, 2));
        store.write("other", ANY, events(9));

        assertEquals("0@other", names(heard));
        assertEquals(-1, store.lastNumber(NAME));

        WriteOutcome committed = store.commitTransaction(transaction);

        assertEquals("0@other 0@s 1@s", names(heard));
        assertEquals(committed.position().commit(), store.lastCommit());
        assertTrue(heard.get(1).position().prepare() < heard.get(0).position().prepare());
        assertEquals(store.lastCommit(), heard.get(2).position().commit());
    }

    @Test
    void aTransactionThatWasCommittedIsKnown() {
        long transaction = store.startTransaction(NAME, ANY);
        store.writeTransaction(transaction, events(1, 2));
        assertEquals("written 0..1", words(store.commitTransaction(transaction)));
        assertEquals("known 0..1", words(store.commitTransaction(transaction)));

        store.writeTransaction(transaction, events(3));

        assertEquals("known 0..1", words(store.commitTransaction(transaction)));
        assertEquals(1, store.lastNumber(NAME));
    }

    @Test
    void aRefusedTransactionCanBeCommittedLater() {
        long transaction = store.startTransaction(NAME, 0);
        store.writeTransaction(transaction, events(2));
        assertEquals("wrong -1", words(store.commitTransaction(transaction)));
        store.write(NAME, ANY, events(1));

        assertEquals("written 1..1", words(store.commitTransaction(transaction)));
    }

    @Test
    void nobodyWritesIntoATransactionThatThereIsNot() {
        store.writeTransaction(12_345, events(1));

        assertNull(store.transactionStream(12_345));
        assertEquals(-1, store.lastCommit());
    }

    @Test
    void onlyTheFirstStreamThatGotAnIdKnowsIt() {
        store.write("a", ANY, events(1));
        assertEquals("written 0..0", words(store.write("b", ANY, events(1))));

        assertEquals("known 0..0", words(store.write("a", ANY, events(1))));
        assertEquals("written 1..1", words(store.write("b", ANY, events(1))));
        assertEquals("known 0..0", words(store.write("b", NO_STREAM, events(1))), "a number is looked at, not the id");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "missing | -2 | SUCCESS",
                "missing | -1 | SUCCESS",
                "missing | 0  | WRONG_EXPECTED_VERSION",
                "three   | -2 | SUCCESS",
                "three   | 2  | SUCCESS",
                "three   | -1 | WRONG_EXPECTED_VERSION",
                "three   | 0  | WRONG_EXPECTED_VERSION",
                "three   | 3  | WRONG_EXPECTED_VERSION",
                "soft    | -2 | SUCCESS",
                "soft    | -1 | SUCCESS",
                "soft    | 2  | SUCCESS",
                "soft    | 0  | WRONG_EXPECTED_VERSION",
                "hard    | -2 | STREAM_DELETED",
                "hard    | 2  | STREAM_DELETED",
            })
    void deletionsAreCheckedLikeWrites(String state, long expectedVersion, OperationResult result) {
        make(store, state);
        assertEquals(result, store.delete(NAME, expectedVersion).result());
        StreamStore other = new StreamStore(() -> now);
        make(other, state);
        assertEquals(result, other.deleteForEver(NAME, expectedVersion).result());
        assertEquals(result != OperationResult.WRONG_EXPECTED_VERSION, other.lastNumber(NAME) == StoredEvent.TOMBSTONE);
    }

    @Test
    void aSoftDeletionIsMetadataAndNothingElse() {
        make(store, "three");
        metadata(store, NAME, "{\"$acl\":{\"$r\":\"$admins\"},\"mine\":1}");

        store.delete(NAME, ANY);

        assertEquals(Buffer.buffer("{\"$tb\":9223372036854775807}"), last("$$s").data());
        assertTrue(store.isSoftDeleted(NAME));
        assertNull(store.event(NAME, 0));
        assertEquals(2, store.lastNumber(NAME));
    }

    @Test
    void whatComesBehindASoftDeletionBeginsTheStreamAnew() {
        make(store, "soft");
        store.write(NAME, ANY, events(4));

        assertEquals(Buffer.buffer("{\"$tb\":3}"), last("$$s").data());
        assertEquals("3@s", names(store.page(NAME, 0, 10)));
    }

    @Test
    void newMetadataEndASoftDeletion() {
        make(store, "soft");
        metadata(store, NAME, "{\"$maxCount\":7}");

        assertEquals(Buffer.buffer("{\"$maxCount\":7,\"$tb\":3}"), last("$$s").data());
        assertFalse(store.isSoftDeleted(NAME));
    }

    @Test
    void metadataThatAreNoJsonEndASoftDeletionAsTheyAre() {
        make(store, "soft");
        metadata(store, NAME, "no json");

        assertEquals(Buffer.buffer("no json"), last("$$s").data());
        assertEquals("0@s 1@s 2@s", names(store.page(NAME, 0, 10)));
    }

    @Test
    void aStreamThatIsGoneForEverTakesItsMetadataWithIt() {
        make(store, "hard");

        assertEquals(StoredEvent.TOMBSTONE, store.lastNumber("$$s"));
        assertEquals(
                OperationResult.STREAM_DELETED,
                store.write("$$s", ANY, events(5)).result());
    }

    @Test
    void aPageHasWhatCanBeRead() {
        store.write(NAME, ANY, events(1, 2, 3));
        now += 10_000;
        store.write(NAME, ANY, events(4, 5, 6));
        assertEquals("1@s 2@s", names(store.page(NAME, 1, 2)));
        assertEquals("", names(store.page(NAME, 6, 2)));
        assertEquals("", names(store.page("missing", 0, 2)));

        metadata(store, NAME, "{\"$maxCount\":5}");
        assertEquals("1@s 2@s", names(store.page(NAME, 0, 2)));
        metadata(store, NAME, "{\"$maxAge\":5}");
        assertEquals("3@s 4@s", names(store.page(NAME, 0, 2)));
        metadata(store, NAME, "{\"$maxAge\":5,\"$tb\":5}");
        assertEquals("5@s", names(store.page(NAME, 0, 2)));
    }

    /** An event of a transaction was created when it was prepared, so that times in a stream go back. */
    @Test
    void aPageLeavesOutWhatIsTooOldWhereverItIs() {
        long transaction = store.startTransaction(NAME, ANY);
        store.writeTransaction(transaction, events(3, 4, 5));
        now += 10_000;
        store.write(NAME, ANY, events(1, 2));
        store.commitTransaction(transaction);
        metadata(store, NAME, "{\"$maxAge\":5}");

        assertEquals("0@s 1@s", names(store.page(NAME, 0, 10)));
        store.write(NAME, ANY, events(6));
        assertEquals("5@s", names(store.page(NAME, 2, 1)));
        now += 6_000;
        assertEquals("", names(store.page(NAME, 0, 10)));
        metadata(store, NAME, "{\"$maxAge\":7}");
        assertEquals("0@s 1@s 5@s", names(store.page(NAME, 0, 10)));
    }

    @Test
    void whatAListenerWritesIsToldWhenAllHaveHeardOfTheEventBefore() {
        List<StoredEvent> first = new ArrayList<>();
        List<StoredEvent> second = new ArrayList<>();
        store.listen(event -> {
            first.add(event);
            if (event.stream().equals(NAME)) {
                store.write("echo", ANY, events(10 + (int) event.number()));
            }
        });
        store.listen(second::add);

        store.write(NAME, ANY, events(1, 2));

        assertEquals("0@s 1@s 0@echo 1@echo", names(first));
        assertEquals(first, second);
    }

    @Test
    void timeDoesNotGoBack() {
        store.write(NAME, ANY, events(1));
        now -= 60_000;
        store.write(NAME, ANY, events(2));

        assertEquals(store.event(NAME, 0).createdTicks(), store.event(NAME, 1).createdTicks());
    }

    private StoredEvent last(String stream) {
        return store.event(stream, -1);
    }
}
