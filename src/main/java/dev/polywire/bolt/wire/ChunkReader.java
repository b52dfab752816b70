package dev.polywire.bolt.wire;

import dev.polywire.core.wire.Intake;
import dev.polywire.core.wire.Pieces;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;

/**
 * Cuts received bytes into messages (Bolt specification, message chunking).
 *
 * <pre>
 *   00 03 a1 a2 a3  00 02 b1 b2  00 00      one message of five bytes, in two chunks
 *   00 00                                   between messages: a NOOP, which is ignored
 * </pre>
 *
 * <p>A message of one chunk that arrived as a whole is a part of the received bytes; any other is gathered in pieces, and
 * made one array of its size when it is whole. No chunk inside a message is empty, so the limit on bytes also limits the chunks.
 */
final class ChunkReader implements Intake {

    private static final byte[] NOTHING = {};
    private static final Buffer NO_READ = Buffer.buffer();

    /** Not empty, and after {@link #read}. */
    private final ArrayDeque<Buffer> received = new ArrayDeque<>(1);

    private Buffer read = NO_READ;
    /** The same bytes, for the messages that are a part of them; empty before the first one. */
    private byte[] array = NOTHING;

    private int at;
    private long waitingBytes;
    private int limitBytes;
    private int capBytes = Integer.MAX_VALUE;

    /** The message that has {@link #begun}. */
    private final Pieces gathered = new Pieces();
    /** Whether there is an unfinished message beside the received bytes. */
    private boolean begun;

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

    /** Counts the message without its chunks' sizes. {@link #limit} does not raise it. */
    @Override
    public void cap(int maxBytes) {
        this.capBytes = maxBytes;
    }

    void receive(Buffer more) {
        if (more.length() > 0) {
            received.add(more);
            waitingBytes += more.length();
        }
    }

    /** The next byte before all chunks, for handshakes; -1: none has arrived. */
    int nextByte() {
        if (availableBytes() == 0) {
            return -1;
        }
        waitingBytes--;
        return byteAt(at++) & 0xff;
    }

    /**
     * Advances to the next whole message.
     *
     * @return false: more bytes are needed
     * @throws ProtocolException LIMIT as soon as the message is known to be too long
     */
    boolean next() {
        while (availableBytes() > 0) {
            boolean whole = false;
            if (chunkBytesLeft > 0) {
                whole = gather();
            } else {
                int size = size();
                if (size > 0) {
                    whole = begin(size);
                } else if (size == 0 && begun) {
                    whole = joined(0);
                }
            }
            if (whole) {
                return true;
            }
        }
        give(NOTHING, 0, 0);
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
        return waitingBytes + gathered.length();
    }

    @Override
    public long heldBytes() {
        int left = read.length() - at;
        return gathered.heldBytes() + waitingBytes - left + (left > 0 ? read.length() + array.length : 0);
    }

    /** Whether {@link #heldBytes} counts this array. */
    boolean holds(byte[] bytes) {
        return at < read.length() && array == bytes;
    }

    /** Whether a message has begun whose end has not arrived. */
    boolean isUnfinished() {
        return begun || sizeBegun >= 0;
    }

    /** @throws ProtocolException a truncation when {@link #isUnfinished}, after the last byte */
    void requireFinished() {
        if (isUnfinished()) {
            throw ProtocolException.truncated(
                    "message: truncated by the peer, " + waitingBytes() + " bytes of it are here");
        }
    }

    private int availableBytes() {
        if (at == read.length()) {
            Buffer next = received.poll();
            read = next == null ? NO_READ : next;
            array = NOTHING;
            at = 0;
        }
        return read.length() - at;
    }

    private byte byteAt(int index) {
        return array.length > 0 ? array[index] : read.getByte(index);
    }

    /** Whether the chunk that ends here is the last one of its message, as far as can be seen in this read. */
    private boolean isLast(int end) {
        return end + 1 < read.length() && byteAt(end) == 0 && byteAt(end + 1) == 0;
    }

    /** The size of the next chunk; -1: only half of it has arrived. */
    private int size() {
        int first = sizeBegun < 0 ? nextByte() : sizeBegun;
        int second = nextByte();
        sizeBegun = second < 0 ? first : -1;
        return second < 0 ? -1 : first << 8 | second;
    }

    /** Begins a chunk; true: it is a whole message. */
    private boolean begin(int size) {
        int most = Math.min(limitBytes, capBytes);
        if (size > most - gathered.length()) {
            throw ProtocolException.limit(
                    "message: " + ((long) gathered.length() + size) + " bytes (expected: <= " + most + ")");
        }
        if (!begun && isLast(at + size)) {
            array = array.length > 0 ? array : read.getBytes();
            give(array, at, at + size);
            pass(size + 2);
            return true;
        }
        begun = true;
        chunkBytesLeft = size;
        return false;
    }

    /** Gathers what there is of a chunk; true: it ends a message, which is whole. */
    private boolean gather() {
        if (isLast(at + chunkBytesLeft)) {
            int left = chunkBytesLeft;
            chunkBytesLeft = 0;
            return joined(left);
        }
        int count = Math.min(chunkBytesLeft, read.length() - at);
        gathered.add(read, at, at + count);
        chunkBytesLeft -= count;
        pass(count);
        return false;
    }

    /** Gives the message whose last {@code left} bytes come now. */
    private boolean joined(int left) {
        int length = gathered.length();
        byte[] whole = gathered.joinedBytes(length + left);
        read.getBytes(at, at + left, whole, length);
        give(whole, 0, whole.length);
        begun = false;
        pass(left == 0 ? 0 : left + 2);
        return true;
    }

    private void pass(int count) {
        at += count;
        waitingBytes -= count;
    }

    private void give(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.start = start;
        this.end = end;
    }
}
