package dev.polywire.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.util.internal.PlatformDependent;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.util.function.Supplier;

/** What something takes in the heap of this JVM, after a collection. */
public final class Heap {

    /** How far an account may be from it, in percent. */
    private static final int TOLERANCE = 20;

    /** What is the same before and after. */
    private static final long SAME_BYTES = 5L * 1024 * 1024;

    /** So many collections in a row find nothing. */
    private static final int SAME = 4;

    private static final long LITTLE_BYTES = 64 * 1024;

    private Heap() {}

    /** @param making makes what is measured, and returns all that holds it */
    public static long bytesOf(Supplier<?> making) {
        long before = usedBytes();
        Object held = making.get();
        long after = usedBytes();
        Reference.reachabilityFence(held);
        return after - before;
    }

    /** Fails unless an account is within 20 % of what is in the heap. */
    public static void requireNear(long heapBytes, long accountBytes) {
        assertTrue(
                Math.abs(accountBytes - heapBytes) * 100 <= heapBytes * TOLERANCE,
                () -> "account: " + accountBytes + " (expected: " + heapBytes + " +- " + TOLERANCE + " %)");
    }

    /** Fails unless what was used under pressure is free again. */
    public static void requireBack(long beforeBytes, long afterBytes) {
        assertTrue(
                afterBytes <= beforeBytes + SAME_BYTES,
                () -> "heap: " + afterBytes + " bytes (expected: <= " + beforeBytes + " + " + SAME_BYTES + ")");
    }

    /** What this JVM has outside its heap. Netty's own buffers are not among those of the JDK, unless it has to ask the JDK for them. */
    static long directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                        .filter(pool -> pool.getName().equals("direct"))
                        .mapToLong(BufferPoolMXBean::getMemoryUsed)
                        .sum()
                + (PlatformDependent.useDirectBufferNoCleaner() ? PlatformDependent.usedDirectMemory() : 0);
    }

    /** The least of as many collections as find something: what tests before have closed goes over several of them. */
    static long usedBytes() {
        long least = Long.MAX_VALUE;
        for (int same = 0; same < SAME; same++) {
            System.gc();
            long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            if (used < least - LITTLE_BYTES) {
                same = 0;
            }
            least = Math.min(used, least);
        }
        return least;
    }
}
