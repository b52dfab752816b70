package dev.polywire.core.wire;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Received bytes as one sequence, however they were cut. Bytes that arrived in one read stay there; bytes of several reads
 * are gathered in {@link Pieces}, and joined when all of them are here. No memory is allocated for bytes that have not
 * arrived.
 *
 * <p>Asked for bytes that are not all here, it gathers those that are; the next question is for as many or more.
 *
 * <p>Whatever is given out may share memory with its neighbours: code that keeps a little of it copies it.
 */
public final class ReceivedBytes {

    private static final Buffer NOTHING = Buffer.buffer();

    /** The beginning of what is unfinished, when it is not in one read; then no read is current. Null until there was one. */
    private @Nullable Pieces begun;
    /** Not empty, and after the current one. Null until there was one: most idle connections never need it. */
    private @Nullable ArrayDeque<Buffer> later;
    /** How much of the first of them is taken. */
    private int laterAt;

    private long laterBytes;

    /** The current read, or what was gathered. */
    private Buffer bytes = NOTHING;
    /** What is left of the current read. */
    private int at;

    private int end;
    private int start;

    /** Adds received bytes, which must not be changed afterwards. */
    public void append(Buffer more) {
        int count = more.length();
        if (isEmpty()) {
            bytes = more;
            at = 0;
            end = count;
        } else if (count > 0) {
            later().add(more);
            laterBytes += count;
        }
    }

    /**
     * Makes the next bytes readable, at {@link #start} of {@link #bytes}; they remain.
     *
     * @param count 1 to {@link Pieces#HEAD_BYTES}
     * @return false: more bytes are needed
     */
    public boolean peek(int count) {
        if (end - at < count) {
            return peekFurther(count);
        }
        start = at;
        return true;
    }

    /** Takes the next bytes, which are then at {@link #start} of {@link #bytes}; false: more bytes are needed. */
    public boolean take(long count) {
        if (end - at < count) {
            return takeFurther(count);
        }
        start = at;
        at += (int) count;
        return true;
    }

    /** The buffer with the bytes that {@link #peek} or {@link #take} has reached. */
    public Buffer bytes() {
        return bytes;
    }

    /** Where they are in {@link #bytes}. */
    public int start() {
        return start;
    }

    /** Bytes that were not taken. */
    public long waitingBytes() {
        return begunBytes() + (end - at) + laterBytes;
    }

    /** The size of all buffers that are kept alive by bytes that were not taken. */
    public long heldBytes() {
        return (begun == null ? 0 : begun.heldBytes()) + (at < end ? end : 0) + laterAt + laterBytes;
    }

    /** Drops what was not taken. */
    public void clear() {
        if (begun != null) {
            begun.clear();
        }
        later = null;
        laterAt = 0;
        laterBytes = 0;
        at = end;
        give(NOTHING);
    }

    /** The current read has too few. */
    private boolean peekFurther(int count) {
        if (isEmpty()) {
            bytes = NOTHING;
            return false;
        }
        if (isInNext(count)) {
            start = at;
            return true;
        }
        if (waitingBytes() < count) {
            gather();
            return false;
        }
        Pieces head = begun();
        while (head.length() < count) {
            move(Math.min(count - head.length(), available()));
        }
        give(head.head());
        return true;
    }

    private boolean takeFurther(long count) {
        if (isInNext(count)) {
            start = at;
            at += (int) count;
            return true;
        }
        if (waitingBytes() < count) {
            gather();
            return false;
        }
        Buffer whole = begun().joined((int) count);
        for (int left = (int) count - whole.length(); left > 0; left = (int) count - whole.length()) {
            int part = Math.min(left, available());
            whole.appendBuffer(bytes, at, part);
            at += part;
        }
        give(whole);
        return true;
    }

    private boolean isEmpty() {
        return at == end && laterBytes == 0 && begunBytes() == 0;
    }

    private int begunBytes() {
        return begun == null ? 0 : begun.length();
    }

    private Pieces begun() {
        if (begun == null) {
            begun = new Pieces();
        }
        return begun;
    }

    private ArrayDeque<Buffer> later() {
        if (later == null) {
            later = new ArrayDeque<>(1);
        }
        return later;
    }

    /** Goes to the next read if it is time for it, and it has so many bytes. */
    private boolean isInNext(long count) {
        return at == end && begunBytes() == 0 && available() >= count;
    }

    /** More bytes are needed: what waits may wait for long. */
    private void gather() {
        int left = available();
        if (begunBytes() == 0 && left > 0 && laterBytes == 0 && !Pieces.isWorthCopying(left, end)) {
            return;
        }
        for (; left > 0; left = available()) {
            move(left);
        }
        give(NOTHING);
    }

    /** Moves bytes of the current read. */
    private void move(int count) {
        begun().add(bytes, at, at + count);
        at += count;
    }

    /** How many bytes of the current read are left; at its end the next one is the current one. */
    private int available() {
        if (at == end) {
            Buffer next = later == null ? null : later.poll();
            bytes = next == null ? NOTHING : next;
            at = laterAt;
            end = bytes.length();
            laterAt = 0;
            laterBytes -= end - at;
        }
        return end - at;
    }

    /** Makes this readable. What is left of the current read comes later. */
    private void give(Buffer gathered) {
        if (at < end) {
            later().addFirst(bytes);
            laterAt = at;
            laterBytes += end - at;
        }
        at = 0;
        end = 0;
        bytes = gathered;
        start = 0;
    }
}
