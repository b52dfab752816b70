package dev.polywire.amqp.wire;

import org.jspecify.annotations.Nullable;

/** The events of a client's connection. Requests are identified by the numbers that {@code send} returned. */
public sealed interface AmqpEvent {

    /** Login and limits are done: channels may be opened. */
    record Opened(ServerInfo server, Tuning tuning) implements AmqpEvent {}

    /** The server refuses the login, or offers none of our mechanisms; the machine has ended. */
    record Refused(CloseReason reason) implements AmqpEvent {}

    /** The server or we have closed the connection; the machine has ended, and no request is answered any more. */
    record Closed(CloseReason reason) implements AmqpEvent {}

    /** The broker is short of memory or disk and reads no publishes for now. */
    record Blocked(String reason) implements AmqpEvent {}

    record Unblocked() implements AmqpEvent {}

    /** What happens on a channel. */
    sealed interface OfChannel extends AmqpEvent {

        /** 0: the connection itself. */
        int channel();
    }

    record ChannelOpened(int channel) implements OfChannel {}

    /** The server or we have closed a channel: no request on it is answered any more, and its number is free. */
    record ChannelClosed(int channel, CloseReason reason) implements OfChannel {}

    /**
     * A request is answered.
     *
     * @param channel 0: the connection
     * @param content null, but for {@link ContentMethod.GetOk}
     */
    record Reply(
            int channel,
            long request,
            AmqpMethod method,
            @Nullable Content content) implements OfChannel {}

    record Delivery(int channel, ContentMethod.Deliver method, Content content) implements OfChannel {}

    /** A mandatory publish reached no queue; its confirm comes later. */
    record Returned(int channel, ContentMethod.Return method, Content content) implements OfChannel {}

    /**
     * Publishes are settled. Each number is settled once.
     *
     * @param publish a number that {@code publish} returned
     * @param multiple whether this also settles all earlier publishes that are unsettled
     * @param taken false: the broker did not accept them ({@code basic.nack})
     */
    record Confirmed(int channel, long publish, boolean multiple, boolean taken) implements OfChannel {}

    /** The server ended a consumer, because its queue is gone or moved. */
    record ConsumerCancelled(int channel, String consumerTag) implements OfChannel {}

    /** Whether contents may be sent on the channel; the machine has answered it. */
    record Flow(int channel, boolean active) implements OfChannel {}
}
