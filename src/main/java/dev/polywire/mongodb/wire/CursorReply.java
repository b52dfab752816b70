package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The cursor in the answer of {@code find}, {@code aggregate}, {@code getMore} and their like:
 * {@code {cursor: {id, ns, firstBatch | nextBatch}}}.
 *
 * @param id 0: no more documents
 * @param database the part of {@code ns} before the first dot
 * @param collection the part after it
 * @param documents share memory with the answer
 */
public record CursorReply(long id, String database, String collection, List<Buffer> documents) {

    /**
     * @param checked an answer that has passed {@link BsonBounds#check}
     * @throws ProtocolException DECODE when it has no cursor, or an incomplete one
     */
    public static CursorReply read(Buffer checked) {
        BsonElements fields = new BsonElements(checked, 0);
        while (fields.next()) {
            if (fields.type() == BsonElements.DOCUMENT && fields.is("cursor")) {
                return cursor(checked, new BsonElements(checked, fields.value()));
            }
        }
        throw ProtocolException.decode("cursor: absent (expected: a document)");
    }

    private static CursorReply cursor(Buffer checked, BsonElements fields) {
        boolean hasId = false;
        long id = 0;
        String namespace = null;
        List<Buffer> documents = null;
        while (fields.next()) {
            int type = fields.type();
            if (type == BsonElements.INT64 && fields.is("id")) {
                hasId = true;
                id = fields.int64();
            } else if (type == BsonElements.STRING && fields.is("ns")) {
                namespace = fields.text();
            } else if (type == BsonElements.ARRAY && (fields.is("firstBatch") || fields.is("nextBatch"))) {
                documents = documents(new BsonElements(checked, fields.value()));
            }
        }
        int dot = namespace == null ? -1 : namespace.indexOf('.');
        if (!hasId || documents == null || namespace == null || dot < 0) {
            throw ProtocolException.decode("cursor: incomplete (expected: id, ns, firstBatch or nextBatch)");
        }
        return new CursorReply(id, namespace.substring(0, dot), namespace.substring(dot + 1), documents);
    }

    private static List<Buffer> documents(BsonElements batch) {
        List<Buffer> documents = new ArrayList<>();
        while (batch.next()) {
            if (batch.type() != BsonElements.DOCUMENT) {
                throw ProtocolException.decode("batch: not a document (expected: documents)");
            }
            documents.add(batch.document());
        }
        return documents;
    }
}
