package dev.polywire.core.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReceivedBytesTest {

    private static final int FRAME_BYTES = 66_604;

    private final ReceivedBytes in = new ReceivedBytes();

    @ParameterizedTest
    @CsvSource({
        // bytes behind a whole frame, what they keep alive
        "0, 0",
        "6, 64",
        "1000, 1000",
        // a quarter of the read and more: all of it
        "22202, 88806",
        "30000, 96604",
    })
    void aSmallRemainderKeepsNoLargeRead(int behind, long heldBytes) {
        Buffer read = numbers(0, FRAME_BYTES + behind);
        in.append(read);
        assertEquals(FRAME_BYTES + behind, in.heldBytes());
        assertTrue(in.take(FRAME_BYTES));
        assertSame(read, in.bytes());
        assertFalse(in.take(100_000));
        assertEquals(behind, in.waitingBytes());
        assertEquals(heldBytes, in.heldBytes());
        assertTrue(in.bytes().length() <= heldBytes, "the last frame is not kept either");

        in.append(numbers(FRAME_BYTES + behind, 100_000 - behind));
        assertTrue(in.take(100_000));
        assertEquals(numbers(FRAME_BYTES, 100_000), in.bytes().slice(in.start(), in.start() + 100_000));
        assertEquals(0, in.heldBytes());
    }

    @Test
    void readsThatNobodyAskedForStayAsTheyAre() {
        Buffer first = numbers(0, 10);
        Buffer second = numbers(10, 10);
        in.append(first);
        in.append(second);
        assertEquals(20, in.heldBytes());
        assertTrue(in.take(4));
        assertSame(first, in.bytes());
        assertEquals(20, in.heldBytes());
        assertTrue(in.take(8));
        assertEquals(numbers(4, 8), in.bytes());
        assertEquals(10, in.heldBytes());
        assertTrue(in.take(8));
        assertSame(second, in.bytes());
        assertEquals(2, in.start());
        assertEquals(0, in.heldBytes());
    }

    /** Against an array, with reads and questions of any size in any order. */
    @Test
    void theBytesAreThoseThatWereReceived() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int most = 1 << 1 + random.nextInt(17);
            int received = 0;
            int taken = 0;
            int wanted = 0;
            ReceivedBytes bytes = new ReceivedBytes();
            for (int step = 0; step < 100; step++) {
                String where = "seed " + seed + ", step " + step;
                int reads = random.nextInt(3);
                for (int i = 0; i < reads; i++) {
                    int count = random.nextInt(most);
                    bytes.append(numbers(received, count));
                    received += count;
                }
                wanted = Math.max(wanted, 1 + random.nextInt(random.nextBoolean() ? 60 : 2 * most));
                int waiting = received - taken;
                if (wanted <= Pieces.HEAD_BYTES) {
                    assertEquals(waiting >= wanted, bytes.peek(wanted), where);
                    if (waiting >= wanted) {
                        assertEquals(
                                numbers(taken, wanted),
                                bytes.bytes().slice(bytes.start(), bytes.start() + wanted),
                                where);
                    }
                }
                assertEquals(waiting >= wanted, bytes.take(wanted), where);
                if (waiting >= wanted) {
                    assertEquals(
                            numbers(taken, wanted), bytes.bytes().slice(bytes.start(), bytes.start() + wanted), where);
                    taken += wanted;
                    wanted = 0;
                }
                assertEquals(received - taken, bytes.waitingBytes(), where);
                assertTrue(bytes.heldBytes() >= bytes.waitingBytes(), where);
                assertEquals(bytes.waitingBytes() == 0, bytes.heldBytes() == 0, where);
            }
        }
    }

    @Test
    void nothingIsLeftAfterClear() {
        in.append(numbers(0, 10));
        assertFalse(in.take(100));
        in.append(numbers(0, 10));
        assertFalse(in.take(100));
        in.append(numbers(0, 10));
        in.clear();
        assertEquals(0, in.waitingBytes());
        assertEquals(0, in.heldBytes());
        assertFalse(in.peek(1));
        in.append(Buffer.buffer("x"));
        assertTrue(in.take(1));
        assertEquals("x", in.bytes().toString());
    }

    /** A part of an endless sequence in which neighbours differ, and places 64 KiB apart too. */
    private static Buffer numbers(int from, int count) {
        Buffer numbers = Buffer.buffer(count);
        for (int i = from; i < from + count; i++) {
            numbers.appendByte((byte) (i + (i >> 8) * 7));
        }
        return numbers;
    }
}
