package dev.polywire.amqp.session;

import dev.polywire.amqp.wire.AmqpClientOptions;
import dev.polywire.amqp.wire.RecoveryOptions;
import dev.polywire.core.net.EndpointOptions;
import java.util.List;

/**
 * How an {@link AmqpClient} reaches its broker.
 *
 * @param hosts nodes of one cluster, at least one; an attempt to connect tries each
 * @param shuffled whether they are tried in random order, so that many clients do not all use the first; default true
 * @param auth the client's credentials
 * @param wire the options of each connection; its mechanisms are ignored, and {@code (publish)} or {@code (consume)} is
 *     added to its name
 * @param publish bounds of publishing
 * @param recovery how long recovery waits for queues that the lost connection still holds
 * @param recoverTopology whether exchanges, queues and bindings are declared again; channels and consumers are always
 *     recovered. Default true
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

    /** The defaults, with the first mechanism of {@code wire} as credentials. */
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
}
