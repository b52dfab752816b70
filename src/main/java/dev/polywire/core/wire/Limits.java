package dev.polywire.core.wire;

/** Checks numbers from configuration or from a caller, with the same wording of failures. */
public final class Limits {

    private Limits() {}

    /**
     * @return {@code value}
     * @throws IllegalArgumentException {@code name: value (expected: min to max)}
     */
    public static int range(String name, int value, int min, int max) {
        return (int) range(name, (long) value, min, max);
    }

    /** As {@link #range(String, int, int, int)}, for a long. */
    public static long range(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + min + " to " + max + ")");
        }
        return value;
    }
}
