package dev.polywire.fuzz;

import io.vertx.core.buffer.Buffer;

/** What Jazzer calls: a class with two static methods, and which target is meant in its arguments. */
public final class Jazzed {

    private static FuzzTarget target;

    private Jazzed() {}

    public static void fuzzerInitialize(String[] arguments) {
        target = FuzzTargets.named(arguments[0]);
    }

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length > 0) {
            Allocation.run(target, Buffer.buffer(input));
        }
    }
}
