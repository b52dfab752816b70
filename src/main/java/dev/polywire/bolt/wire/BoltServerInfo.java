package dev.polywire.bolt.wire;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The server's description of itself and of the connection.
 *
 * @param agent {@code Neo4j/5.26.0}; empty: absent
 * @param connectionId the server's name for the connection; empty: absent
 * @param receiveTimeoutMillis while a request waits, the server sends something at least this often; 0: no promise
 * @param wantsTelemetry whether the server wants TELEMETRY
 * @param metadata all fields of its answer to HELLO
 */
public record BoltServerInfo(
        BoltVersion version,
        String agent,
        String connectionId,
        long receiveTimeoutMillis,
        boolean wantsTelemetry,
        Map<String, @Nullable Object> metadata) {

    static final String UTC_PATCH = "utc";
    static final String AGENT = "server";
    static final String CONNECTION_ID = "connection_id";
    static final String HINTS = "hints";
    static final String RECEIVE_TIMEOUT = "connection.recv_timeout_seconds";
    static final String TELEMETRY = "telemetry.enabled";
    static final String PROTOCOL_VERSION = "protocol_version";

    private static final long GREATEST_TIMEOUT_SECONDS = 86_400;

    /** Ignores invalid hints. */
    static BoltServerInfo of(BoltVersion version, Map<String, @Nullable Object> metadata) {
        Map<?, ?> hints = metadata.get(HINTS) instanceof Map<?, ?> map ? map : Map.of();
        return new BoltServerInfo(
                version,
                metadata.get(AGENT) instanceof String agent ? agent : "",
                metadata.get(CONNECTION_ID) instanceof String id ? id : "",
                hints.get(RECEIVE_TIMEOUT) instanceof Long seconds && seconds > 0
                        ? Math.min(seconds, GREATEST_TIMEOUT_SECONDS) * 1_000
                        : 0,
                Boolean.TRUE.equals(hints.get(TELEMETRY)),
                metadata);
    }

    /** The form of values from now on. */
    ValueDialect dialect() {
        boolean patched = version.hasUtcPatch()
                && metadata.get(ExtraField.PATCH_BOLT.key) instanceof List<?> patches
                && patches.contains(UTC_PATCH);
        return patched ? new ValueDialect(version, true) : ValueDialect.of(version);
    }
}
