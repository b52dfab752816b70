package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ByteReader;
import dev.polywire.core.wire.ByteWriter;
import dev.polywire.core.wire.Utf8;
import io.vertx.core.buffer.Buffer;

/**
 * The legacy delete (removed in MongoDB 5.1); it has no reply.
 *
 * <pre>
 *   header | int32 0 | cstring fullCollectionName | int32 flags | selector
 * </pre>
 *
 * @param fullCollectionName database, dot, collection
 * @param flags {@link #SINGLE_REMOVE}; other bits are kept
 */
public record OpDelete(String fullCollectionName, int flags, Buffer selector) implements MongoMessage {

    public static final int OP_CODE = 2006;

    /** Only the first that matches. */
    public static final int SINGLE_REMOVE = 1;

    public OpDelete {
        BsonBounds.requireWhole(selector);
    }

    @Override
    public int opCode() {
        return OP_CODE;
    }

    @Override
    public boolean hasReply() {
        return false;
    }

    static OpDelete read(Buffer frame) {
        ByteReader in = MongoMessage.body(frame);
        in.int32LE("ZERO");
        String fullCollectionName = in.cstring("fullCollectionName");
        int flags = in.int32LE("flags");
        Buffer selector = BsonBounds.readChecked(frame, in);
        MongoMessage.requireRead(in);
        return new OpDelete(fullCollectionName, flags, selector);
    }

    @Override
    public long messageBytes() {
        return MessageHeader.BYTES + 4L + Utf8.bytes(fullCollectionName) + 1 + 4 + selector.length();
    }

    @Override
    public void writeBody(ByteWriter out) {
        out.int32LE(0).cstring(fullCollectionName).int32LE(flags).bytes(selector);
    }

    /** Without the document. */
    @Override
    public String toString() {
        return "OP_DELETE [" + fullCollectionName + ", flags=" + flags + ", selectorBytes=" + selector.length() + "]";
    }
}
