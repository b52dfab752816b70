package dev.polywire.bolt.wire;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a server said of itself and of the connection.
 *
 * @param agent {@code Neo4j/5.26.0}; empty: it did not say
 * @param connectionId its own name for the connection; empty: it did not say
 * @param receiveTimeoutMillis while a request waits it says something at least as often; 0: it promises nothing
 * @param wantsTelemetry whether TELEMETRY is welcome
 * @param metadata all that it said to HELLO
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

    /** A hint that is none is not heard. */
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

    /** How values are written from now on. */
    ValueDialect dialect() {
        boolean patched = version.hasUtcPatch()
                && metadata.get(ExtraField.PATCH_BOLT.key) instanceof List<?> patches
                && patches.contains(UTC_PATCH);
        return patched ? new ValueDialect(version, true) : ValueDialect.of(version);
    }
}
