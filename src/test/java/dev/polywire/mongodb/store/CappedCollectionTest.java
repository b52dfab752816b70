package dev.polywire.mongodb.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.mongodb.wire.Documents;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.bson.BsonDocument;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Collections that lose their oldest documents, and cursors that wait at their end. */
class CappedCollectionTest {

    /** Of {@code {_id: 1}}. */
    private static final int DOCUMENT_BYTES = 14;

    private static final DocumentFilter ALL = DocumentFilter.of(new BsonDocument());

    private final DocumentStore store = new DocumentStore(DocumentBounds.DEFAULT, 1_000, ObjectId::new);

    private StoredCollection log(long bytes, long documents) {
        return store.created("db.log", new CappedSize(bytes, documents));
    }

    private static void insert(StoredCollection into, int from, int to) {
        for (int i = from; i <= to; i++) {
            into.insert(Documents.bson("{_id: " + i + "}"));
        }
    }

    private static String next(DocumentCursor cursor) {
        return cursor.batch(100, 10_000).stream()
                .map(each ->
                        String.valueOf(Documents.parsed(each).getInt32("_id").getValue()))
                .collect(Collectors.joining(" "));
    }

    private static MongoErrorCode code(Runnable failing) {
        return assertThrows(CommandErrorException.class, failing::run).code();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"70 | 0 | 1 2 3 4 5", "69 | 0 | 2 3 4 5", "14 | 0 | 5", "1000 | 2 | 4 5", "28 | 3 | 4 5"})
    void losesTheOldest(long bytes, long documents, String left) {
        StoredCollection log = log(bytes, documents);
        insert(log, 1, 5);
        assertEquals(left, next(log.find(ALL, null)));
        assertEquals((long) log.size() * DOCUMENT_BYTES, store.bytes());
        // Whoever has gone may come again.
        insert(log, 0, 0);
        store.drop("db.log");
        assertEquals(0, store.bytes());
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "-1, 0", "1, -1"})
    void refusesSizes(long bytes, long documents) {
        assertEquals(MongoErrorCode.BAD_VALUE, code(() -> log(bytes, documents)));
    }

    @Test
    void refusesWhatIsLarger() {
        StoredCollection log = log(DOCUMENT_BYTES, 0);
        insert(log, 1, 1);
        assertEquals(MongoErrorCode.BAD_VALUE, code(() -> log.insert(Documents.bson("{_id: 2, a: 'x'}"))));
        assertEquals("1", next(log.find(ALL, null)));
    }

    @Test
    void goesOnBehindTheEnd() {
        StoredCollection log = log(1_000, 0);
        insert(log, 1, 2);
        DocumentCursor all = log.tail(ALL);
        DocumentCursor some = log.tail(DocumentFilter.of(BsonDocument.parse("{_id: {$gte: 3}}")));
        DocumentCursor one = log.tail(DocumentFilter.of(BsonDocument.parse("{_id: 4}")));
        assertEquals("1 2", next(all));
        assertEquals("", next(all));
        assertEquals("", next(some));
        assertEquals("", next(one));
        insert(log, 3, 4);
        assertEquals("3 4", next(all));
        assertEquals("3 4", next(some));
        assertEquals("4", next(one));
        assertFalse(all.isExhausted());
        assertEquals(4, all.given());
    }

    @Test
    void losesItsPlace() {
        StoredCollection log = log(1_000, 2);
        insert(log, 1, 2);
        DocumentCursor before = log.tail(ALL);
        DocumentCursor within = log.tail(ALL);
        assertEquals("1 2", next(within));
        insert(log, 3, 3);
        assertEquals("3", next(within));
        insert(log, 4, 5);
        assertEquals(MongoErrorCode.CAPPED_POSITION_LOST, code(() -> next(within)));
        // It has not seen a document yet.
        assertEquals("4 5", next(before));
        store.drop("db.log");
        assertEquals(MongoErrorCode.QUERY_PLAN_KILLED, code(() -> next(before)));
    }

    @Test
    void othersHaveNoTail() {
        StoredCollection things = store.created("db.things");
        assertEquals(MongoErrorCode.BAD_VALUE, code(() -> things.tail(ALL)));
        DocumentCursor cursor = things.find(ALL, null);
        store.drop("db.things");
        assertEquals(MongoErrorCode.QUERY_PLAN_KILLED, code(() -> next(cursor)));
    }

    @Test
    void tellsOfInsertionsAndTheEnd() {
        StoredCollection log = log(1_000, 0);
        AtomicInteger told = new AtomicInteger();
        Runnable watcher = told::incrementAndGet;
        log.watch(watcher);
        insert(log, 1, 2);
        log.update(ALL, DocumentUpdate.of(BsonDocument.parse("{$set: {a: 1}}")), true, false);
        log.delete(ALL, 1);
        assertEquals(2, told.get());
        log.update(
                DocumentFilter.of(BsonDocument.parse("{_id: 9}")),
                DocumentUpdate.of(BsonDocument.parse("{a: 1}")),
                false,
                true);
        assertEquals(3, told.get());
        store.drop("db.log");
        assertEquals(4, told.get());
        log.leave(watcher);
        insert(store.created("db.log", new CappedSize(100, 0)), 1, 1);
        assertEquals(4, told.get());
        assertEquals(List.of("log"), store.names("db"));
    }
}
