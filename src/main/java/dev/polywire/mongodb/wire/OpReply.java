package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ByteReader;
import dev.polywire.core.wire.ByteWriter;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * The answer to {@link OpQuery}.
 *
 * <pre>
 *   header | int32 responseFlags | int64 cursorID | int32 startingFrom | int32 numberReturned | document*
 * </pre>
 *
 * @param responseFlags bits of {@link #CURSOR_NOT_FOUND} and the following
 * @param cursorId 0: no more documents; may be negative
 */
public record OpReply(int responseFlags, long cursorId, int startingFrom, List<Buffer> documents)
        implements MongoMessage {

    public static final int OP_CODE = 1;

    public static final int CURSOR_NOT_FOUND = 1;
    public static final int QUERY_FAILURE = 1 << 1;
    public static final int SHARD_CONFIG_STALE = 1 << 2;
    public static final int AWAIT_CAPABLE = 1 << 3;

    public OpReply {
        documents = List.copyOf(documents);
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

    static OpReply read(Buffer frame) {
        ByteReader in = MongoMessage.body(frame);
        int responseFlags = in.int32LE("responseFlags");
        long cursorId = in.int64LE("cursorID");
        int startingFrom = in.int32LE("startingFrom");
        int numberReturned = in.int32LE("numberReturned");
        List<Buffer> documents = DocumentSequence.readDocuments(frame, in);
        if (documents.size() != numberReturned) {
            throw in.bad("numberReturned: " + numberReturned + " (expected: " + documents.size() + ")");
        }
        return new OpReply(responseFlags, cursorId, startingFrom, documents);
    }

    @Override
    public long messageBytes() {
        return MessageHeader.BYTES
                + 20L
                + documents.stream().mapToLong(Buffer::length).sum();
    }

    @Override
    public void writeBody(ByteWriter out) {
        out.int32LE(responseFlags).int64LE(cursorId).int32LE(startingFrom).int32LE(documents.size());
        documents.forEach(out::bytes);
    }

    /** Without the documents, which may hold credentials. */
    @Override
    public String toString() {
        return "OP_REPLY [responseFlags=" + responseFlags + ", cursorId=" + cursorId + ", documents=" + documents.size()
                + "]";
    }
}
