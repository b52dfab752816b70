package dev.polywire.core.wire;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A machine's output: small pieces are joined, a piece of {@link #WHOLE_BYTES} or more is passed on without a copy.
 *
 * <p>A {@link #reusing} queue joins most pieces in the same few blocks: a million small messages leave no garbage for their
 * bytes.
 */
public final class OutputQueue implements Output {

    /** From this size on, copying a piece costs more than one more write. */
    static final int WHOLE_BYTES = 8 * 1024;

    /** The size of one write; a larger one would only use more memory. */
    static final int JOINED_BYTES = 64 * 1024;

    /** When this many bytes were joined the last time, the next piece gets a block. */
    static final int BLOCK_FROM_BYTES = 4 * 1024;

    /** A turn may answer a thousand confirms with a thousand publishes; pieces beyond these blocks use new memory. */
    static final int MAX_BLOCKS = 32;

    /** Reusable memory. */
    private static final class Block {
        private final Buffer bytes = Buffer.buffer(new byte[JOINED_BYTES]);
        private int length;
        /** The part of the block that was given out. */
        private @Nullable Buffer piece;

        boolean isFree() {
            return length == 0;
        }
    }

    private final ArrayDeque<Buffer> pieces = new ArrayDeque<>();
    private final List<Block> blocks = new ArrayList<>();
    /** After all pieces; at most one of the two. */
    private @Nullable Block block;

    private @Nullable Buffer tail;
    /** The size of the last joined piece, which is the initial size of the next one. */
    private int expectedBytes;

    private final boolean reusing;
    /** The most blocks in use at the same time since {@link #rest}. */
    private int mostBlocks;

    private long bytes;

    private OutputQueue(boolean reusing) {
        this.reusing = reusing;
    }

    public OutputQueue() {
        this(false);
    }

    /** A queue whose machine calls {@link #written}, and {@link #rest} now and then. */
    public static OutputQueue reusing() {
        return new OutputQueue(true);
    }

    /** Adds a piece, which must not be changed afterwards. An empty piece is ignored. */
    public void add(Buffer piece) {
        int length = piece.length();
        if (length == 0) {
            return;
        }
        if (length >= WHOLE_BYTES) {
            end();
            pieces.add(piece);
            bytes += length;
            return;
        }
        Block into = room(length);
        if (into == null) {
            tail(length).appendBuffer(piece);
        } else {
            into.bytes.setBuffer(into.length, piece);
            into.length += length;
        }
    }

    /** Adds the first {@code length} bytes of an array, which are copied. */
    public void add(byte[] piece, int length) {
        if (length == 0) {
            return;
        }
        Block into = room(length);
        if (into == null) {
            tail(length).appendBytes(piece, 0, length);
        } else {
            into.bytes.setBytes(into.length, piece, 0, length);
            into.length += length;
        }
    }

    /** Adds one byte. */
    public void addByte(int value) {
        Block into = room(1);
        if (into == null) {
            tail(1).appendByte((byte) value);
        } else {
            into.bytes.setByte(into.length++, (byte) value);
        }
    }

    /** Adds a 32-bit number, the most significant byte first. */
    public void addInt(int value) {
        Block into = room(Integer.BYTES);
        if (into == null) {
            tail(Integer.BYTES).appendInt(value);
        } else {
            into.bytes.setInt(into.length, value);
            into.length += Integer.BYTES;
        }
    }

    /** The same, the least significant byte first. */
    public void addIntLE(int value) {
        addInt(Integer.reverseBytes(value));
    }

    @Override
    public @Nullable Buffer take() {
        if (pieces.isEmpty()) {
            end();
        }
        Buffer first = pieces.poll();
        if (first != null) {
            bytes -= first.length();
        }
        return first;
    }

    @Override
    public void written(Buffer piece) {
        for (Block each : blocks) {
            if (each.piece == piece) {
                each.piece = null;
                each.length = 0;
            }
        }
    }

    /** Called now and then: keeps as many blocks as were in use since the last call. */
    public void rest() {
        int surplus = blocks.size() - mostBlocks;
        for (Iterator<Block> each = blocks.iterator(); surplus > 0 && each.hasNext(); ) {
            if (each.next().isFree()) {
                each.remove();
                surplus--;
            }
        }
        mostBlocks = 0;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public long spareBytes() {
        // Asked for in every turn: no iterator.
        long spare = 0;
        for (int i = 0; i < blocks.size(); i++) {
            spare += JOINED_BYTES - blocks.get(i).length;
        }
        return spare;
    }

    /** Keeps the blocks in use only. */
    @Override
    public void shed() {
        blocks.removeIf(Block::isFree);
    }

    /** The block with room for {@code length} bytes, which are counted here; null: the bytes go to {@link #tail}. */
    private @Nullable Block room(int length) {
        bytes += length;
        if (joinedBytes() + length > JOINED_BYTES) {
            end();
        }
        if (block == null && tail == null) {
            block = reusing ? free() : null;
        }
        return block;
    }

    private int joinedBytes() {
        Buffer last = tail;
        return block != null ? block.length : last != null ? last.length() : 0;
    }

    private @Nullable Block free() {
        Block found = null;
        int inUse = 1;
        for (Block each : blocks) {
            if (each.isFree()) {
                found = each;
            } else {
                inUse++;
            }
        }
        mostBlocks = Math.max(mostBlocks, Math.min(inUse, MAX_BLOCKS));
        if (found == null && expectedBytes >= BLOCK_FROM_BYTES && blocks.size() < MAX_BLOCKS) {
            found = new Block();
            blocks.add(found);
        }
        return found;
    }

    /** Turns the joined bytes into a piece. */
    private void end() {
        Block full = block;
        Buffer last = tail;
        if (full != null) {
            full.piece = full.bytes.slice(0, full.length);
            pieces.add(full.piece);
            expectedBytes = full.length;
            block = null;
        } else if (last != null) {
            pieces.add(last);
            expectedBytes = last.length();
            tail = null;
        }
    }

    /** The buffer for the next {@code length} bytes. */
    private Buffer tail(int length) {
        Buffer last = tail;
        if (last == null) {
            last = Buffer.buffer(Math.max(length, expectedBytes));
            tail = last;
        }
        return last;
    }
}
