package dev.polywire.amqp.session;

import dev.polywire.amqp.wire.AmqpMethod;
import dev.polywire.core.net.Link;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state and the counters of an {@link AmqpClient}.
 *
 * @param publishing state of the connection for publishing
 * @param consuming state of the other connection, recovery included
 * @param declaring state of the connection for declarations; null: there is none, since none is needed
 * @param blocked why the broker accepts no publishes; null if it accepts them
 * @param waiting publishes that are not sent yet
 * @param unconfirmed publishes that are sent and not confirmed
 * @param consumers open, or waiting for recovery
 * @param unsettled deliveries
 * @param requests that wait for their reply
 * @param staleSettlements of deliveries of lost connections, dropped
 * @param lateReplies replies to requests whose callers had given up, dropped
 * @param topology exchanges, queues and bindings that recovery would declare again
 */
public record AmqpStatus(
        Link.State publishing,
        Link.State consuming,
        Link.@Nullable State declaring,
        @Nullable String blocked,
        int waiting,
        int unconfirmed,
        int consumers,
        int unsettled,
        int requests,
        long staleSettlements,
        long lateReplies,
        List<AmqpMethod> topology) {}
