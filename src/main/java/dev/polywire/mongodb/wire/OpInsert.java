package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ByteReader;
import dev.polywire.core.wire.ByteWriter;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.core.wire.Utf8;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * The legacy insert (removed in MongoDB 5.1); it has no reply.
 *
 * <pre>
 *   header | int32 flags | cstring fullCollectionName | document+
 * </pre>
 *
 * @param flags {@link #CONTINUE_ON_ERROR}; other bits are kept
 * @param fullCollectionName database, dot, collection
 * @param documents 1 to 100 000
 */
public record OpInsert(int flags, String fullCollectionName, List<Buffer> documents) implements MongoMessage {

    public static final int OP_CODE = 2002;

    /** A document that cannot be inserted does not keep back those behind it. */
    public static final int CONTINUE_ON_ERROR = 1;

    public OpInsert {
        documents = List.copyOf(documents);
        if (documents.isEmpty()) {
            throw ProtocolException.framing("documents: 0 (expected: >= 1)");
        }
        documents.forEach(BsonBounds::requireWhole);
    }

    @Override
    public int opCode() {
        return OP_CODE;
    }

    @Override
    public boolean hasReply() {
        return false;
    }

    static OpInsert read(Buffer frame) {
        ByteReader in = MongoMessage.body(frame);
        int flags = in.int32LE("flags");
        String fullCollectionName = in.cstring("fullCollectionName");
        return new OpInsert(flags, fullCollectionName, DocumentSequence.readDocuments(frame, in));
    }

    @Override
    public long messageBytes() {
        return MessageHeader.BYTES
                + 4L
                + Utf8.bytes(fullCollectionName)
                + 1
                + documents.stream().mapToLong(Buffer::length).sum();
    }

    @Override
    public void writeBody(ByteWriter out) {
        out.int32LE(flags).cstring(fullCollectionName);
        documents.forEach(out::bytes);
    }

    /** Without the documents. */
    @Override
    public String toString() {
        return "OP_INSERT [" + fullCollectionName + ", flags=" + flags + ", documents=" + documents.size() + "]";
    }
}
