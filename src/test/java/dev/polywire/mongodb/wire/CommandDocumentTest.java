package dev.polywire.mongodb.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A caller's bytes and our two fields make one document, byte by byte. */
class CommandDocumentTest {

    @ParameterizedTest
    @CsvSource(delimiter = ';', nullValues = "none", textBlock = """
            {ping: 1}               ; db ; none ; {ping: 1, $db: 'db'}
            {ping: 1}               ; db ; 7    ; {ping: 1, $db: 'db', maxTimeMS: {$numberLong: '7'}}
            {ping: 1, maxTimeMS: 3} ; db ; 7    ; {ping: 1, maxTimeMS: 3, $db: 'db'}
            {ping: {$db: 1}}        ; dé ; none ; {ping: {$db: 1}, $db: 'dé'}
            {a: {maxTimeMS: 3}}     ; db ; 7    ; {a: {maxTimeMS: 3}, $db: 'db', maxTimeMS: {$numberLong: '7'}}
            """)
    void complete(String command, String database, Long maxTimeMillis, String expected) {
        Buffer given = Documents.bson(command);
        Buffer before = given.copy();
        Buffer complete = CommandDocument.complete(given, database, maxTimeMillis);
        BsonBounds.check(complete);
        assertEquals(BsonDocument.parse(expected), Documents.parsed(complete));
        assertEquals(
                BsonDocument.parse(expected).keySet().toString(),
                Documents.parsed(complete).keySet().toString());
        assertEquals(before, given);
    }

    @Test
    void longName() {
        String database = "d".repeat(63);
        Buffer complete = CommandDocument.complete(Documents.bson("{ping: 1}"), database, Long.MAX_VALUE);
        assertEquals(database, Documents.parsed(complete).getString("$db").getValue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'': 1}", "{ping: 1, $db: 'admin'}", "{$db: 'admin'}"})
    void refused(String command) {
        ProtocolException bad = assertThrows(
                ProtocolException.class, () -> CommandDocument.complete(Documents.bson(command), "db", null));
        assertEquals(ProtocolException.Kind.DECODE, bad.kind());
    }
}
