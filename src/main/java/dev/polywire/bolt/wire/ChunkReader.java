package dev.polywire.bolt.wire;

import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts received bytes into messages (Bolt specification, message chunking).
 *
 * <pre>
 *   00 03 a1 a2 a3  00 02 b1 b2  00 00      one message of five bytes, in two chunks
 *   00 00                                   between messages: a NOOP, which is ignored
 * </pre>
 *
 * <p>A message of one chunk that arrived as a whole is a part of the received bytes; any other is gathered in an array that
 * grows with the received bytes. No chunk inside a message is empty, so the limit on bytes also limits the chunks.
 */
final class ChunkReader {

    private static final byte[] NOTHING = {};
    private static final int FIRST_ARRAY_BYTES = 256;

    private final ArrayDeque<byte[]> received = new ArrayDeque<>();
    private byte[] current = NOTHING;
    private int at;
    private long waitingBytes;
    private int limitBytes;

    /** The message in progress, when it is not a part of {@link #current}. */
    private byte @Nullable [] gathered;

    private int gatheredBytes;
    private int chunkBytesLeft;
    /** The first byte of a size whose second has not arrived; -1: none. */
    private int sizeBegun = -1;

    private byte[] bytes = NOTHING;
    private int start;
    private int end;

    ChunkReader(int limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** Sets the limit, from the next chunk on. */
    void limit(int limitBytes) {
        this.limitBytes = limitBytes;
    }

    void receive(Buffer more) {
        if (more.length() > 0) {
            received.add(more.getBytes());
            waitingBytes += more.length();
        }
    }

    /** The next byte before all chunks, for handshakes; -1: none has arrived. */
    int nextByte() {
        if (availableBytes() == 0) {
            return -1;
        }
        waitingBytes--;
        return current[at++] & 0xff;
    }

    /**
     * Advances to the next whole message.
     *
     * @return false: more bytes are needed
     * @throws ProtocolException LIMIT as soon as the message is known to be too long
     */
    boolean next() {
        while (availableBytes() > 0) {
            if (chunkBytesLeft > 0) {
                gather(Math.min(chunkBytesLeft, current.length - at));
                continue;
            }
            int size = size();
            if (size > 0) {
                begin(size);
                if (gathered == null) {
                    return true;
                }
            } else if (size == 0 && gathered != null) {
                give(gathered, 0, gatheredBytes);
                gathered = null;
                gatheredBytes = 0;
                return true;
            }
        }
        return false;
    }

    /** The message that {@link #next} has reached is not held here any more. */
    void release() {
        bytes = NOTHING;
    }

    /** The array with the message that {@link #next} has reached. */
    byte[] bytes() {
        return bytes;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    /** Received bytes that are not in a returned message. */
    long waitingBytes() {
        return waitingBytes + gatheredBytes;
    }

    /** Whether a message has begun whose end has not arrived. */
    boolean isUnfinished() {
        return gathered != null || sizeBegun >= 0;
    }

    /** @throws ProtocolException FRAMING when {@link #isUnfinished}, after the last byte */
    void requireFinished() {
        if (isUnfinished()) {
            throw ProtocolException.framing(
                    "message: truncated by the peer, " + waitingBytes() + " bytes of it are here");
        }
    }

    private int availableBytes() {
        while (at == current.length) {
            byte[] next = received.poll();
            at = 0;
            current = next == null ? NOTHING : next;
            if (next == null) {
                break;
            }
        }
        return current.length - at;
    }

    /** The size of the next chunk; -1: only half of it has arrived. */
    private int size() {
        int first = sizeBegun < 0 ? nextByte() : sizeBegun;
        int second = nextByte();
        sizeBegun = second < 0 ? first : -1;
        return second < 0 ? -1 : first << 8 | second;
    }

    private void begin(int size) {
        if (size > limitBytes - gatheredBytes) {
            throw ProtocolException.limit(
                    "message: " + ((long) gatheredBytes + size) + " bytes (expected: <= " + limitBytes + ")");
        }
        int after = at + size;
        if (gathered == null && after + 1 < current.length && current[after] == 0 && current[after + 1] == 0) {
            give(current, at, after);
            waitingBytes -= size + 2;
            at = after + 2;
            return;
        }
        if (gathered == null) {
            gathered = new byte[Math.min(size, FIRST_ARRAY_BYTES)];
        }
        chunkBytesLeft = size;
    }

    private void gather(int count) {
        byte[] into = gathered == null ? NOTHING : gathered;
        int needed = gatheredBytes + count;
        if (needed > into.length) {
            into = Arrays.copyOf(into, (int) Math.max(needed, Math.min(2L * into.length, limitBytes)));
        }
        System.arraycopy(current, at, into, gatheredBytes, count);
        gathered = into;
        gatheredBytes = needed;
        chunkBytesLeft -= count;
        at += count;
        waitingBytes -= count;
    }

    private void give(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.start = start;
        this.end = end;
    }
}
