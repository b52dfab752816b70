package dev.polywire.amqp.wire;

import dev.polywire.core.wire.ProtocolException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The channels of a connection by their numbers. A number is free again when both sides have closed its channel. */
final class Channels {

    private static final int FIRST_SLOTS = 4;

    private @Nullable ChannelMachine[] slots = new ChannelMachine[FIRST_SLOTS];
    private int highest;

    /** Another limit; before the first channel. */
    void limit(int maxChannels) {
        highest = maxChannels;
    }

    /**
     * The lowest free number, from 1 on.
     *
     * @throws ProtocolException LIMIT when no number is free
     */
    int free() {
        for (int number = 1; number <= highest; number++) {
            if (get(number) == null) {
                return number;
            }
        }
        throw ProtocolException.limit("channels: " + (highest + 1) + " (expected: <= " + highest + ")");
    }

    /** The channel; null if there is none. */
    @Nullable
    ChannelMachine get(int number) {
        return number < slots.length ? slots[number] : null;
    }

    void put(int number, @Nullable ChannelMachine channel) {
        if (number >= slots.length) {
            slots = Arrays.copyOf(slots, Math.max(number + 1, 2 * slots.length));
        }
        slots[number] = channel;
    }
}
