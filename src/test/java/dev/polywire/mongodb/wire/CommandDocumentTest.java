package dev.polywire.mongodb.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A caller's bytes and our fields make one document, byte by byte. */
class CommandDocumentTest {

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            {ping: 1}               ; db ; {ping: 1, $db: 'db'}
            {ping: 1, maxTimeMS: 3} ; db ; {ping: 1, maxTimeMS: 3, $db: 'db'}
            {ping: {$db: 1}}        ; dé ; {ping: {$db: 1}, $db: 'dé'}
            """)
    void complete(String command, String database, String expected) {
        Buffer given = Documents.bson(command);
        Buffer before = given.copy();
        requireSame(expected, CommandDocument.complete(given, database));
        assertEquals(before, given);
    }

    /** The fields that a command gets when it is sent are behind its own. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', nullValues = "none", textBlock = """
            {ping: 1} ; 1          ; false ; {ping: 1, maxTimeMS: {$numberLong: '1'}}
            {ping: 1} ; 2147483648 ; false ; {ping: 1, maxTimeMS: {$numberLong: '2147483647'}}
            {ping: 1} ; none       ; true  ; {ping: 1, $readPreference: {mode: 'primaryPreferred'}}
            {ping: 1} ; 7          ; true  ; {ping: 1, maxTimeMS: {$numberLong: '7'}, $readPreference: {mode: 'primaryPreferred'}}
            """)
    void sendable(String command, Long maxTimeMillis, boolean readPreference, String expected) {
        Buffer given = Documents.bson(command);
        Buffer before = given.copy();
        requireSame(expected, CommandDocument.sendable(given, maxTimeMillis, readPreference));
        assertEquals(before, given);
    }

    private static void requireSame(String expected, Buffer made) {
        BsonBounds.check(made);
        assertEquals(BsonDocument.parse(expected), Documents.parsed(made));
        assertEquals(
                BsonDocument.parse(expected).keySet().toString(),
                Documents.parsed(made).keySet().toString());
    }

    /** @param time whether it can be given a time limit @param preference whether it lacks a read preference, at a member */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            {find: 'c'}                                               ; true  ; true
            {find: 'c', maxTimeMS: 0}                                 ; false ; true
            {find: 'c', filter: {maxTimeMS: 1, $readPreference: 1}}   ; true  ; true
            {find: 'c', $readPreference: {mode: 'primary'}}           ; true  ; false
            {find: 'c', lsid: {}, autocommit: false}                  ; true  ; false
            {commitTransaction: 1, autocommit: false}                 ; true  ; false
            {insert: 'c'}                                             ; true  ; true
            {getMore: 1}                                              ; false ; false
            {killCursors: 'c'}                                        ; false ; false
            {hello: 1}                                                ; true  ; false
            {isMaster: 1}                                             ; true  ; false
            {ismaster: 1}                                             ; true  ; false
            """)
    void whatACommandTakes(String command, boolean time, boolean preference) {
        Buffer checked = Documents.bson(command);
        assertEquals(time, CommandDocument.takesMaxTime(checked));
        assertEquals(preference, CommandDocument.lacksReadPreference(checked, server("setName: 'rs', ")));
        assertFalse(CommandDocument.lacksReadPreference(checked, server("")));
    }

    /** A server alone, and a mongos, decide by themselves. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '"', textBlock = """
            ""                                 ; false
            "msg: 'isdbgrid', "                ; false
            "setName: 's', msg: 'isdbgrid', "  ; false
            "setName: 's', secondary: true, "  ; true
            "setName: 's', msg: 'other', "     ; true
            """)
    void membersOfASetNeedAReadPreference(String fields, boolean needed) {
        assertEquals(needed, CommandDocument.lacksReadPreference(Documents.bson("{find: 'c'}"), server(fields)));
    }

    private static HelloReply server(String fields) {
        return HelloReply.read(Documents.bson("{" + fields + "minWireVersion: 0, maxWireVersion: 21, ok: 1}"));
    }

    @Test
    void longName() {
        String database = "d".repeat(63);
        Buffer complete = CommandDocument.complete(Documents.bson("{ping: 1}"), database);
        assertEquals(database, Documents.parsed(complete).getString("$db").getValue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'': 1}", "{ping: 1, $db: 'admin'}", "{$db: 'admin'}"})
    void refused(String command) {
        ProtocolException bad =
                assertThrows(ProtocolException.class, () -> CommandDocument.complete(Documents.bson(command), "db"));
        assertEquals(ProtocolException.Kind.DECODE, bad.kind());
    }
}
