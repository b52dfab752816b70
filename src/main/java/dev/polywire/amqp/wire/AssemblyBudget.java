package dev.polywire.amqp.wire;

import dev.polywire.core.wire.ProtocolException;

/** The memory for all unfinished contents of a connection: each channel may have one. */
final class AssemblyBudget {

    private final int maxMessageBytes;
    private final long maxAssemblyBytes;
    private long bytes;

    AssemblyBudget(AmqpLimits limits) {
        this.maxMessageBytes = limits.maxMessageBytes();
        this.maxAssemblyBytes = limits.maxAssemblyBytes();
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

    /** The received bytes of unfinished messages. */
    long heldBytes() {
        return bytes;
    }

    void giveBack(int count) {
        bytes -= count;
    }
}
