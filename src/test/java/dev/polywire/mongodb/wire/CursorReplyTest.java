package dev.polywire.mongodb.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.core.wire.ProtocolException;
import java.util.List;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The cursor of an answer, and answers whose cursor is none. */
class CursorReplyTest {

    @Test
    void firstBatch() {
        CursorReply reply =
                CursorReply.read(Documents.bson("{ok: 1.0, other: {cursor: 1}, cursor: {firstBatch: [{a: 1}, {}],"
                        + " partial: true, id: {$numberLong: '-5'}, ns: 'db.a.b'}, $clusterTime: {}}"));
        assertEquals(-5, reply.id());
        assertEquals("db", reply.database());
        assertEquals("a.b", reply.collection());
        assertEquals(
                List.of(BsonDocument.parse("{a: 1}"), new BsonDocument()),
                reply.documents().stream().map(Documents::parsed).toList());
    }

    @Test
    void lastBatch() {
        CursorReply reply = CursorReply.read(
                Documents.bson("{cursor: {id: {$numberLong: '0'}, ns: 'db.c', nextBatch: []}, ok: 1.0}"));
        assertEquals(new CursorReply(0, "db", "c", List.of()), reply);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ok: 1.0}",
                "{cursor: 5}",
                "{cursor: {}}",
                "{cursor: {ns: 'db.c', firstBatch: []}}",
                "{cursor: {id: 5, ns: 'db.c', firstBatch: []}}",
                "{cursor: {id: {$numberLong: '5'}, ns: 7, firstBatch: []}}",
                "{cursor: {id: {$numberLong: '5'}, ns: 'nodot', firstBatch: []}}",
                "{cursor: {id: {$numberLong: '5'}, ns: 'db.c'}}",
                "{cursor: {id: {$numberLong: '5'}, ns: 'db.c', firstBatch: {}}}",
                "{cursor: {id: {$numberLong: '5'}, ns: 'db.c', firstBatch: [1]}}",
                "{cursor: {id: {$numberLong: '5'}, ns: 'db.c', firstBatch: [{}, null]}}",
            })
    void noCursor(String answer) {
        ProtocolException bad = assertThrows(ProtocolException.class, () -> CursorReply.read(Documents.bson(answer)));
        assertEquals(ProtocolException.Kind.DECODE, bad.kind());
    }
}
