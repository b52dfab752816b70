package dev.polywire.fuzz;

import io.vertx.core.buffer.Buffer;

/** What Jazzer calls: a class with two static methods, and which target is meant in its arguments. */
public final class Jazzed {

    /** Jazzer looks at each comparison of ours, which takes 300 times what the comparison takes. */
    private static final int PER_INPUT_BYTE = 8 * Allocation.PER_INPUT_BYTE;

    private static final int WARM_UP = 10;

    private static FuzzTarget target;

    private Jazzed() {}

    public static void fuzzerInitialize(String[] arguments) {
        target = FuzzTargets.named(arguments[0]);
        // Loads its classes, which takes longer than any input may.
        target.seeds().limit(WARM_UP).forEach(target::run);
    }

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length > 0) {
            Allocation.run(target, Buffer.buffer(input), PER_INPUT_BYTE);
        }
    }
}
