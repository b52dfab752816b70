package dev.polywire.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.util.function.Supplier;

/** What something takes in the heap of this JVM, after a collection. */
public final class Heap {

    /** How far an account may be from it, in percent. */
    private static final int TOLERANCE = 20;

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
