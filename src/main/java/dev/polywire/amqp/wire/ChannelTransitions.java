package dev.polywire.amqp.wire;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What may happen to a channel in each {@link ChannelState}, and where it leads (AMQP 0-9-1, 1.5 and 2.2.5). */
public final class ChannelTransitions {

    /** What happens to a channel. */
    public enum Input {
        OPEN_OK,
        /** We send a method, with a content or without. */
        WE_SEND,
        /** Any other method comes, or a part of a content. */
        FRAME,
        WE_CLOSE,
        CLOSE,
        CLOSE_OK
    }

    private static final Map<ChannelState, Map<Input, ChannelState>> TABLE = new EnumMap<>(Map.of(
            ChannelState.OPENING,
            Map.of(
                    Input.OPEN_OK, ChannelState.OPEN,
                    Input.WE_CLOSE, ChannelState.CLOSING,
                    Input.CLOSE, ChannelState.CLOSED),
            ChannelState.OPEN,
            Map.of(
                    Input.WE_SEND, ChannelState.OPEN,
                    Input.FRAME, ChannelState.OPEN,
                    Input.WE_CLOSE, ChannelState.CLOSING,
                    Input.CLOSE, ChannelState.CLOSED),
            ChannelState.CLOSING,
            Map.of(
                    Input.OPEN_OK, ChannelState.CLOSING,
                    Input.FRAME, ChannelState.CLOSING,
                    // Both sides close: the answer to our close still comes.
                    Input.CLOSE, ChannelState.CLOSING,
                    Input.CLOSE_OK, ChannelState.CLOSED),
            ChannelState.CLOSED,
            Map.of()));

    private ChannelTransitions() {}

    /** The next state, or null when {@code input} is not allowed in {@code state}. */
    public static @Nullable ChannelState next(ChannelState state, Input input) {
        return TABLE.getOrDefault(state, Map.of()).get(input);
    }
}
