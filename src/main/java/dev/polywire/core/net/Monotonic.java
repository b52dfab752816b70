package dev.polywire.core.net;

import java.util.concurrent.TimeUnit;

/** The clock of machines, deadlines and back-off: it never jumps, and its origin is arbitrary. */
public final class Monotonic {

    private Monotonic() {}

    public static long millis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    public static long micros() {
        return TimeUnit.NANOSECONDS.toMicros(System.nanoTime());
    }
}
