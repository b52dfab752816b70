package dev.polywire.fuzz;

import com.sun.management.ThreadMXBean;
import io.vertx.core.buffer.Buffer;
import java.lang.management.ManagementFactory;

/** Runs an input and looks at what it took: memory comes with bytes that are there, never with what they announce. */
final class Allocation {

    /** Beside what grows with the input: budgets of values are 1 MiB, announced lengths may be 16 MiB and more. */
    private static final long FREE_BYTES = 8 * 1024 * 1024;

    static final int PER_INPUT_BYTE = 2 * 1024;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocation() {}

    /** @throws AssertionError when it takes too much twice: the first time, classes are loaded */
    static void run(FuzzTarget target, Buffer input, long perInputByte) {
        long most = FREE_BYTES + perInputByte * input.length();
        if (bytes(target, input) > most) {
            long again = bytes(target, input);
            if (again > most) {
                throw new AssertionError(again + " bytes allocated for " + input.length());
            }
        }
    }

    private static long bytes(FuzzTarget target, Buffer input) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        target.run(input);
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
