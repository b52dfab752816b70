package dev.polywire.amqp.service;

import dev.polywire.amqp.session.AmqpSessionOptions;
import dev.polywire.amqp.session.ConsumerLimits;
import dev.polywire.amqp.session.PublishOptions;
import dev.polywire.amqp.wire.RecoveryOptions;
import dev.polywire.core.bus.ConnectorOptions;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.EndpointOptions;
import java.util.List;

/**
 * Configuration of an AMQP connector; the fields of its parts stand in one object.
 *
 * @param connector name, address, bounds
 * @param session how the broker is reached, see {@link BrokerOptions}; {@code maxUnconfirmed}, {@code maxWaitingPublishes},
 *     {@code maxWaitingPublishBytes} and {@code republish} are {@link PublishOptions}; {@code recoverTopology}, {@code
 *     lockedRetryMillis} and {@code lockedAttempts} configure recovery
 * @param prefetchCount unsettled deliveries of a consumer by default, 1 to 65,535, default 512: two batches of 256
 * @param consumer bytes of a consumer by default: {@code maxConsumerBytes} and {@code slowConsumerMillis}; {@code
 *     consumerTimeoutMillis} is the broker's
 * @param declared the topology to declare at the start: {@code topology: {exchanges, queues, bindings}}
 * @param bindings queues whose messages are given to addresses
 */
public record AmqpOptions(
        ConnectorOptions connector,
        AmqpSessionOptions session,
        int prefetchCount,
        ConsumerLimits consumer,
        List<DeclaredMethod> declared,
        List<QueueBinding> bindings) {

    static final int DEFAULT_PREFETCH_COUNT = 512;
    static final int MAX_PREFETCH_COUNT = 65_535;

    /** Reads a whole object. */
    public static AmqpOptions fromJson(Fields json) {
        ConnectorOptions connector = ConnectorOptions.fromJson(json, "amqp");
        BrokerOptions broker = BrokerOptions.fromJson(json, connector.name());
        ConsumerLimits consumer =
                Subscription.limits(json, ConsumerLimits.DEFAULT).withTimeout(consumerTimeoutMillis(json));
        AmqpOptions options = new AmqpOptions(
                connector,
                new AmqpSessionOptions(
                        broker.hosts(),
                        json.flag("shuffleHosts", true),
                        broker.auth(),
                        broker.wire(),
                        publish(json),
                        recovery(json),
                        json.flag("recoverTopology", true)),
                json.int32("prefetchCount", DEFAULT_PREFETCH_COUNT, 1, MAX_PREFETCH_COUNT),
                consumer,
                DeclaredMethod.listed(json.object("topology")),
                QueueBinding.listed(json, consumer));
        json.done();
        return options;
    }

    /** The broker's address, for log messages and status. */
    String target() {
        EndpointOptions first = session.hosts().get(0);
        String more =
                session.hosts().size() == 1 ? "" : " and " + (session.hosts().size() - 1) + " more";
        return (first.tls() == null ? "amqp://" : "amqps://") + first.target() + more;
    }

    private static long consumerTimeoutMillis(Fields json) {
        long millis = json.int64(
                "consumerTimeoutMillis",
                ConsumerLimits.DEFAULT_TIMEOUT_MILLIS,
                0,
                ConsumerLimits.GREATEST_TIMEOUT_MILLIS);
        if (millis != 0 && millis < ConsumerLimits.LEAST_TIMEOUT_MILLIS) {
            throw json.complaint(
                    "consumerTimeoutMillis",
                    millis + " (expected: 0, or " + ConsumerLimits.LEAST_TIMEOUT_MILLIS + " to "
                            + ConsumerLimits.GREATEST_TIMEOUT_MILLIS + ")");
        }
        return millis;
    }

    private static PublishOptions publish(Fields json) {
        return new PublishOptions(
                json.int32("maxUnconfirmed", PublishOptions.DEFAULT_MAX_UNCONFIRMED, 1, 65_536),
                json.int32("maxWaitingPublishes", PublishOptions.DEFAULT_MAX_WAITING, 0, 1_000_000),
                json.int64(
                        "maxWaitingPublishBytes", PublishOptions.DEFAULT_MAX_WAITING_BYTES, 0, 4L * 1024 * 1024 * 1024),
                json.flag("republish", false));
    }

    private static RecoveryOptions recovery(Fields json) {
        return new RecoveryOptions(
                json.int64("lockedRetryMillis", RecoveryOptions.DEFAULT_LOCKED_RETRY_MILLIS, 1, 3_600_000),
                json.int32("lockedAttempts", RecoveryOptions.DEFAULT_LOCKED_ATTEMPTS, 1, 1_000_000));
    }
}
