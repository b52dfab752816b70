package dev.polywire.mongodb.service;

import dev.polywire.core.bus.ConnectorOptions;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.mongodb.wire.ClientMetadata;
import dev.polywire.mongodb.wire.MessageHeader;
import dev.polywire.mongodb.wire.MongoClientOptions;
import java.util.Map;

/**
 * Configuration of a MongoDB connector; the fields of its parts stand in one object.
 *
 * @param connector name, address, bounds
 * @param endpoint the server
 * @param client {@code applicationName} (at most 128 bytes) and {@code maxMessageBytes} (1,024 to 48,000,000, the
 *     default)
 * @param maxInFlight commands that may be sent and unanswered on the connection, 1 to 10,000, default 64: enough to hide a
 *     round trip, and few are lost together
 * @param heartbeatMillis from one answer to the next hello on a second connection, 0 to 3,600,000, default 10,000; when one
 *     has no answer within {@code connectTimeoutMillis}, the connection is given up. 0: no hello, no second connection
 * @param rules what callers may ask: {@code commands} and {@code databases}
 */
public record MongoOptions(
        ConnectorOptions connector,
        EndpointOptions endpoint,
        MongoClientOptions client,
        int maxInFlight,
        int heartbeatMillis,
        CallerRules rules) {

    private static final String VERSION = "0.1.0";

    /** Reads a whole object. */
    public static MongoOptions fromJson(Fields json) {
        EndpointOptions endpoint = EndpointOptions.fromJson(json);
        MongoOptions options = new MongoOptions(
                ConnectorOptions.fromJson(json, "mongodb"),
                endpoint,
                new MongoClientOptions(
                        json.int32(
                                "maxMessageBytes",
                                MessageHeader.MAX_MESSAGE_BYTES,
                                1_024,
                                MessageHeader.MAX_MESSAGE_BYTES),
                        metadata(json),
                        1,
                        endpoint.connectTimeoutMillis()),
                json.int32("maxInFlight", 64, 1, 10_000),
                json.int32("heartbeatMillis", 10_000, 0, 3_600_000),
                CallerRules.fromJson(json));
        json.done();
        return options;
    }

    private static ClientMetadata metadata(Fields json) {
        try {
            return new ClientMetadata(
                    json.textOrNull("applicationName"),
                    "polywire",
                    VERSION,
                    Map.of("type", System.getProperty("os.name"), "architecture", System.getProperty("os.arch")),
                    "Java " + Runtime.version().feature(),
                    Map.of());
        } catch (IllegalArgumentException unfit) {
            throw json.complaint("applicationName", "too long, or no text (expected: <= 128 bytes of UTF-8)");
        }
    }
}
