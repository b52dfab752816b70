package dev.polywire.bolt.wire;

import dev.polywire.core.wire.Limits;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a server behaves on one connection.
 *
 * @param agent what we say we are; Neo4j's drivers want {@code Neo4j/} and a version
 * @param connectionId our name for the connection
 * @param offer the versions we speak
 * @param limits what we read of who is authenticated
 * @param unauthenticatedLimits what we read of who is not
 * @param handshakeTimeoutMillis from {@code start} to the version, 1 to 3,600,000, default 5,000
 * @param authenticationTimeoutMillis from {@code start} to the first READY, 1 to 3,600,000, default 10,000
 * @param messageTimeoutMillis from the first byte of a message to its last, 1 to 3,600,000, default 60,000
 * @param receiveTimeoutSeconds our promise to say something as often while a request waits, 1 to 86,400; 0: none (default)
 * @param maxWaiting requests that wait behind the one being worked on, 1 to 100,000, default 1,000
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

    /** The same with another promise to say something. */
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

    /** What the answer to INIT or HELLO holds, before what is put there by who answers. */
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
