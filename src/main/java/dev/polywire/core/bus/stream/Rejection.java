package dev.polywire.core.bus.stream;

import org.jspecify.annotations.Nullable;

/**
 * What becomes of an item that was not processed.
 *
 * @param requeue whether the protocol gives it again; with an action, the action says it
 * @param action one of the source's {@link SettledSource#actions()}; null: the protocol's usual one
 * @param reason for people, at most {@value #MAX_REASON_CHARS} characters; null: none
 */
public record Rejection(
        boolean requeue, @Nullable String action, @Nullable String reason) {

    /** Enough for a sentence; a protocol writes it beside the item. */
    public static final int MAX_REASON_CHARS = 1_000;

    public static final Rejection AGAIN = new Rejection(true, null, null);

    public static final Rejection NEVER = new Rejection(false, null, null);
}
