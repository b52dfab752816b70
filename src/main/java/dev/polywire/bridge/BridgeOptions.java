package dev.polywire.bridge;

import dev.polywire.core.json.Fields;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.wire.Limits;
import java.util.regex.Pattern;

/**
 * What a bridge is told.
 *
 * @param endpoint where to listen: a loopback address
 * @param permissions what clients may do; nothing by default
 * @param maxFrameBytes the largest frame of a client, 1,024 to 16,777,216, default 1,048,576
 * @param maxJsonDepth nested objects and arrays of a frame, itself included, 2 to 1,000, default 64
 * @param maxRequestsPerSocket requests without an answer, 1 to 100,000, default 256
 * @param maxOutputBytes what a client may leave unread before it is dropped, and the largest answer; 65,536 to
 *     1,073,741,824, default 4,194,304
 * @param defaultTimeoutMillis the deadline of a request that says none, 1 to {@code maxTimeoutMillis}, default 25,000
 * @param maxTimeoutMillis the longest deadline; a request that says a longer one gets this; 1 to 86,400,000, default
 *     600,000
 * @param drainMillis how long a leaving bridge waits for answers, 0 to 600,000, default 10,000
 */
public record BridgeOptions(
        EndpointOptions endpoint,
        Permissions permissions,
        int maxFrameBytes,
        int maxJsonDepth,
        int maxRequestsPerSocket,
        int maxOutputBytes,
        long defaultTimeoutMillis,
        long maxTimeoutMillis,
        long drainMillis) {

    private static final int DAY_MILLIS = 86_400_000;
    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern LOOPBACK = Pattern.compile("localhost|::1|127(\\." + OCTET + "){3}");

    public BridgeOptions {
        if (!LOOPBACK.matcher(endpoint.host()).matches()) {
            throw new IllegalArgumentException("host: " + endpoint.host()
                    + " (expected: 127.0.0.0/8, ::1 or localhost: clients are not authenticated yet,"
                    + " so only this machine is served)");
        }
        Limits.range("maxFrameBytes", maxFrameBytes, 1_024, 16_777_216);
        Limits.range("maxJsonDepth", maxJsonDepth, 2, 1_000);
        Limits.range("maxRequestsPerSocket", maxRequestsPerSocket, 1, 100_000);
        Limits.range("maxOutputBytes", maxOutputBytes, 65_536, 1_073_741_824);
        Limits.range("maxTimeoutMillis", maxTimeoutMillis, 1, DAY_MILLIS);
        Limits.range("defaultTimeoutMillis", defaultTimeoutMillis, 1, maxTimeoutMillis);
        Limits.range("drainMillis", drainMillis, 0, 600_000);
    }

    /**
     * Reads a whole object: the fields of {@link EndpointOptions}, {@code allow} (see {@link Permissions#fromJson}) and
     * the limits by their names.
     */
    public static BridgeOptions fromJson(Fields json) {
        long maxTimeoutMillis = json.int64("maxTimeoutMillis", 600_000, 1, DAY_MILLIS);
        BridgeOptions options = new BridgeOptions(
                EndpointOptions.fromJson(json),
                Permissions.fromJson(json.objects("allow")),
                json.int32("maxFrameBytes", 1_048_576, 1_024, 16_777_216),
                json.int32("maxJsonDepth", 64, 2, 1_000),
                json.int32("maxRequestsPerSocket", 256, 1, 100_000),
                json.int32("maxOutputBytes", 4_194_304, 65_536, 1_073_741_824),
                json.int64("defaultTimeoutMillis", Math.min(25_000, maxTimeoutMillis), 1, maxTimeoutMillis),
                maxTimeoutMillis,
                json.int64("drainMillis", 10_000, 0, 600_000));
        json.done();
        return options;
    }
}
