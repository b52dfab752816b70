package dev.polywire.testing;

import java.util.concurrent.TimeUnit;

/** How long each test goes on that runs for a fixed time: five seconds, a minute on the build server. */
public final class Soak {

    private static final String SECONDS = System.getProperty("polywire.soak.seconds", "5");

    private Soak() {}

    /** For the command line of a child, by {@code -Dsoak.seconds}. */
    public static String seconds() {
        return SECONDS;
    }

    /** Runs it again and again for that long; once at least. */
    public static void again(Runnable step) {
        again(1, step);
    }

    /** The same, so many times as long. */
    public static void again(int times, Runnable step) {
        long endNanos = System.nanoTime() + times * TimeUnit.SECONDS.toNanos(Long.parseLong(SECONDS));
        do {
            step.run();
        } while (System.nanoTime() < endNanos);
    }
}
