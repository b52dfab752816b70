package dev.polywire.bolt.wire;

import dev.polywire.core.wire.Limits;

/**
 * The limits of one message, which protect its reader.
 *
 * @param maxMessageBytes without chunk headers, 1,024 to 1 GiB
 * @param maxDepth nested lists, maps and structures, 1 to 250: they are read by recursion
 * @param maxElements items of lists, keys and values of maps, and fields, in total, 1 to 2^31-1
 */
public record BoltLimits(int maxMessageBytes, int maxDepth, int maxElements) {

    /** Enough for a row with large strings; small compared to a heap. */
    public static final int DEFAULT_MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

    public static final int GREATEST_MAX_MESSAGE_BYTES = 1024 * 1024 * 1024;
    /** A level takes up to 1 KiB of stack; a thousand, the limit of JSON parsers, would exhaust a thread's 1 MiB. */
    public static final int GREATEST_MAX_DEPTH = 250;
    /** As objects, small values take up to 60 times their bytes. */
    public static final int DEFAULT_MAX_ELEMENTS = 4_000_000;

    public static final BoltLimits DEFAULT =
            new BoltLimits(DEFAULT_MAX_MESSAGE_BYTES, GREATEST_MAX_DEPTH, DEFAULT_MAX_ELEMENTS);

    /** Before the login: HELLO and LOGON with some room. */
    public static final BoltLimits UNAUTHENTICATED = new BoltLimits(16 * 1024, 100, 1_000);

    public BoltLimits {
        Limits.range("maxMessageBytes", maxMessageBytes, 1_024, GREATEST_MAX_MESSAGE_BYTES);
        Limits.range("maxDepth", maxDepth, 1, GREATEST_MAX_DEPTH);
        Limits.range("maxElements", maxElements, 1, Integer.MAX_VALUE);
    }
}
