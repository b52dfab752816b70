package dev.polywire.core.wire;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;

/**
 * Bytes of something that is not whole yet: a frame, a message, a content. They are held in pieces of at most
 * {@link #LARGEST_BYTES}, so that n bytes need about n while they arrive, and 2n while they are joined; one growing array
 * would need up to three times as many, in objects that a collector treats as large.
 *
 * <p>Small parts are copied into arrays of this object; a large part stays where it is.
 */
public final class Pieces {

    /** The largest array of this object. */
    static final int LARGEST_BYTES = 64 * 1024;
    /** The size of the second array; each further one is twice as large as the one before. The first one fits its part. */
    static final int SECOND_BYTES = 1024;
    /** A part of this size is not copied, if it is at least half of its buffer. */
    static final int KEPT_BYTES = 16 * 1024;
    /** So many bytes from the beginning are in one buffer, however they arrived: a header can be read. */
    static final int HEAD_BYTES = 64;

    /** What waits in a read of more than this many times its size is copied, so that the read can be collected. */
    private static final int WORTH_COPYING = 4;
    /** A read of this size may stay for whatever is in it. */
    private static final int SMALL_READ_BYTES = 4 * 1024;

    private final ArrayList<Buffer> pieces = new ArrayList<>(0);
    /** Bytes that still fit into the last piece. */
    private int room;

    private int nextBytes = SECOND_BYTES;
    private int length;
    private long heldBytes;

    /** Whether so few bytes should not keep the whole read alive that they are a part of. */
    public static boolean isWorthCopying(int bytes, int readBytes) {
        return readBytes > SMALL_READ_BYTES && (long) bytes * WORTH_COPYING < readBytes;
    }

    /** Adds a part of a buffer, which must not be changed afterwards. */
    public void add(Buffer from, int start, int end) {
        int at = start + fill(from, start, end);
        int left = end - at;
        if (left >= KEPT_BYTES && 2L * left >= from.length()) {
            pieces.add(left == from.length() ? from : from.slice(at, end));
            length += left;
            heldBytes += from.length();
            return;
        }
        while (at < end) {
            open(end - at);
            at += fill(from, at, end);
        }
    }

    public boolean isEmpty() {
        return length == 0;
    }

    /** How many bytes were added. */
    public int length() {
        return length;
    }

    /** The size of all buffers that are kept alive by this object. */
    public long heldBytes() {
        return heldBytes;
    }

    /** A buffer that begins with the first bytes, {@link #HEAD_BYTES} or all. */
    Buffer head() {
        return pieces.get(0);
    }

    /**
     * All bytes, in one buffer that has room for the last ones, too. This object is empty afterwards.
     *
     * @param bytes the size of the buffer when it is whole
     */
    public Buffer joined(int bytes) {
        Buffer whole = Buffer.buffer(bytes);
        for (Buffer piece : pieces) {
            whole.appendBuffer(piece);
        }
        clear();
        return whole;
    }

    /** As {@link #joined}, at the beginning of an array of this size. */
    public byte[] joinedBytes(int bytes) {
        byte[] whole = new byte[bytes];
        int at = 0;
        for (Buffer piece : pieces) {
            piece.getBytes(whole, at);
            at += piece.length();
        }
        clear();
        return whole;
    }

    public void clear() {
        if (length > 0) {
            pieces.clear();
            pieces.trimToSize();
            room = 0;
            nextBytes = SECOND_BYTES;
            length = 0;
            heldBytes = 0;
        }
    }

    /** Copies as much as fits into the last piece. */
    private int fill(Buffer from, int start, int end) {
        int count = Math.min(room, end - start);
        if (count > 0) {
            pieces.get(pieces.size() - 1).appendBuffer(from, start, count);
            room -= count;
            length += count;
        }
        return count;
    }

    private void open(int count) {
        room = Math.min(LARGEST_BYTES, Math.max(count, pieces.isEmpty() ? HEAD_BYTES : nextBytes));
        nextBytes = Math.max(SECOND_BYTES, 2 * room);
        pieces.add(Buffer.buffer(room));
        heldBytes += room;
    }
}
