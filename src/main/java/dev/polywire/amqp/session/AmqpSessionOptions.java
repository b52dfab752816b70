package dev.polywire.amqp.session;

import dev.polywire.amqp.wire.AmqpClientOptions;
import dev.polywire.amqp.wire.AmqpLimits;
import dev.polywire.amqp.wire.AmqpUri;
import dev.polywire.amqp.wire.RecoveryOptions;
import dev.polywire.amqp.wire.SaslMechanism;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.TlsOptions;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an {@link AmqpClient} reaches its broker.
 *
 * @param hosts nodes of one cluster, at least one; an attempt to connect tries each
 * @param shuffled whether they are tried in an order of chance, so that many clients do not go to the first; default true
 * @param auth who we are
 * @param wire how each connection behaves; its mechanisms are not looked at, and {@code (publish)} or {@code (consume)} is
 *     added to its name
 * @param publish bounds of publishing
 * @param recovery how patient recovery is with what the lost connection still holds
 * @param recoverTopology whether exchanges, queues and bindings are declared again; channels and consumers always come back.
 *     Default true
 */
public record AmqpSessionOptions(
        List<EndpointOptions> hosts,
        boolean shuffled,
        AmqpAuth auth,
        AmqpClientOptions wire,
        PublishOptions publish,
        RecoveryOptions recovery,
        boolean recoverTopology) {

    public AmqpSessionOptions {
        hosts = List.copyOf(hosts);
        if (hosts.isEmpty()) {
            throw new IllegalArgumentException("hosts: 0 (expected: >= 1)");
        }
    }

    /** The defaults, for who is known by the first mechanism of {@code wire}. */
    public static AmqpSessionOptions of(EndpointOptions host, AmqpClientOptions wire) {
        return new AmqpSessionOptions(
                List.of(host),
                true,
                AmqpAuth.of(wire.mechanisms().get(0)),
                wire,
                PublishOptions.DEFAULT,
                RecoveryOptions.DEFAULT,
                true);
    }

    /**
     * The nodes of one cluster by their addresses, which differ in host and port only. Without a name there, user and password
     * are {@code guest}, as RabbitMQ has them for loopback, and the virtual host is {@code /}.
     *
     * @param connectionName shown by the broker; null: none
     * @throws IllegalArgumentException when they differ in more, or a setting cannot be
     */
    public static AmqpSessionOptions of(List<AmqpUri> uris, @Nullable String connectionName) {
        if (uris.isEmpty()) {
            throw new IllegalArgumentException("uris: 0 (expected: >= 1)");
        }
        AmqpUri first = uris.get(0);
        for (AmqpUri each : uris) {
            if (!first.equals(each.at(first.host(), first.port()))) {
                throw new IllegalArgumentException("uris: differ in more than host and port (expected: one cluster)");
            }
        }
        SaslMechanism mechanism = mechanism(first);
        AmqpLimits limits = AmqpLimits.DEFAULT;
        AmqpClientOptions wire = new AmqpClientOptions(
                first.virtualHost() == null ? "/" : first.virtualHost(),
                List.of(mechanism),
                Map.of("product", "Polywire", "platform", "Java"),
                connectionName,
                "en_US",
                first.number("heartbeat", AmqpClientOptions.DEFAULT_HEARTBEAT_SECONDS),
                new AmqpLimits(
                        limits.maxFrameBytes(),
                        first.number("channel_max", limits.maxChannels()),
                        limits.maxMessageBytes(),
                        limits.maxAssemblyBytes()),
                AmqpClientOptions.DEFAULT_HANDSHAKE_TIMEOUT_MILLIS,
                AmqpClientOptions.DEFAULT_CLOSE_TIMEOUT_MILLIS);
        return new AmqpSessionOptions(
                uris.stream().map(AmqpSessionOptions::endpoint).toList(),
                true,
                AmqpAuth.of(mechanism),
                wire,
                PublishOptions.DEFAULT,
                RecoveryOptions.DEFAULT,
                true);
    }

    private static EndpointOptions endpoint(AmqpUri uri) {
        String certificate = uri.query().get("certfile");
        String key = uri.query().get("keyfile");
        String trust = uri.query().get("cacertfile");
        if ((certificate == null) != (key == null) || !uri.tls() && (trust != null || key != null)) {
            throw new IllegalArgumentException("uri: query: files of TLS (expected: with amqps, certfile and keyfile together)");
        }
        return new EndpointOptions(
                uri.host(),
                uri.port(),
                uri.number("connection_timeout", EndpointOptions.DEFAULT_CONNECT_TIMEOUT_MILLIS),
                uri.tls() ? new TlsOptions(trust, certificate, key, true) : null);
    }

    private static SaslMechanism mechanism(AmqpUri uri) {
        String user = uri.user() == null ? "guest" : uri.user();
        String password = uri.password() == null ? "guest" : uri.password();
        return switch (uri.query().getOrDefault("auth_mechanism", "plain").toLowerCase(Locale.ROOT)) {
            case "plain" -> SaslMechanism.plain(user, password);
            case "amqplain" -> SaslMechanism.amqplain(user, password);
            case "external" -> SaslMechanism.external();
            default -> throw new IllegalArgumentException(
                    "uri: query: auth_mechanism (expected: plain, amqplain or external)");
        };
    }
}
