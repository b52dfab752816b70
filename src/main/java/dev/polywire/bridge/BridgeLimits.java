package dev.polywire.bridge;

import dev.polywire.core.json.Fields;
import dev.polywire.core.wire.Limits;
import org.jspecify.annotations.Nullable;

/**
 * The limits of a bridge and of each of its clients. An address has at most 200 characters, as in the
 * SockJS bridge.
 *
 * @param maxFrameBytes the largest frame of a client, 1,024 to 16,777,216, default 1,048,576: a batch of a stream fits;
 *     before login 65,536 at most
 * @param maxJsonDepth nested objects and arrays of a frame, itself included, 2 to 1,000, default 64: no document is that
 *     deep, and reading is recursive
 * @param maxJsonValues objects, arrays, strings, numbers and so on of a frame, 100 to 16,777,216, default 131,072: one per
 *     eight bytes of the largest frame. As objects they are larger than on the wire
 * @param maxRequestsPerSocket requests without an answer, in each direction, and messages not yet on their way; 1
 *     to 100,000, default 256: a quarter of the limit of a connector
 * @param maxRegistrationsPerSocket addresses a client serves or listens to, 1 to 100,000, default 1,000, as in the SockJS
 *     bridge
 * @param maxHandlesPerSocket open handles of a client, 1 to 100,000, default 1,000: ten times a connector's limit for one
 *     caller
 * @param maxSockets clients at a time, 1 to 1,000,000, default 10,000; further ones get an {@code err} and are closed
 * @param maxOutputBytes unread output of a client before it is dropped, and the largest answer; 65,536 to
 *     1,073,741,824, default 4,194,304: four of the largest batches
 * @param maxTotalBytes of all clients together: unfinished frames, messages and requests without an answer (160 bytes more for each
 *     of their JSON values, 512 for each), unread output, registrations and handles; also part of the {@link dev.polywire.core.net.MemoryBudget} of the program. Above it
 *     a client with more than its share is not read, and the largest one that does not shrink is dropped after 5 s; above
 *     1.25 times as much its requests are refused and its answers dropped. A frame has at most half of it. 1,048,576 to
 *     68,719,476,736, default 67,108,864
 * @param loginTimeoutMillis how long a client may take to log in, 100 to 600,000, default 10,000
 * @param idleTimeoutMillis how long a client may be silent, 100 to 86,400,000, default 60,000; a ping ends the silence, an
 *     unfinished frame does not
 * @param defaultTimeoutMillis the deadline of a request without one, 1 to {@code maxTimeoutMillis}, default 25,000: the
 *     typed answer then precedes the bus's timeout
 * @param maxTimeoutMillis the longest deadline, which replaces longer ones; 1 to 86,400,000, default
 *     600,000
 * @param drainMillis how long a leaving bridge waits for answers, 0 to 600,000, default 10,000
 */
public record BridgeLimits(
        int maxFrameBytes,
        int maxJsonDepth,
        int maxJsonValues,
        int maxRequestsPerSocket,
        int maxRegistrationsPerSocket,
        int maxHandlesPerSocket,
        int maxSockets,
        int maxOutputBytes,
        long maxTotalBytes,
        long loginTimeoutMillis,
        long idleTimeoutMillis,
        long defaultTimeoutMillis,
        long maxTimeoutMillis,
        long drainMillis) {

    private static final long DAY_MILLIS = 86_400_000;
    private static final long GIBIBYTE = 1_073_741_824;

    public BridgeLimits {
        Limits.range("defaultTimeoutMillis", defaultTimeoutMillis, 1, maxTimeoutMillis);
    }

    /** Reads them by their names from a larger object. */
    static BridgeLimits fromJson(Fields json) {
        long maxTimeoutMillis = json.int64("maxTimeoutMillis", 600_000, 1, DAY_MILLIS);
        return new BridgeLimits(
                json.int32("maxFrameBytes", 1_048_576, 1_024, 16_777_216),
                json.int32("maxJsonDepth", 64, 2, 1_000),
                json.int32("maxJsonValues", 131_072, 100, 16_777_216),
                json.int32("maxRequestsPerSocket", 256, 1, 100_000),
                json.int32("maxRegistrationsPerSocket", 1_000, 1, 100_000),
                json.int32("maxHandlesPerSocket", 1_000, 1, 100_000),
                json.int32("maxSockets", 10_000, 1, 1_000_000),
                json.int32("maxOutputBytes", 4_194_304, 65_536, (int) GIBIBYTE),
                json.int64("maxTotalBytes", 67_108_864, 1_048_576, 64 * GIBIBYTE),
                json.int64("loginTimeoutMillis", 10_000, 100, 600_000),
                json.int64("idleTimeoutMillis", 60_000, 100, DAY_MILLIS),
                json.int64("defaultTimeoutMillis", Math.min(25_000, maxTimeoutMillis), 1, maxTimeoutMillis),
                maxTimeoutMillis,
                json.int64("drainMillis", 10_000, 0, 600_000));
    }

    /** The deadline of a request that asks for {@code askedMillis}, or for none. */
    long deadlineMillis(@Nullable Long askedMillis) {
        return askedMillis == null ? defaultTimeoutMillis : Math.max(1, Math.min(maxTimeoutMillis, askedMillis));
    }
}
