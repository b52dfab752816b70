package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ByteReader;
import dev.polywire.core.wire.ByteWriter;
import dev.polywire.core.wire.Utf8;
import io.vertx.core.buffer.Buffer;

/**
 * The legacy update (removed in MongoDB 5.1); it has no reply.
 *
 * <pre>
 *   header | int32 0 | cstring fullCollectionName | int32 flags | selector | update
 * </pre>
 *
 * @param fullCollectionName database, dot, collection
 * @param flags bits of {@link #UPSERT} and the following; others are kept
 */
public record OpUpdate(String fullCollectionName, int flags, Buffer selector, Buffer update) implements MongoMessage {

    public static final int OP_CODE = 2001;

    /** Inserts when nothing matches. */
    public static final int UPSERT = 1;
    /** All that match, not only the first. */
    public static final int MULTI_UPDATE = 1 << 1;

    public OpUpdate {
        BsonBounds.requireWhole(selector);
        BsonBounds.requireWhole(update);
    }

    @Override
    public int opCode() {
        return OP_CODE;
    }

    @Override
    public boolean hasReply() {
        return false;
    }

    static OpUpdate read(Buffer frame) {
        ByteReader in = MongoMessage.body(frame);
        in.int32LE("ZERO");
        String fullCollectionName = in.cstring("fullCollectionName");
        int flags = in.int32LE("flags");
        Buffer selector = BsonBounds.readChecked(frame, in);
        Buffer update = BsonBounds.readChecked(frame, in);
        MongoMessage.requireRead(in);
        return new OpUpdate(fullCollectionName, flags, selector, update);
    }

    @Override
    public long messageBytes() {
        return MessageHeader.BYTES + 4L + Utf8.bytes(fullCollectionName) + 1 + 4 + selector.length() + update.length();
    }

    @Override
    public void writeBody(ByteWriter out) {
        out.int32LE(0).cstring(fullCollectionName).int32LE(flags);
        out.bytes(selector).bytes(update);
    }

    /** Without the documents. */
    @Override
    public String toString() {
        return "OP_UPDATE [" + fullCollectionName + ", flags=" + flags + ", selectorBytes=" + selector.length()
                + ", updateBytes=" + update.length() + "]";
    }
}
