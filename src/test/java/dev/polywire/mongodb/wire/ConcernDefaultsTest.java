package dev.polywire.mongodb.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.core.buffer.Buffer;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which commands get which concern. */
class ConcernDefaultsTest {

    private static final ConcernDefaults BOTH = new ConcernDefaults("majority", null, null, "local");

    private static final String WRITE = "writeConcern: {w: 'majority'}";
    private static final String READ = "readConcern: {level: 'local'}";

    private static void adds(ConcernDefaults concerns, String command, String added) {
        Buffer given = Documents.bson(command);
        Buffer before = given.copy();
        Buffer with = concerns.addTo(given);
        BsonBounds.check(with);
        BsonDocument expected = BsonDocument.parse(command);
        expected.putAll(BsonDocument.parse("{" + added + "}"));
        assertEquals(Documents.bson(expected), with);
        assertEquals(before, given);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "insert",
                "update",
                "delete",
                "bulkWrite",
                "findAndModify",
                "create",
                "createIndexes",
                "drop",
                "dropDatabase",
                "dropIndexes",
                "collMod",
                "renameCollection",
                "createUser",
                "commitTransaction",
                "abortTransaction"
            })
    void whatWrites(String name) {
        adds(BOTH, "{" + name + ": 'c', $db: 'd'}", WRITE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"find", "count", "distinct", "aggregate"})
    void whatReads(String name) {
        adds(BOTH, "{" + name + ": 'c', $db: 'd'}", READ);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{getMore: {$numberLong: '7'}, collection: 'c'}",
                "{killCursors: 'c', cursors: []}",
                "{ping: 1}",
                "{hello: 1}",
                "{endSessions: []}",
                "{listCollections: 1}",
                "{listIndexes: 'c'}",
                "{explain: {find: 'c'}}",
                "{Insert: 'c'}",
                "{nobodyKnows: 1}",
                "{}",
                "{find: 'c', readConcern: {level: 'majority'}}",
                "{find: 'c', readConcern: {}}",
                "{insert: 'c', writeConcern: {w: 1}}",
                "{aggregate: 'c', pipeline: [], explain: true}",
                "{aggregate: 'c', pipeline: [{$out: 'x'}], explain: true}",
                "{insert: 'c', txnNumber: 1, autocommit: false}",
                "{find: 'c', txnNumber: 1, autocommit: false}",
                "{aggregate: 'c', pipeline: [], autocommit: false}",
                "{commitTransaction: 1, autocommit: false, writeConcern: {}}"
            })
    void whatStaysAsItIs(String command) {
        Buffer given = Documents.bson(command);
        assertSame(given, BOTH.addTo(given));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            {aggregate: 'c', pipeline: [{$match: {}}, {$out: 'x'}]}              ; WRITE, READ
            {aggregate: 'c', pipeline: [{$merge: 'x'}], readConcern: {}}         ; WRITE
            {aggregate: 'c', pipeline: [{$merge: 'x'}], writeConcern: {w: 1}}    ; READ
            {find: 'c', filter: {readConcern: 1}}                                ; READ
            {insert: 'c', documents: [{writeConcern: {w: 1}}]}                   ; WRITE
            {find: 'c', startTransaction: true, autocommit: false}               ; READ
            {insert: 'c', startTransaction: true, autocommit: false}             ; READ
            {commitTransaction: 1, txnNumber: 1, autocommit: false}              ; WRITE
            {abortTransaction: 1, txnNumber: 1, autocommit: false}               ; WRITE
            """)
    void whatGetsOneOrBoth(String command, String added) {
        adds(BOTH, command, added.replace("WRITE", WRITE).replace("READ", READ));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', nullValues = "-", textBlock = """
            3        ; -     ; -    ; w: 3
            majority ; true  ; 5000 ; w: 'majority', j: true, wtimeout: 5000
            dc-east  ; false ; -    ; w: 'dc-east', j: false
            -        ; true  ; -    ; j: true
            -        ; -     ; 0    ; wtimeout: 0
            0        ; -     ; -    ; w: 0
            00       ; false ; -    ; w: 0, j: false
            """)
    void fields(String w, Boolean journal, Integer timeout, String fields) {
        ConcernDefaults concerns = new ConcernDefaults(w, journal, timeout, null);
        adds(concerns, "{insert: 'c', documents: [{}]}", "writeConcern: {" + fields + "}");
        Buffer find = Documents.bson("{find: 'c'}");
        assertSame(find, concerns.addTo(find));
    }

    /** Whoever drops or finds wants to know. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{drop: 'c'}",
                "{findAndModify: 'c'}",
                "{aggregate: 'c', pipeline: [{$out: 'x'}]}",
                "{commitTransaction: 1, autocommit: false}",
                "{insert: 'c', startTransaction: true, autocommit: false}"
            })
    void unacknowledgedAreWritesOnly(String command) {
        Buffer given = Documents.bson(command);
        assertSame(given, new ConcernDefaults("0", null, null, null).addTo(given));
    }

    @Test
    void noneIsNone() {
        Buffer insert = Documents.bson("{insert: 'c'}");
        assertSame(insert, ConcernDefaults.NONE.addTo(insert));
        assertEquals(ConcernDefaults.NONE, ConcernDefaults.of(MongoUri.parse("mongodb://h")));
    }

    @Test
    void ofAUri() {
        assertEquals(
                new ConcernDefaults("2", true, 7, "majority"),
                ConcernDefaults.of(
                        MongoUri.parse("mongodb://h/?w=2&journal=true&wTimeoutMS=7&readConcernLevel=majority")));
    }

    @ParameterizedTest
    @CsvSource({"'', false", "-1, false", "-canary, false", "99999999999, false", "0, true", "000, true"})
    void isRefused(String w, boolean journal) {
        IllegalArgumentException bad =
                assertThrows(IllegalArgumentException.class, () -> new ConcernDefaults(w, journal, null, null));
        assertFalse(bad.getMessage().contains("canary"), bad::getMessage);
    }
}
