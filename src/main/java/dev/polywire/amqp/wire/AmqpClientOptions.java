package dev.polywire.amqp.wire;

import dev.polywire.core.wire.Limits;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The options of a client for one connection.
 *
 * @param virtualHost default {@code /}
 * @param mechanisms SASL mechanisms, preferred first; one that the server does not offer is not used
 * @param clientProperties shown in the server's tools; the capabilities of this client are added
 * @param connectionName shown in the server's tools; null: none
 * @param locale of the server's texts, default {@code en_US}
 * @param heartbeatSeconds the approximate silence after which a peer counts as dead, 0 to 65,535, default 60; 0: the
 *     server's value. The shorter of both values applies
 * @param limits what the client accepts
 * @param handshakeTimeoutMillis from {@code start} until the connection is open, 1 to 3,600,000, default 10,000
 * @param closeTimeoutMillis how long a server may take to answer a close, 1 to 3,600,000, default 3,000
 */
public record AmqpClientOptions(
        String virtualHost,
        List<SaslMechanism> mechanisms,
        Map<String, @Nullable Object> clientProperties,
        @Nullable String connectionName,
        String locale,
        int heartbeatSeconds,
        AmqpLimits limits,
        long handshakeTimeoutMillis,
        long closeTimeoutMillis) {

    /** RabbitMQ's default. */
    public static final int DEFAULT_HEARTBEAT_SECONDS = 60;

    public static final long DEFAULT_HANDSHAKE_TIMEOUT_MILLIS = 10_000;
    public static final long DEFAULT_CLOSE_TIMEOUT_MILLIS = 3_000;

    /** Without {@code ..failure_close} a refused login is a silent close; without blocked, publishing just stops. */
    private static final List<String> CAPABILITIES = List.of(
            "publisher_confirms",
            "exchange_exchange_bindings",
            "basic.nack",
            "consumer_cancel_notify",
            "connection.blocked",
            "authentication_failure_close",
            "consumer_priorities",
            "per_consumer_qos");

    public AmqpClientOptions {
        mechanisms = List.copyOf(mechanisms);
        clientProperties = Collections.unmodifiableMap(new LinkedHashMap<>(clientProperties));
        Limits.range("heartbeatSeconds", heartbeatSeconds, 0, 0xffff);
        Limits.range("handshakeTimeoutMillis", handshakeTimeoutMillis, 1, 3_600_000);
        Limits.range("closeTimeoutMillis", closeTimeoutMillis, 1, 3_600_000);
        // Reports now, not at the first connection, what cannot be written.
        new AmqpWriter()
                .shortString("virtualHost", virtualHost)
                .shortString("locale", locale)
                .table(clientProperties);
    }

    /** The defaults. */
    public AmqpClientOptions(String virtualHost, SaslMechanism mechanism) {
        this(
                virtualHost,
                List.of(mechanism),
                Map.of("product", "Polywire", "platform", "Java"),
                null,
                "en_US",
                DEFAULT_HEARTBEAT_SECONDS,
                AmqpLimits.DEFAULT,
                DEFAULT_HANDSHAKE_TIMEOUT_MILLIS,
                DEFAULT_CLOSE_TIMEOUT_MILLIS);
    }

    /** The client properties of {@code start-ok}. */
    Map<String, @Nullable Object> properties() {
        Map<String, @Nullable Object> properties = new LinkedHashMap<>(clientProperties);
        Map<String, Object> capabilities = new LinkedHashMap<>();
        CAPABILITIES.forEach(each -> capabilities.put(each, true));
        properties.put("capabilities", capabilities);
        if (connectionName != null) {
            properties.put("connection_name", connectionName);
        }
        return properties;
    }
}
