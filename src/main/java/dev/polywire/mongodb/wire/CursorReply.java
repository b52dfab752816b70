package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.bson.BsonBinaryReader;
import org.bson.BsonType;

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
        try (BsonBinaryReader in = BsonFields.reader(checked)) {
            in.readStartDocument();
            while (in.readBsonType() != BsonType.END_OF_DOCUMENT) {
                if (in.readName().equals("cursor") && in.getCurrentBsonType() == BsonType.DOCUMENT) {
                    return cursor(checked, in);
                }
                in.skipValue();
            }
        }
        throw ProtocolException.decode("cursor: absent (expected: a document)");
    }

    private static CursorReply cursor(Buffer checked, BsonBinaryReader in) {
        Long id = null;
        String namespace = null;
        List<Buffer> documents = null;
        in.readStartDocument();
        while (in.readBsonType() != BsonType.END_OF_DOCUMENT) {
            String name = in.readName();
            BsonType type = in.getCurrentBsonType();
            if (name.equals("id") && type == BsonType.INT64) {
                id = in.readInt64();
            } else if (name.equals("ns") && type == BsonType.STRING) {
                namespace = in.readString();
            } else if ((name.equals("firstBatch") || name.equals("nextBatch")) && type == BsonType.ARRAY) {
                documents = documents(checked, in);
            } else {
                in.skipValue();
            }
        }
        int dot = namespace == null ? -1 : namespace.indexOf('.');
        if (id == null || documents == null || namespace == null || dot < 0) {
            throw ProtocolException.decode("cursor: incomplete (expected: id, ns, firstBatch or nextBatch)");
        }
        return new CursorReply(id, namespace.substring(0, dot), namespace.substring(dot + 1), documents);
    }

    private static List<Buffer> documents(Buffer checked, BsonBinaryReader in) {
        List<Buffer> documents = new ArrayList<>();
        in.readStartArray();
        while (in.readBsonType() != BsonType.END_OF_DOCUMENT) {
            if (in.getCurrentBsonType() != BsonType.DOCUMENT) {
                throw ProtocolException.decode("batch: not a document (expected: documents)");
            }
            documents.add(BsonFields.document(checked, in));
        }
        in.readEndArray();
        return documents;
    }
}
