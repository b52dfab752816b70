package dev.polywire.bolt.wire;

import dev.polywire.core.wire.Limits;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The behaviour of a server on one connection.
 *
 * @param agent the name of the server; Neo4j's drivers require {@code Neo4j/} and a version
 * @param connectionId the server's name for the connection
 * @param offer the server's versions
 * @param limits of messages after the login
 * @param unauthenticatedLimits of messages before the login
 * @param handshakeTimeoutMillis from {@code start} to the version, 1 to 3,600,000, default 5,000
 * @param authenticationTimeoutMillis from {@code start} to the first READY, 1 to 3,600,000, default 10,000
 * @param messageTimeoutMillis from the first byte of a message to its last, 1 to 3,600,000, default 60,000
 * @param receiveTimeoutSeconds promises to send something this often while a request waits, 1 to 86,400; 0: no (default)
 * @param maxWaiting requests that wait for the request in progress, 1 to 100,000, default 1,000
 */
public record BoltServerOptions(
        String agent,
        String connectionId,
        BoltOffer offer,
        BoltLimits limits,
        BoltLimits unauthenticatedLimits,
        long handshakeTimeoutMillis,
        long authenticationTimeoutMillis,
        long messageTimeoutMillis,
        int receiveTimeoutSeconds,
        int maxWaiting) {

    public BoltServerOptions {
        Limits.range("handshakeTimeoutMillis", handshakeTimeoutMillis, 1, 3_600_000);
        Limits.range("authenticationTimeoutMillis", authenticationTimeoutMillis, 1, 3_600_000);
        Limits.range("messageTimeoutMillis", messageTimeoutMillis, 1, 3_600_000);
        Limits.range("receiveTimeoutSeconds", receiveTimeoutSeconds, 0, 86_400);
        Limits.range("maxWaiting", maxWaiting, 1, 100_000);
    }

    /** The defaults. */
    public BoltServerOptions(String agent, String connectionId) {
        this(
                agent,
                connectionId,
                BoltOffer.ALL,
                BoltLimits.DEFAULT,
                BoltLimits.UNAUTHENTICATED,
                5_000,
                10_000,
                60_000,
                0,
                1_000);
    }

    /** The same for another connection. */
    public BoltServerOptions named(String connectionId) {
        return copy(connectionId, receiveTimeoutSeconds);
    }

    /** The same with another promise of keep-alives. */
    public BoltServerOptions receiveTimeout(int receiveTimeoutSeconds) {
        return copy(connectionId, receiveTimeoutSeconds);
    }

    private BoltServerOptions copy(String connectionId, int receiveTimeoutSeconds) {
        return new BoltServerOptions(
                agent,
                connectionId,
                offer,
                limits,
                unauthenticatedLimits,
                handshakeTimeoutMillis,
                authenticationTimeoutMillis,
                messageTimeoutMillis,
                receiveTimeoutSeconds,
                maxWaiting);
    }

    /** The metadata of the answer to INIT or HELLO, before the caller adds its own. */
    Map<String, @Nullable Object> greeting(BoltVersion version, boolean byManifest, boolean utcPatch) {
        Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
        metadata.put(BoltServerInfo.AGENT, agent);
        if (version.hasTransactions()) {
            metadata.put(BoltServerInfo.CONNECTION_ID, connectionId);
        }
        if (utcPatch) {
            metadata.put(ExtraField.PATCH_BOLT.key, List.of(BoltServerInfo.UTC_PATCH));
        }
        if (version.hasHints()) {
            metadata.put(
                    BoltServerInfo.HINTS,
                    receiveTimeoutSeconds == 0
                            ? Collections.emptyMap()
                            : Map.of(BoltServerInfo.RECEIVE_TIMEOUT, receiveTimeoutSeconds));
        }
        if (byManifest) {
            metadata.put(BoltServerInfo.PROTOCOL_VERSION, version.toString());
        }
        return metadata;
    }
}
