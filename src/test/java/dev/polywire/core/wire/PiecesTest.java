package dev.polywire.core.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PiecesTest {

    private final Pieces pieces = new Pieces();

    @ParameterizedTest
    @CsvSource({
        // a part, its whole buffer, what is held then
        "1, 1, 64",
        "64, 64, 64",
        "100, 1000, 100",
        "16383, 16383, 16383",
        "16384, 16384, 16384",
        "16384, 32768, 32768",
        "16384, 32769, 16384",
        "65536, 65536, 65536",
        "200000, 400000, 400000",
        "100000, 400000, 131072",
    })
    void aLargePartOfItsBufferStaysAndAnyOtherIsCopied(int part, int whole, long heldBytes) {
        pieces.add(Buffer.buffer(new byte[whole]), 0, part);
        assertEquals(part, pieces.length());
        assertEquals(heldBytes, pieces.heldBytes());
    }

    @Test
    void arraysAreTwiceAsLargeAsTheOneBeforeAndAtMost64KiB() {
        List<Long> arrays = new ArrayList<>();
        long before = 0;
        for (int i = 0; i < 300_000; i++) {
            pieces.add(Buffer.buffer(1).appendByte((byte) i), 0, 1);
            if (pieces.heldBytes() != before) {
                arrays.add(pieces.heldBytes() - before);
                before = pieces.heldBytes();
            }
        }
        assertEquals(
                List.of(64L, 1024L, 2048L, 4096L, 8192L, 16_384L, 32_768L, 65_536L, 65_536L, 65_536L, 65_536L), arrays);
    }

    /** Else a byte before each large read would take an array of 64 KiB for itself. */
    @Test
    void aSmallPartBetweenLargeOnesTakesNoNewArrayEachTime() {
        for (int i = 0; i < 40; i++) {
            pieces.add(Buffer.buffer(new byte[1]), 0, 1);
            pieces.add(Buffer.buffer(new byte[16_384]), 0, 16_384);
        }
        assertTrue(pieces.heldBytes() < 1.25 * pieces.length(), pieces.heldBytes() + " for " + pieces.length());
    }

    @Test
    void whatIsJoinedIsWhatWasAddedHoweverItWasCut() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int most = IntStream.of(3, 100, 5_000, 70_000, 200_000).toArray()[random.nextInt(5)];
            Buffer all = Buffer.buffer();
            for (int i = random.nextInt(20); i >= 0; i--) {
                byte[] bytes = new byte[1 + random.nextInt(most)];
                random.nextBytes(bytes);
                int start = random.nextInt(bytes.length);
                pieces.add(Buffer.buffer(bytes), start, bytes.length);
                all.appendBytes(bytes, start, bytes.length - start);
                assertTrue(pieces.heldBytes() >= pieces.length());
                Buffer head = pieces.head();
                int known = Math.min(all.length(), Pieces.HEAD_BYTES);
                assertEquals(all.slice(0, known), head.slice(0, known), "seed " + seed);
            }
            int more = random.nextInt(100);
            if (random.nextBoolean()) {
                Buffer joined = pieces.joined(all.length() + more);
                assertEquals(all, joined, "seed " + seed);
                joined.appendBytes(new byte[more]);
                assertEquals(joined.length(), capacity(joined), "seed " + seed);
            } else {
                all.appendBytes(new byte[more]);
                assertArrayEquals(all.getBytes(), pieces.joinedBytes(all.length()), "seed " + seed);
            }
            assertTrue(pieces.isEmpty());
            assertEquals(0, pieces.heldBytes());
        }
    }

    private static int capacity(Buffer buffer) {
        return ((BufferInternal) buffer).getByteBuf().unwrap().capacity();
    }

    @Test
    void whatWasAddedIsNeverWrittenTo() {
        Buffer large = Buffer.buffer(new byte[20_000]);
        pieces.add(large, 0, 20_000);
        assertSame(large, pieces.head());
        pieces.add(Buffer.buffer("more"), 0, 4);
        assertEquals(20_000, large.length());
        assertEquals(20_004, pieces.joined(20_004).length());
    }

    @Test
    void afterClearItBeginsAgain() {
        pieces.add(Buffer.buffer(new byte[5_000]), 0, 5_000);
        pieces.clear();
        pieces.add(Buffer.buffer("a"), 0, 1);
        pieces.add(Buffer.buffer("b"), 0, 1);
        assertEquals(64, pieces.heldBytes());
        assertEquals("ab", pieces.joined(2).toString());
    }
}
