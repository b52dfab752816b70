package dev.polywire.core.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.polywire.core.wire.ProtocolException.Kind;
import io.vertx.core.buffer.Buffer;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What frames in pieces cost, counted in bytes this thread allocated: exact, and the same on a slow machine. */
class FrameMemoryTest {

    private static final int FRAME_BYTES = 1 << 20;
    private static final LengthPrefix LAYOUT =
            new LengthPrefix(0, false, LengthPrefix.Counts.FOLLOWING, 0, 0, Kind.LIMIT);

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void aFrameOfOneByteReadsCostsLinearTimeAndKeepsNoSlices() {
        FrameAccumulator accumulator = new FrameAccumulator(LAYOUT, FRAME_BYTES);
        accumulator.append(Buffer.buffer().appendInt(FRAME_BYTES));
        long usedBefore = usedBytes();
        long allocatedBefore = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < FRAME_BYTES - 1; i++) {
            accumulator.append(Buffer.buffer(1).appendByte((byte) i));
            assertNull(accumulator.nextFrame());
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - allocatedBefore;
        long kept = usedBytes() - usedBefore;
        // Copying what is there with each read would allocate half a terabyte; a slice kept per byte 62 MiB.
        assertTrue(allocated < 512L * FRAME_BYTES, allocated + " bytes allocated");
        assertTrue(kept < 16L * FRAME_BYTES, kept + " bytes kept");

        accumulator.append(Buffer.buffer(1).appendByte((byte) (FRAME_BYTES - 1)));
        Buffer frame = accumulator.nextFrame();
        assertEquals(4 + FRAME_BYTES, frame.length());
        assertEquals((byte) 12_345, frame.getByte(4 + 12_345));
    }

    @Test
    void anAnnouncedLengthAllocatesNothing() {
        FrameAccumulator accumulator = new FrameAccumulator(LAYOUT, Integer.MAX_VALUE);
        Buffer header = Buffer.buffer().appendInt(Integer.MAX_VALUE);
        Buffer some = Buffer.buffer(new byte[1_000]);
        accumulator.append(header);
        accumulator.nextFrame();
        long before = threads.getCurrentThreadAllocatedBytes();
        accumulator.append(some);
        assertNull(accumulator.nextFrame());
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 64 * 1024, allocated + " bytes allocated");
    }

    @Test
    void aRefusedLengthAllocatesOnlyItsException() {
        assertThrows(ProtocolException.class, () -> refuse(Buffer.buffer().appendInt(-1)));
        Buffer header = Buffer.buffer().appendInt(-1);
        FrameAccumulator accumulator = new FrameAccumulator(LAYOUT, FRAME_BYTES);
        accumulator.append(header);
        long before = threads.getCurrentThreadAllocatedBytes();
        try {
            accumulator.nextFrame();
        } catch (ProtocolException expected) {
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertTrue(allocated < 16 * 1024, allocated + " bytes allocated");
            return;
        }
        throw new AssertionError("4,294,967,295 bytes were accepted");
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 1_024, 1_460, 16_384, 65_536})
    void aFrameHoldsAboutItsBytesWhileItArrives(int readBytes) {
        FrameAccumulator accumulator = new FrameAccumulator(LAYOUT, FRAME_BYTES);
        Buffer frame = Buffer.buffer().appendInt(600_000).appendBytes(new byte[600_000]);
        for (int at = 0; frame.length() - at > readBytes; at += readBytes) {
            accumulator.append(frame.getBuffer(at, at + readBytes));
            assertNull(accumulator.nextFrame());
            long held = accumulator.heldBytes();
            long allowed = Math.max(2L * (at + readBytes) + Pieces.SECOND_BYTES, (long) (1.25 * 600_000));
            assertTrue(held >= at + readBytes && held <= allowed, held + " bytes for " + (at + readBytes));
        }
        assertTrue(accumulator.heldBytes() <= 1.25 * 600_000, accumulator.heldBytes() + " bytes at last");
    }

    /** The rest of the read that ends it stays where it is. */
    @Test
    void aSmallFrameInTwoReadsCostsItsOwnBytes() {
        Buffer frame = Buffer.buffer().appendInt(100).appendBytes(new byte[100]);
        Buffer first = Buffer.buffer(new byte[60_000]).setInt(0, 60_000 - 4 - 50);
        first.setBytes(60_000 - 50, frame.getBytes(0, 50));
        Buffer second =
                Buffer.buffer().appendBuffer(frame, 50, 54).appendInt(60_000).appendBytes(new byte[60_000]);
        assertTrue(allocatedFor(first, second) < 4 * 1024, "first: code is loaded");
        long allocated = allocatedFor(first, second);
        assertTrue(allocated < 1_500, allocated + " bytes allocated");
    }

    private long allocatedFor(Buffer first, Buffer second) {
        FrameAccumulator accumulator = new FrameAccumulator(LAYOUT, FRAME_BYTES);
        long before = threads.getCurrentThreadAllocatedBytes();
        accumulator.append(first);
        Buffer large = accumulator.nextFrame();
        Buffer none = accumulator.nextFrame();
        accumulator.append(second);
        Buffer small = accumulator.nextFrame();
        Buffer next = accumulator.nextFrame();
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertNull(none);
        assertEquals(60_000 - 50, large.length());
        assertEquals(104, small.length());
        assertEquals(60_004, next.length());
        return allocated;
    }

    private static Buffer refuse(Buffer header) {
        FrameAccumulator accumulator = new FrameAccumulator(LAYOUT, FRAME_BYTES);
        accumulator.append(header);
        return accumulator.nextFrame();
    }

    private static long usedBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
