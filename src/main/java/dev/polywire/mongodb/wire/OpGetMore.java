package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ByteReader;
import dev.polywire.core.wire.ByteWriter;
import dev.polywire.core.wire.Utf8;
import io.vertx.core.buffer.Buffer;

/**
 * The legacy way to a cursor's next documents (removed in MongoDB 5.1); answered by {@link OpReply}.
 *
 * <pre>
 *   header | int32 0 | cstring fullCollectionName | int32 numberToReturn | int64 cursorID
 * </pre>
 *
 * @param fullCollectionName database, dot, collection
 * @param numberToReturn 0: as many as the server likes
 * @param cursorId may be negative
 */
public record OpGetMore(String fullCollectionName, int numberToReturn, long cursorId) implements MongoMessage {

    public static final int OP_CODE = 2005;

    @Override
    public int opCode() {
        return OP_CODE;
    }

    @Override
    public boolean hasReply() {
        return true;
    }

    static OpGetMore read(Buffer frame) {
        ByteReader in = MongoMessage.body(frame);
        in.int32LE("ZERO");
        OpGetMore message =
                new OpGetMore(in.cstring("fullCollectionName"), in.int32LE("numberToReturn"), in.int64LE("cursorID"));
        MongoMessage.requireRead(in);
        return message;
    }

    @Override
    public long messageBytes() {
        return MessageHeader.BYTES + 4L + Utf8.bytes(fullCollectionName) + 1 + 4 + 8;
    }

    @Override
    public void writeBody(ByteWriter out) {
        out.int32LE(0).cstring(fullCollectionName).int32LE(numberToReturn).int64LE(cursorId);
    }
}
