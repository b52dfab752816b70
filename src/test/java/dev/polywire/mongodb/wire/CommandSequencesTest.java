package dev.polywire.mongodb.wire;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes beside a command, and that nothing of it is lost. */
class CommandSequencesTest {

    /** Every type, so that each is stepped over. */
    private static final String ALL_TYPES =
            "d: 1.5, s: 'xé', o: {documents: [{}]}, a: [1, {}], b: {$binary: {base64: 'AAEC',"
                    + " subType: '02'}}, u: {$undefined: true}, i: {$oid: '0102030405060708090a0b0c'}, t: true, w: {$date:"
                    + " '1970-01-01T00:00:00Z'}, n: null, r: {$regularExpression: {pattern: 'a', options: 'i'}}, p: {$dbPointer:"
                    + " {'$ref': 'x', '$id': {'$oid': '0102030405060708090a0b0c'}}}, c: {$code: 'x'}, y: {$symbol: 'x'}, k: {$code: 'x',"
                    + " $scope: {y: 1}}, e: 7, z: {$timestamp: {t: 1, i: 2}}, l: {$numberLong: '7'}, q: {$numberDecimal: '1'},"
                    + " mi: {$minKey: 1}, ma: {$maxKey: 1}";

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            {insert: 'c', documents: [{a: 1}]}                          ; {insert: 'c'}                ; documents [{a: 1}]
            {insert: 'c', documents: [{a: 1}, {}], $db: 'd'}            ; {insert: 'c', $db: 'd'}      ; documents [{a: 1}, {}]
            {insert: 'c', x: 1, documents: [{a: [{b: 1}]}], ordered: false} ; {insert: 'c', x: 1, ordered: false} ; documents [{a: [{b: 1}]}]
            {update: 'c', updates: [{q: {}, u: {$set: {a: 1}}}], w: 1}  ; {update: 'c', w: 1}          ; updates [{q: {}, u: {$set: {a: 1}}}]
            {delete: 'c', deletes: [{q: {}, limit: 0}]}                 ; {delete: 'c'}                ; deletes [{q: {}, limit: 0}]
            {bulkWrite: 1, ops: [{delete: 0, filter: {}}], nsInfo: [{ns: 'a.b'}], $db: 'admin'} ; {bulkWrite: 1, $db: 'admin'} ; ops [{delete: 0, filter: {}}] nsInfo [{ns: 'a.b'}]
            {bulkWrite: 1, nsInfo: [{ns: 'a.b'}], z: 1, ops: [{}]}      ; {bulkWrite: 1, z: 1}         ; nsInfo [{ns: 'a.b'}] ops [{}]
            {bulkWrite: 1, ops: [7], nsInfo: [{ns: 'a.b'}]}             ; {bulkWrite: 1, ops: [7]}     ; nsInfo [{ns: 'a.b'}]
            {insert: 'c', deletes: [{b: 1}], documents: [{a: 1}]}       ; {insert: 'c', deletes: [{b: 1}]} ; documents [{a: 1}]
            """)
    void moved(String command, String body, String sequences) {
        Buffer given = Documents.bson(command);
        Buffer before = given.copy();
        CommandSequences moved = CommandSequences.of(given);
        assertEquals(Documents.bson(body), moved.body());
        assertEquals(sequences, told(moved.sequences()));
        assertEquals(before, given);
        // What the server makes of it is the same command; only the places of its fields differ.
        assertEquals(BsonDocument.parse(command), Documents.parsed(moved.command()));
        // And so over the wire.
        OpMsg sent = OpMsg.read(new OpMsg(0, moved.body(), moved.sequences()).write(7, 0, 1000));
        assertEquals(moved, new CommandSequences(sent.body(), sent.sequences()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{ping: 1}",
                "{find: 'c', documents: [{a: 1}]}",
                "{documents: [{a: 1}], insert: 'c'}",
                "{Insert: 'c', documents: [{a: 1}]}",
                "{insert: 'c'}",
                "{insert: 'c', documents: []}",
                "{insert: 'c', documents: {'0': {a: 1}}}",
                "{insert: 'c', documents: [{a: 1}, 7]}",
                "{insert: 'c', documents: [[{a: 1}]]}",
                "{insert: 'c', documents: [null]}",
                "{insert: 'c', updates: [{a: 1}]}",
                "{insert: 'c', x: {documents: [{a: 1}]}}",
                "{insert: {documents: [{a: 1}]}}"
            })
    void notMoved(String command) {
        Buffer given = Documents.bson(command);
        CommandSequences same = CommandSequences.of(given);
        assertSame(given, same.body());
        assertEquals(List.of(), same.sequences());
        assertSame(given, same.command());
    }

    @ParameterizedTest
    @CsvSource({
        "a field twice, '04 646f63756d656e747300 0d000000 03 3000 05000000 00 00 04 646f63756d656e747300 0d000000 03 3000"
                + " 05000000 00 00', ''",
        "keys with a gap, '04 646f63756d656e747300 15000000 03 3000 05000000 00 03 3200 05000000 00 00',"
                + " 'documents [{}, {}]'",
        "the same key, '04 646f63756d656e747300 15000000 03 7800 05000000 00 03 7800 05000000 00 00',"
                + " 'documents [{}, {}]'",
        "empty keys, '04 646f63756d656e747300 13000000 03 00 05000000 00 03 00 05000000 00 00', 'documents [{}, {}]'"
    })
    void bytesThatNoLibraryWrites(String name, String elements, String sequences) {
        Buffer given = BsonBoundsTest.document("02 696e7365727400 02000000 6300" + elements);
        BsonBounds.check(given);
        CommandSequences moved = CommandSequences.of(given);
        assertEquals(sequences, told(moved.sequences()), name);
        assertEquals(sequences.isEmpty() ? given : Documents.bson("{insert: 'c'}"), moved.body(), name);
    }

    @Test
    void otherFieldsOfEveryTypeStayAsTheyAre() {
        CommandSequences moved = CommandSequences.of(
                Documents.bson("{insert: 'c', " + ALL_TYPES + ", documents: [{" + ALL_TYPES + "}], z2: 1}"));
        assertEquals(Documents.bson("{insert: 'c', " + ALL_TYPES + ", z2: 1}"), moved.body());
        assertEquals(
                List.of(Documents.bson("{" + ALL_TYPES + "}")),
                moved.sequences().get(0).documents());
    }

    @Test
    void documentsAreNotCopied() {
        Buffer given = Documents.bson("{insert: 'c', documents: [{a: 1}]}");
        Buffer document =
                CommandSequences.of(given).sequences().get(0).documents().get(0);
        given.setIntLE(given.length() - 7, 9);
        assertEquals(Documents.bson("{a: 9}"), document);
    }

    @Test
    void bodyWithAFieldOfASequence() {
        CommandSequences twice = new CommandSequences(
                Documents.bson("{insert: 'c', documents: []}"),
                List.of(new DocumentSequence("documents", List.of(Documents.bson("{}")))));
        assertEquals(
                ProtocolException.Kind.FRAMING,
                assertThrows(ProtocolException.class, twice::command).kind());
    }

    @Test
    void nothingOfTheDocumentsIsTold() {
        String told = CommandSequences.of(Documents.bson("{insert: 'c', pin: 'secret', documents: [{pin: 'secret'}]}"))
                .toString();
        assertEquals("CommandSequences[insert, bodyBytes=35, sequences=[documents: 1 documents]]", told);
        assertFalse(told.contains("secret"));
    }

    @Test
    void asManyAsAnyServerTakes() {
        assertEquals(
                100_000,
                CommandSequences.of(insertOf(100_000))
                        .sequences()
                        .get(0)
                        .documents()
                        .size());
        ProtocolException more = assertThrows(ProtocolException.class, () -> CommandSequences.of(insertOf(100_001)));
        assertEquals(ProtocolException.Kind.LIMIT, more.kind());
        assertEquals("documents: more (expected: <= 100000)", more.getMessage());
    }

    /** A server with documents of 100 bytes and batches of 3. The body may have 100 + 16 384 bytes, too. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', nullValues = "none", textBlock = """
            insert    ; documents ; 0     ; 100   ; 3 ; none
            insert    ; documents ; 0     ; 101   ; 1 ; document of documents: 101 bytes (expected: <= 100)
            insert    ; documents ; 0     ; 100   ; 4 ; documents: 4 documents (expected: <= 3)
            update    ; updates   ; 0     ; 16484 ; 3 ; none
            update    ; updates   ; 0     ; 16485 ; 1 ; document of updates: 16485 bytes (expected: <= 16484)
            update    ; updates   ; 0     ; 5     ; 4 ; updates: 4 documents (expected: <= 3)
            delete    ; deletes   ; 0     ; 16485 ; 2 ; document of deletes: 16485 bytes (expected: <= 16484)
            bulkWrite ; ops       ; 0     ; 16485 ; 1 ; document of ops: 16485 bytes (expected: <= 16484)
            bulkWrite ; nsInfo    ; 0     ; 5     ; 4 ; nsInfo: 4 documents (expected: <= 3)
            insert    ; documents ; 16484 ; 100   ; 1 ; none
            insert    ; documents ; 16485 ; 100   ; 1 ; command: 16485 bytes (expected: <= 16484)
            find      ; none      ; 16484 ; 100   ; 0 ; none
            find      ; none      ; 16485 ; 100   ; 0 ; command: 16485 bytes (expected: <= 16484)
            """)
    void sizes(
            String name,
            @Nullable String field,
            int bodyBytes,
            int documentBytes,
            int count,
            @Nullable String refused) {
        HelloReply server = HelloReply.read(Documents.hello("maxBsonObjectSize: 100, maxWriteBatchSize: 3"));
        BsonDocument command = BsonDocument.parse("{" + name + ": 'c'}");
        if (bodyBytes > 0) {
            command.append("p", new BsonString(""));
            int others = Documents.bson(command).length();
            command.append("p", new BsonString("x".repeat(bodyBytes - others)));
        }
        BsonArray documents = new BsonArray();
        for (int i = 0; i < count; i++) {
            documents.add(sized(documentBytes));
        }
        if (field != null) {
            command.append(field, documents);
        }
        CommandSequences moved = CommandSequences.of(Documents.bson(command));
        if (refused == null) {
            assertDoesNotThrow(() -> moved.requireWithin(server));
        } else {
            ProtocolException said = assertThrows(ProtocolException.class, () -> moved.requireWithin(server));
            assertEquals(refused, said.getMessage());
            assertEquals(ProtocolException.Kind.LIMIT, said.kind());
        }
    }

    /** The greatest size that can be announced overflows nothing. */
    @Test
    void aServerWithoutLimits() {
        HelloReply server =
                HelloReply.read(Documents.hello("maxBsonObjectSize: 2147483647, maxWriteBatchSize: 2147483647"));
        assertDoesNotThrow(() -> CommandSequences.of(Documents.bson("{insert: 'c', documents: [{a: 1}]}"))
                .requireWithin(server));
    }

    private static BsonDocument sized(int bytes) {
        if (bytes == 5) {
            return new BsonDocument();
        }
        BsonDocument document = BsonDocument.parse("{p: '" + "x".repeat(bytes - 13) + "'}");
        assertEquals(bytes, Documents.bson(document).length());
        return document;
    }

    private static Buffer insertOf(int documents) {
        Buffer array = Buffer.buffer();
        for (int i = 0; i < documents; i++) {
            array.appendBuffer(Vectors.bytes("03 00 05000000 00"));
        }
        Buffer elements = Vectors.bytes("02 696e7365727400 02000000 6300 04 646f63756d656e747300")
                .appendIntLE(array.length() + 5)
                .appendBuffer(array)
                .appendByte((byte) 0);
        return Buffer.buffer()
                .appendIntLE(elements.length() + 5)
                .appendBuffer(elements)
                .appendByte((byte) 0);
    }

    private static String told(List<DocumentSequence> sequences) {
        List<String> told = new ArrayList<>();
        for (DocumentSequence sequence : sequences) {
            told.add(sequence.identifier() + " "
                    + sequence.documents().stream()
                            .map(document -> Documents.parsed(document).toJson().replace("\"", "'"))
                            .map(json -> json.replaceAll("'(\\$?\\w+)':", "$1:"))
                            .collect(Collectors.joining(", ", "[", "]")));
        }
        return String.join(" ", told);
    }
}
