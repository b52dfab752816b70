package dev.polywire.amqp.wire;

import org.jspecify.annotations.Nullable;

/** What a client's connection has to say. Requests are named by the numbers that {@code send} gave. */
public sealed interface AmqpEvent {

    /** Login and limits are done: channels may be opened. */
    record Opened(ServerInfo server, Tuning tuning) implements AmqpEvent {}

    /** The server does not let us in, or offers no way that we go; the machine has ended. */
    record Refused(CloseReason reason) implements AmqpEvent {}

    /** The connection has ended, by the server or as we wanted; the machine has ended, and nothing is answered any more. */
    record Closed(CloseReason reason) implements AmqpEvent {}

    /** Publishes are not read for now: the broker is short of memory or disk. */
    record Blocked(String reason) implements AmqpEvent {}

    record Unblocked() implements AmqpEvent {}

    /** What happens on a channel. */
    sealed interface OfChannel extends AmqpEvent {

        /** 0: of the connection itself. */
        int channel();
    }

    record ChannelOpened(int channel) implements OfChannel {}

    /** A channel has ended, by the server or as we wanted: nothing of it is answered any more, and its number is free. */
    record ChannelClosed(int channel, CloseReason reason) implements OfChannel {}

    /**
     * A request is answered.
     *
     * @param channel 0: of the connection
     * @param content null, but for {@link ContentMethod.GetOk}
     */
    record Reply(
            int channel,
            long request,
            AmqpMethod method,
            @Nullable Content content) implements OfChannel {}

    record Delivery(int channel, ContentMethod.Deliver method, Content content) implements OfChannel {}

    /** A mandatory publish that went nowhere; its confirm comes later. */
    record Returned(int channel, ContentMethod.Return method, Content content) implements OfChannel {}

    /**
     * Publishes are settled. Each number is settled once.
     *
     * @param publish a number that {@code publish} gave
     * @param multiple whether all before it are, too, as far as they were not
     * @param taken false: the broker did not take them ({@code basic.nack})
     */
    record Confirmed(int channel, long publish, boolean multiple, boolean taken) implements OfChannel {}

    /** The server ended a consumer, because its queue is gone or moved. */
    record ConsumerCancelled(int channel, String consumerTag) implements OfChannel {}

    /** Whether contents may be sent on the channel; it is answered already. */
    record Flow(int channel, boolean active) implements OfChannel {}
}
