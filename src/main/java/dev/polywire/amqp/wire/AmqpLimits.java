package dev.polywire.amqp.wire;

import dev.polywire.core.wire.Limits;

/**
 * What we accept from a peer. The first two are negotiated with it, and can only become smaller.
 *
 * @param maxFrameBytes {@code frame-max}, 4,096 to 16 MiB
 * @param maxChannels {@code channel-max}, 1 to 65,535
 * @param maxMessageBytes of one body that is received, 0 to 1 GiB. A longer body ends the connection and is delivered
 *     again: queues need a delivery limit
 * @param maxAssemblyBytes of all incomplete bodies, over all channels, at least {@code maxMessageBytes}
 */
public record AmqpLimits(int maxFrameBytes, int maxChannels, int maxMessageBytes, long maxAssemblyBytes) {

    /** The specification's {@code frame-min-size}. */
    public static final int LEAST_MAX_FRAME_BYTES = 4_096;
    /** RabbitMQ's default. */
    public static final int DEFAULT_MAX_FRAME_BYTES = 128 * 1024;
    /** RabbitMQ's default. */
    public static final int DEFAULT_MAX_CHANNELS = 2_047;

    public static final int DEFAULT_MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
    /** Four channels that receive the longest body at the same time. */
    public static final long DEFAULT_MAX_ASSEMBLY_BYTES = 4L * DEFAULT_MAX_MESSAGE_BYTES;

    public static final AmqpLimits DEFAULT = new AmqpLimits(
            DEFAULT_MAX_FRAME_BYTES, DEFAULT_MAX_CHANNELS, DEFAULT_MAX_MESSAGE_BYTES, DEFAULT_MAX_ASSEMBLY_BYTES);

    public AmqpLimits {
        Limits.range("maxFrameBytes", maxFrameBytes, LEAST_MAX_FRAME_BYTES, 16 * 1024 * 1024);
        Limits.range("maxChannels", maxChannels, 1, 0xffff);
        Limits.range("maxMessageBytes", maxMessageBytes, 0, 1024 * 1024 * 1024);
        Limits.range("maxAssemblyBytes", maxAssemblyBytes, maxMessageBytes, Long.MAX_VALUE);
    }
}
