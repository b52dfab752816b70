package dev.polywire.framed.service;

import dev.polywire.core.bus.ConnectorOptions;
import dev.polywire.core.bus.binding.BindingOptions;
import dev.polywire.core.json.Fields;
import dev.polywire.core.json.TypedValues;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.framed.wire.FramedLimits;
import dev.polywire.framed.wire.PayloadCodec;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Configuration of a framed connector, client or server; the fields of its parts stand in one object.
 *
 * @param connector name, address, bounds
 * @param endpoint where to dial or listen
 * @param codec the codec of the payloads: {@code raw}, {@code utf8}, {@code json}, {@code cbor}, {@code pickle}; default
 *     {@code json}
 * @param maxValueBytes of memory that the values of one message may take with codec {@code json}, {@code cbor} or {@code
 *     pickle}, by estimate: 1,024 to 2^40, default 16 times {@code maxFrameBytes} and at least 1 MiB
 * @param limits of each connection: {@code maxFrameBytes}, 1 to 256 MiB, default 16 MiB; {@code frameTimeoutMillis}, 1 to
 *     86,400,000, default 60,000; {@code idleTimeoutMillis}, 0 (the default, for ever) to 86,400,000; {@code
 *     maxOutputBytes}, 1 to 1 GiB, default {@code maxFrameBytes}; {@code slowPeerMillis}, 1 to 86,400,000, default 60,000;
 *     {@code correlation}, default false: requests and replies, which plain peers do not have; {@code maxOutstanding}, 1 to
 *     100,000, default 1,000, requests without a reply
 * @param maxConnections of a server, 1 to 1,000,000, default 10,000: what one process may have open by usual limits. A
 *     client has one connection and no such field
 * @param maxConnectionsPerAddress of a server, 1 to 1,000,000, default 1,000: one machine cannot take all connections.
 *     Behind a proxy all peers have its address
 * @param bindings of incoming messages, {@code [{address, prefetch, timeoutMillis, onTimeout}]}: one at most, because the
 *     messages are one stream; default none
 */
public record FramedOptions(
        ConnectorOptions connector,
        EndpointOptions endpoint,
        FramedCodec codec,
        long maxValueBytes,
        FramedLimits limits,
        int maxConnections,
        int maxConnectionsPerAddress,
        List<BindingOptions> bindings) {

    /** A JSON document of many small values takes about this many times its length. */
    private static final long USUAL_RATIO = 16;

    private static final long LEAST_DEFAULT_BYTES = 1024 * 1024;

    /** Reads a whole object: that of a client. */
    public static FramedOptions client(Fields json) {
        return read(json, "framed", false);
    }

    /** Reads a whole object: that of a server. */
    public static FramedOptions server(Fields json) {
        return read(json, "framed-server", true);
    }

    /** A message for a first try. */
    public JsonObject greeting() {
        String hello = "hello";
        return new JsonObject()
                .put(
                        format(null).field(),
                        codec == FramedCodec.RAW ? TypedValues.text(hello.getBytes(StandardCharsets.UTF_8)) : hello);
    }

    /** The form of messages on the bus. @param injected the application's own codec, or null */
    FramedFormat format(@Nullable PayloadCodec injected) {
        return injected == null ? codec.format(maxValueBytes) : FramedFormat.of(injected);
    }

    private static FramedOptions read(Fields json, String name, boolean server) {
        FramedLimits limits = limits(json);
        FramedOptions options = new FramedOptions(
                ConnectorOptions.fromJson(json, name),
                EndpointOptions.fromJson(json),
                json.oneOf("codec", FramedCodec.class, FramedCodec.JSON),
                json.int64(
                        "maxValueBytes",
                        Math.max(LEAST_DEFAULT_BYTES, USUAL_RATIO * limits.maxFrameBytes()),
                        1_024,
                        1L << 40),
                limits,
                server ? json.int32("maxConnections", 10_000, 1, 1_000_000) : 1,
                server ? json.int32("maxConnectionsPerAddress", 1_000, 1, 1_000_000) : 1,
                bindings(json));
        json.done();
        return options;
    }

    private static FramedLimits limits(Fields json) {
        int maxFrameBytes = json.int32(
                "maxFrameBytes", FramedLimits.DEFAULT_MAX_FRAME_BYTES, 1, FramedLimits.GREATEST_MAX_FRAME_BYTES);
        boolean correlated = json.flag("correlation", false);
        int maxOutstanding = json.int32(
                "maxOutstanding", FramedLimits.DEFAULT_MAX_OUTSTANDING, 1, FramedLimits.GREATEST_MAX_OUTSTANDING);
        return new FramedLimits(
                maxFrameBytes,
                millis(json, "frameTimeoutMillis", FramedLimits.DEFAULT_FRAME_TIMEOUT_MILLIS, 1),
                millis(json, "idleTimeoutMillis", 0, 0),
                json.int32("maxOutputBytes", maxFrameBytes, 1, FramedLimits.GREATEST_MAX_OUTPUT_BYTES),
                millis(json, "slowPeerMillis", FramedLimits.DEFAULT_SLOW_PEER_MILLIS, 1),
                correlated ? maxOutstanding : 0);
    }

    private static long millis(Fields json, String name, long unsaid, long least) {
        return json.int64(name, unsaid, least, FramedLimits.GREATEST_MILLIS);
    }

    private static List<BindingOptions> bindings(Fields json) {
        List<BindingOptions> bindings = BindingOptions.listed(json);
        if (bindings.size() > 1) {
            throw json.complaint("bindings", bindings.size() + " (expected: <= 1, the messages are one stream)");
        }
        return bindings;
    }
}
