package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ByteReader;
import dev.polywire.core.wire.ByteWriter;
import dev.polywire.core.wire.Utf8;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * The legacy query (removed in MongoDB 5.1, where only the first {@code hello} of a connection may still use it).
 *
 * <pre>
 *   header | int32 flags | cstring fullCollectionName | int32 numberToSkip | int32 numberToReturn | query | [selector]
 * </pre>
 *
 * @param flags bits of {@link #TAILABLE_CURSOR} and the following; others are kept
 * @param fullCollectionName database, dot, collection; {@code db.$cmd} for a command
 * @param numberToReturn negative: that many, then close the cursor
 * @param returnFieldsSelector null: whole documents
 */
public record OpQuery(
        int flags,
        String fullCollectionName,
        int numberToSkip,
        int numberToReturn,
        Buffer query,
        @Nullable Buffer returnFieldsSelector)
        implements MongoMessage {

    public static final int OP_CODE = 2004;

    public static final int TAILABLE_CURSOR = 1 << 1;
    /** A secondary may answer. */
    public static final int SLAVE_OK = 1 << 2;

    public static final int OPLOG_REPLAY = 1 << 3;
    public static final int NO_CURSOR_TIMEOUT = 1 << 4;
    public static final int AWAIT_DATA = 1 << 5;
    /** Replies come one after the other without {@link OpGetMore}. */
    public static final int EXHAUST = 1 << 6;
    /** Shards that are down are left out. */
    public static final int PARTIAL = 1 << 7;

    public OpQuery {
        BsonBounds.requireWhole(query);
        if (returnFieldsSelector != null) {
            BsonBounds.requireWhole(returnFieldsSelector);
        }
    }

    @Override
    public int opCode() {
        return OP_CODE;
    }

    @Override
    public boolean hasReply() {
        return true;
    }

    /** Whether it asks for no collection: its document is a command. */
    public boolean isCommand() {
        return fullCollectionName.endsWith(".$cmd");
    }

    static OpQuery read(Buffer frame) {
        ByteReader in = MongoMessage.body(frame);
        int flags = in.int32LE("flags");
        String fullCollectionName = in.cstring("fullCollectionName");
        int numberToSkip = in.int32LE("numberToSkip");
        int numberToReturn = in.int32LE("numberToReturn");
        Buffer query = BsonBounds.readChecked(frame, in);
        Buffer selector = in.remaining() == 0 ? null : BsonBounds.readChecked(frame, in);
        MongoMessage.requireRead(in);
        return new OpQuery(flags, fullCollectionName, numberToSkip, numberToReturn, query, selector);
    }

    @Override
    public long messageBytes() {
        long selectorBytes = returnFieldsSelector == null ? 0 : returnFieldsSelector.length();
        return MessageHeader.BYTES + 4L + Utf8.bytes(fullCollectionName) + 1 + 8 + query.length() + selectorBytes;
    }

    @Override
    public void writeBody(ByteWriter out) {
        out.int32LE(flags).cstring(fullCollectionName).int32LE(numberToSkip).int32LE(numberToReturn);
        out.bytes(query);
        if (returnFieldsSelector != null) {
            out.bytes(returnFieldsSelector);
        }
    }

    /** Without the documents, which may hold credentials. */
    @Override
    public String toString() {
        return MessageNames.command(this) + " [" + fullCollectionName + ", queryBytes=" + query.length() + "]";
    }
}
