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
