package dev.polywire.amqp.wire;

import dev.polywire.core.wire.ProtocolException;

/** The memory for all unfinished contents of a connection: each channel may have one. */
final class AssemblyBudget {

    private int maxMessageBytes;
    private final long maxAssemblyBytes;
    private long bytes;
    private long heldBytes;

    AssemblyBudget(AmqpLimits limits) {
        this.maxMessageBytes = limits.maxMessageBytes();
        this.maxAssemblyBytes = limits.maxAssemblyBytes();
    }

    /** Another limit on one message, if it is lower. */
    void cap(int maxBytes) {
        maxMessageBytes = Math.min(maxMessageBytes, maxBytes);
    }

    int maxMessageBytes() {
        return maxMessageBytes;
    }

    /** @throws ProtocolException LIMIT when it is too much */
    void take(int count) {
        bytes += count;
        if (bytes > maxAssemblyBytes) {
            throw ProtocolException.limit(
                    "unfinished messages: " + bytes + " bytes (expected: <= " + maxAssemblyBytes + ")");
        }
    }

    void giveBack(int count) {
        bytes -= count;
    }

    /** The buffers of an unfinished message have become larger by {@code moreBytes}. */
    void holds(long moreBytes) {
        heldBytes += moreBytes;
    }

    /** The size of all buffers of unfinished messages. */
    long heldBytes() {
        return heldBytes;
    }
}
