package dev.polywire.amqp.session;

import dev.polywire.amqp.wire.AmqpMethod;
import dev.polywire.core.net.Link;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an {@link AmqpClient} is.
 *
 * @param publishing state of the connection for publishing
 * @param consuming state of the other, with all that is to be recovered
 * @param blocked why the broker takes no publishes; null: it does
 * @param waiting publishes that are not sent
 * @param unconfirmed publishes that are sent and have no confirm
 * @param consumers that are, or come back
 * @param unsettled deliveries
 * @param requests that wait for their reply
 * @param staleSettlements of deliveries of lost connections, dropped
 * @param lateReplies replies whose requests had given up, dropped
 * @param topology what recovery would make again: exchanges, queues, bindings
 */
public record AmqpStatus(
        Link.State publishing,
        Link.State consuming,
        @Nullable String blocked,
        int waiting,
        int unconfirmed,
        int consumers,
        int unsettled,
        int requests,
        long staleSettlements,
        long lateReplies,
        List<AmqpMethod> topology) {}
