package dev.polywire.mongodb.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.mongodb.wire.Documents;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a store finds, and what writes change in it. */
class DocumentStoreTest {

    private static final int MAX_DOCUMENT_BYTES = 100;

    private int made;
    private final DocumentStore store = new DocumentStore(
            new DocumentBounds(2, 12, 500), MAX_DOCUMENT_BYTES, () -> new ObjectId(String.format("%024d", ++made)));
    private final StoredCollection things = store.created("db.things");

    private void insert(String... documents) {
        for (String each : documents) {
            things.insert(Documents.bson(each));
        }
    }

    private String found(String filter, String sort) {
        DocumentCursor cursor =
                things.find(DocumentFilter.of(BsonDocument.parse(filter)), SortOrder.of(BsonDocument.parse(sort)));
        return shown(cursor.batch(100, 10_000));
    }

    private static String shown(List<Buffer> documents) {
        return documents.stream().map(Documents::parsed).toList().toString().replace("\"", "");
    }

    private UpdateOutcome update(String filter, String update, boolean multi, boolean upsert) {
        return things.update(
                DocumentFilter.of(BsonDocument.parse(filter)),
                DocumentUpdate.of(BsonDocument.parse(update)),
                multi,
                upsert);
    }

    private static MongoErrorCode code(Runnable failing) {
        return assertThrows(CommandErrorException.class, failing::run).code();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | {} | 1 2 3 4 5",
                "{_id: 3} | {} | 3",
                "{_id: 3.0} | {} | 3",
                "{_id: 9} | {} | ''",
                "{_id: {$gte: 4}} | {} | 4 5",
                "{_id: {$eq: 2}} | {} | 2",
                "{_id: 2, a: 1} | {} | ''",
                "{a: 1} | {} | 1 3",
                "{a: {$gte: 1}} | {} | 1 2 3",
                "{a: {$gte: 2, $eq: 2}} | {} | 2 3",
                "{a: 'x'} | {} | 4",
                "{a: {$gte: 'a'}} | {} | 4",
                "{a: null} | {} | 5",
                "{a: [1, 2]} | {} | 3",
                "{a: {b: 1}} | {} | ''",
                "{} | {_id: -1} | 5 4 3 2 1",
                "{} | {b: 1, _id: -1} | 5 4 3 2 1",
                "{} | {a: 1} | 5 1 2 4 3",
                "{a: {$gte: 1}} | {_id: -1} | 3 2 1",
            })
    void finds(String filter, String sort, String ids) {
        insert("{_id: 1, a: 1}", "{_id: 2, a: 2}", "{_id: 3, a: [1, 2]}", "{_id: 4, a: 'x'}", "{_id: 5}");
        DocumentCursor cursor =
                things.find(DocumentFilter.of(BsonDocument.parse(filter)), SortOrder.of(BsonDocument.parse(sort)));
        List<String> found = cursor.batch(100, 10_000).stream()
                .map(each ->
                        String.valueOf(Documents.parsed(each).getInt32("_id").getValue()))
                .toList();
        assertEquals(ids, String.join(" ", found));
        assertEquals(found.size(), things.count(DocumentFilter.of(BsonDocument.parse(filter))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{a: {$near: 1}} | {} | BAD_VALUE",
                "{$or: []} | {} | BAD_VALUE",
                "{'a.b': 1} | {} | NOT_IMPLEMENTED",
                "{a: {$regularExpression: {pattern: 'x', options: ''}}} | {} | NOT_IMPLEMENTED",
                "{} | {a: 'up'} | BAD_VALUE",
                "{} | {a: 0} | BAD_VALUE",
                "{} | {'a.b': 1} | NOT_IMPLEMENTED",
            })
    void doesNotFind(String filter, String sort, MongoErrorCode code) {
        assertEquals(code, code(() -> found(filter, sort)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{_id: 1} | {$set: {a: 2}} | false | false | 1 1 | {_id: 1, a: 2}, {_id: 2, a: 1}",
                "{_id: 1} | {$set: {a: 1}} | false | false | 1 0 | {_id: 1, a: 1}, {_id: 2, a: 1}",
                "{a: 1} | {$set: {a: 2, b: 3}} | false | false | 1 1 | {_id: 1, a: 2, b: 3}, {_id: 2, a: 1}",
                "{a: 1} | {$set: {a: 2}} | true | false | 2 2 | {_id: 1, a: 2}, {_id: 2, a: 2}",
                "{_id: 2} | {b: 5} | false | false | 1 1 | {_id: 1, a: 1}, {_id: 2, b: 5}",
                "{_id: 2} | {b: 5, _id: 2} | false | false | 1 1 | {_id: 1, a: 1}, {_id: 2, b: 5}",
                "{_id: 3} | {b: 5} | false | false | 0 0 | {_id: 1, a: 1}, {_id: 2, a: 1}",
                "{_id: 3} | {b: 5} | false | true | 0 0 | {_id: 1, a: 1}, {_id: 2, a: 1}, {_id: 3, b: 5}",
                "{_id: 3, c: 1} | {$set: {b: 5}} | true | true | 0 0 | {_id: 1, a: 1}, {_id: 2, a: 1}, {_id: 3, c: 1, b: 5}",
                "{_id: {$gte: 7}} | {$set: {_id: 7}} | false | true | 0 0 | {_id: 1, a: 1}, {_id: 2, a: 1}, {_id: 7}",
            })
    void updates(String filter, String update, boolean multi, boolean upsert, String counts, String after) {
        insert("{_id: 1, a: 1}", "{_id: 2, a: 1}");
        UpdateOutcome outcome = update(filter, update, multi, upsert);
        assertEquals(counts, outcome.matched() + " " + outcome.modified());
        assertEquals(upsert, outcome.upsertedId() != null);
        assertEquals("[" + after + "]", found("{}", "{}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{$inc: {a: 1}} | FAILED_TO_PARSE",
                "{$set: {a: 1}, $unset: {b: 1}} | FAILED_TO_PARSE",
                "{$set: 1} | FAILED_TO_PARSE",
                "{$set: {'a.b': 1}} | NOT_IMPLEMENTED",
                "{$set: {_id: 2}} | IMMUTABLE_FIELD",
                "{_id: 2, a: 1} | IMMUTABLE_FIELD",
            })
    void doesNotUpdate(String update, MongoErrorCode code) {
        insert("{_id: 1, a: 1}");
        assertEquals(code, code(() -> update("{}", update, false, false)));
        assertEquals("[{_id: 1, a: 1}]", found("{}", "{}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{a: 1} | 1 | 1 | 2 3", "{a: 1} | 0 | 2 | 3", "{} | 0 | 3 | ''", "{a: 9} | 0 | 0 | 1 2 3"})
    void deletes(String filter, int limit, int deleted, String left) {
        insert("{_id: 1, a: 1}", "{_id: 2, a: 1}", "{_id: 3}");
        assertEquals(deleted, things.delete(DocumentFilter.of(BsonDocument.parse(filter)), limit));
        assertEquals(
                left,
                found("{}", "{}")
                        .replaceAll("[^0-9 ]*_id: (\\d)(, a: 1)?[^0-9 ]*", "$1")
                        .trim()
                        .replace("[]", ""));
        // Its place is free again.
        insert("{_id: 7}");
    }

    /** The bytes stay as they came: an id elsewhere stays there, names that are twice stay twice. */
    @Test
    void keepsBytes() {
        Buffer twice = Buffer.buffer()
                .appendIntLE(28)
                .appendBytes(new byte[] {0x10, 'a', 0, 1, 0, 0, 0, 0x10, 'a', 0, 2, 0, 0, 0})
                .appendBytes(new byte[] {0x10, '_', 'i', 'd', 0, 3, 0, 0, 0, 0});
        assertEquals(twice, things.insert(twice).bytes());
        assertEquals(
                List.of(twice),
                things.find(DocumentFilter.of(new BsonDocument()), null).batch(5, 5_000));
    }

    @Test
    void givesId() {
        insert("{a: 1}", "{}");
        assertEquals(
                "[{_id: {$oid: 000000000000000000000001}, a: 1}, {_id: {$oid: 000000000000000000000002}}]",
                found("{}", "{}"));
    }

    @Test
    void refusesIds() {
        insert("{_id: 1}");
        assertEquals(MongoErrorCode.DUPLICATE_KEY, code(() -> insert("{_id: 1.0}")));
        assertEquals(MongoErrorCode.INVALID_ID_FIELD, code(() -> insert("{_id: [1]}")));
        assertEquals(1, things.size());
    }

    @Test
    void bounds() {
        assertEquals(
                MongoErrorCode.BSON_OBJECT_TOO_LARGE, code(() -> insert("{_id: 1, a: '" + "x".repeat(100) + "'}")));
        for (int i = 0; i < 12; i++) {
            insert("{_id: " + i + "}");
        }
        assertEquals(MongoErrorCode.EXCEEDED_MEMORY_LIMIT, code(() -> insert("{_id: 12}")));
        assertEquals(12 * 14, store.bytes());
        String much = "{$set: {a: '" + "x".repeat(70) + "'}}";
        assertEquals(MongoErrorCode.EXCEEDED_MEMORY_LIMIT, code(() -> update("{}", much, true, false)));
        assertTrue(store.bytes() <= 500);

        store.created("db.more");
        assertEquals(MongoErrorCode.EXCEEDED_MEMORY_LIMIT, code(() -> store.created("db.third")));
        assertEquals(12, store.drop("db.things"));
        assertEquals(0, store.bytes());
        assertNull(store.drop("db.things"));
    }

    @ParameterizedTest
    @CsvSource({"things", ".things", "db.", "db.$cmd", "''"})
    void refusesNames(String name) {
        assertEquals(MongoErrorCode.INVALID_NAMESPACE, code(() -> store.created(name)));
    }

    @Test
    void names() {
        store.created("other.x.y");
        assertEquals(List.of("things"), store.names("db"));
        assertEquals(List.of("x.y"), store.names("other"));
        assertEquals(List.of(), store.names("d"));
        assertTrue(store.has("db.things"));
        assertFalse(store.has("db.x"));
    }

    /** Whether more follow is not looked for when a batch is full. */
    @Test
    void batches() {
        IntStream.range(0, 10).forEach(i -> insert("{_id: " + i + "}"));
        DocumentFilter all = DocumentFilter.of(new BsonDocument());
        DocumentCursor cursor = things.find(all, null).skip(1);
        assertEquals("[]", shown(cursor.batch(0, 1_000)));
        assertEquals("[{_id: 1}, {_id: 2}]", shown(cursor.batch(2, 1_000)));
        // Two fit, and one comes even if it does not.
        assertEquals("[{_id: 3}, {_id: 4}]", shown(cursor.batch(9, 2 * 14)));
        assertEquals("[{_id: 5}]", shown(cursor.batch(9, 3)));
        things.delete(DocumentFilter.of(new BsonDocument("_id", new BsonInt32(7))), 1);
        insert("{_id: 20}");
        assertEquals("[{_id: 6}, {_id: 8}, {_id: 9}, {_id: 20}]", shown(cursor.batch(4, 1_000)));
        assertFalse(cursor.isExhausted());
        assertEquals(List.of(), cursor.batch(4, 1_000));
        assertTrue(cursor.isExhausted());
        assertEquals(9, cursor.given());

        DocumentCursor few = things.find(all, null).limit(3);
        List<Buffer> given = new ArrayList<>(few.batch(2, 1_000));
        assertFalse(few.isExhausted());
        given.addAll(few.batch(2, 1_000));
        assertEquals("[{_id: 0}, {_id: 1}, {_id: 2}]", shown(given));
        assertTrue(few.isExhausted());
    }
}
