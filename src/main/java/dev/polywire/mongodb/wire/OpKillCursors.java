package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ByteReader;
import dev.polywire.core.wire.ByteWriter;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The legacy end of cursors (removed in MongoDB 5.1); it has no reply.
 *
 * <pre>
 *   header | int32 0 | int32 numberOfCursorIDs | int64*
 * </pre>
 *
 * @param cursorIds may be negative; at most 100 000
 */
public record OpKillCursors(List<Long> cursorIds) implements MongoMessage {

    public static final int OP_CODE = 2007;

    private static final int MAX_CURSORS = 100_000;
    private static final int CURSOR_BYTES = 8;

    public OpKillCursors {
        requireFew(cursorIds.size());
        cursorIds = List.copyOf(cursorIds);
    }

    @Override
    public int opCode() {
        return OP_CODE;
    }

    @Override
    public boolean hasReply() {
        return false;
    }

    static OpKillCursors read(Buffer frame) {
        ByteReader in = MongoMessage.body(frame);
        in.int32LE("ZERO");
        int count = in.announced(in.int32LE("numberOfCursorIDs"), CURSOR_BYTES, "numberOfCursorIDs");
        requireFew(count);
        List<Long> cursorIds = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            cursorIds.add(in.int64LE("cursorID"));
        }
        MongoMessage.requireRead(in);
        return new OpKillCursors(cursorIds);
    }

    private static void requireFew(int count) {
        if (count > MAX_CURSORS) {
            throw ProtocolException.limit("cursors: " + count + " (expected: <= " + MAX_CURSORS + ")");
        }
    }

    @Override
    public long messageBytes() {
        return MessageHeader.BYTES + 8L + (long) CURSOR_BYTES * cursorIds.size();
    }

    @Override
    public void writeBody(ByteWriter out) {
        out.int32LE(0).int32LE(cursorIds.size());
        cursorIds.forEach(out::int64LE);
    }
}
