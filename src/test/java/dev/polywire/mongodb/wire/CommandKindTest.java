package dev.polywire.mongodb.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a command's name and pipeline say: whether a lost answer leaves a doubt, whether there is a cursor. */
class CommandKindTest {

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            {find: 'c'}                                                            ; true
            {count: 'c'}                                                           ; true
            {ping: 1}                                                              ; true
            {aggregate: 'c', pipeline: []}                                         ; true
            {aggregate: 'c'}                                                       ; true
            {aggregate: 'c', pipeline: [{$match: {$out: 1}}]}                      ; true
            {aggregate: 'c', pipeline: [{$match: {}}, {$out: 'd'}]}                ; false
            {aggregate: 'c', cursor: {}, pipeline: [{$merge: {into: 'd'}}]}        ; false
            {aggregate: 'c', pipeline: [7, 'x', {}, {$out: 'd'}]}                  ; false
            {aggregate: 'c', pipeline: {$out: 'd'}}                                ; true
            {aggregate: 'c', comment: {pipeline: [{$out: 'd'}]}, pipeline: []}     ; true
            {insert: 'c', find: 'c'}                                               ; false
            {findAndModify: 'c'}                                                   ; false
            {getMore: 1}                                                           ; false
            {somethingNew: 1}                                                      ; false
            {FIND: 'c'}                                                            ; false
            {}                                                                     ; false
            """)
    void reads(String command, boolean reads) {
        assertEquals(reads, CommandKind.reads(Documents.bson(command)));
    }

    @ParameterizedTest
    @CsvSource({"find, true", "aggregate, true", "listCollections, true", "listIndexes, true", "getMore, false"})
    void givesCursor(String name, boolean cursor) {
        assertEquals(cursor, CommandKind.givesCursor(name));
    }

    /** Its name is looked at before it is known to be a document. */
    @Test
    void firstNameOfAnything() {
        assertEquals("", BsonFields.firstName(Buffer.buffer()));
        assertEquals("", BsonFields.firstName(Buffer.buffer("12345abc")));
        assertEquals("", BsonFields.firstName(Documents.bson("{}")));
        assertEquals("find", BsonFields.firstName(Documents.bson("{find: 1, b: 2}")));
    }
}
