package dev.polywire.core.net;

import dev.polywire.core.json.Fields;
import dev.polywire.core.wire.Limits;

/**
 * How much the peers of a Vert.x instance may make us hold, see {@link MemoryBudget}.
 *
 * @param maxBytes of all of them together, 1,048,576 to the largest size of the heap, default a quarter of that: the rest is
 *     for what is made of these bytes, and for the application
 */
public record MemoryOptions(long maxBytes) {

    public static final long LEAST_MAX_BYTES = 1_048_576;

    /** The part of the heap that is the default. */
    public static final int PART_OF_HEAP = 4;

    public static final MemoryOptions DEFAULT =
            new MemoryOptions(Math.max(LEAST_MAX_BYTES, heapBytes() / PART_OF_HEAP));

    public MemoryOptions {
        Limits.range("maxBytes", maxBytes, LEAST_MAX_BYTES, heapBytes());
    }

    /** Reads a whole object. */
    public static MemoryOptions fromJson(Fields json) {
        MemoryOptions options =
                new MemoryOptions(json.machineInt64("maxBytes", DEFAULT.maxBytes, LEAST_MAX_BYTES, heapBytes()));
        json.done();
        return options;
    }

    /** The largest size of this JVM's heap, which {@code -Xmx} sets. */
    public static long heapBytes() {
        return Runtime.getRuntime().maxMemory();
    }
}
