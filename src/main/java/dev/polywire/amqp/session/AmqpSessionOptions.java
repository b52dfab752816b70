package dev.polywire.amqp.session;

import dev.polywire.amqp.wire.AmqpClientOptions;
import dev.polywire.amqp.wire.RecoveryOptions;
import dev.polywire.core.net.EndpointOptions;
import java.util.List;

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
}
