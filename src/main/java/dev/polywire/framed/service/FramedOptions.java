package dev.polywire.framed.service;

import dev.polywire.core.bus.BindingOptions;
import dev.polywire.core.bus.ConnectorOptions;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.framed.wire.FramedLimits;
import java.util.List;

/**
 * Configuration of a framed connector, client or server; the fields of its parts stand in one object.
 *
 * @param connector name, address, bounds
 * @param endpoint where to dial or listen
 * @param codec how payloads stand in JSON: {@code raw}, {@code utf8}, {@code json}; default {@code json}
 * @param limits {@code maxFrameBytes}, 1 to 256 MiB, default 16 MiB, and {@code frameTimeoutMillis}, 1 to 86,400,000,
 *     default 60,000
 * @param maxConnections of a server, 1 to 1,000,000, default 10,000: what one process may have open by usual limits. A
 *     client has one and takes no such field
 * @param bindings of incoming messages, {@code [{address, prefetch, timeoutMillis, onTimeout}]}: one at most, because the
 *     messages are one stream; default none
 */
public record FramedOptions(
        ConnectorOptions connector,
        EndpointOptions endpoint,
        FramedCodec codec,
        FramedLimits limits,
        int maxConnections,
        List<BindingOptions> bindings) {

    /** Reads a whole object: that of a client. */
    public static FramedOptions client(Fields json) {
        return read(json, "framed", false);
    }

    /** Reads a whole object: that of a server. */
    public static FramedOptions server(Fields json) {
        return read(json, "framed-server", true);
    }

    private static FramedOptions read(Fields json, String name, boolean server) {
        FramedOptions options = new FramedOptions(
                ConnectorOptions.fromJson(json, name),
                EndpointOptions.fromJson(json),
                json.oneOf("codec", FramedCodec.class, FramedCodec.JSON),
                new FramedLimits(
                        json.int32(
                                "maxFrameBytes",
                                FramedLimits.DEFAULT_MAX_FRAME_BYTES,
                                1,
                                FramedLimits.GREATEST_MAX_FRAME_BYTES),
                        json.int64(
                                "frameTimeoutMillis",
                                FramedLimits.DEFAULT_FRAME_TIMEOUT_MILLIS,
                                1,
                                FramedLimits.GREATEST_FRAME_TIMEOUT_MILLIS)),
                server ? json.int32("maxConnections", 10_000, 1, 1_000_000) : 1,
                bindings(json));
        json.done();
        return options;
    }

    private static List<BindingOptions> bindings(Fields json) {
        List<BindingOptions> bindings = BindingOptions.listed(json);
        if (bindings.size() > 1) {
            throw json.complaint("bindings", bindings.size() + " (expected: <= 1, the messages are one stream)");
        }
        return bindings;
    }
}
