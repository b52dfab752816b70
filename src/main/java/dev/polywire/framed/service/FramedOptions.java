package dev.polywire.framed.service;

import dev.polywire.core.bus.ConnectorOptions;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.framed.wire.FramedMachine;
import io.vertx.core.json.JsonObject;

/**
 * Configuration of a framed connector, client or server; the fields of its parts stand in one object.
 *
 * @param connector name, address, bounds
 * @param endpoint where to dial or listen
 * @param codec how payloads stand in JSON: {@code raw}, {@code utf8}, {@code json}; default {@code json}
 * @param maxFrameBytes most bytes of a payload, 1 to 256 MiB, default 16 MiB
 * @param maxConnections of a server, 1 to 1,000,000, default 10,000: what one process may have open by usual limits
 */
public record FramedOptions(
        ConnectorOptions connector,
        EndpointOptions endpoint,
        FramedCodec codec,
        int maxFrameBytes,
        int maxConnections) {

    /** @param name the default name */
    static FramedOptions fromJson(JsonObject config, String name) {
        Fields json = Fields.of(config);
        FramedOptions options = new FramedOptions(
                ConnectorOptions.fromJson(json, name),
                EndpointOptions.fromJson(json),
                json.oneOf("codec", FramedCodec.class, FramedCodec.JSON),
                json.int32("maxFrameBytes", FramedMachine.DEFAULT_MAX_FRAME_BYTES, 1, 256 * 1024 * 1024),
                json.int32("maxConnections", 10_000, 1, 1_000_000));
        json.done();
        return options;
    }
}
