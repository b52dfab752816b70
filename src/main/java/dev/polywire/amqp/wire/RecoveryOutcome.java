package dev.polywire.amqp.wire;

import org.jspecify.annotations.Nullable;

/**
 * The outcome of recovery for one item.
 *
 * @param request the request for it, with the former names
 * @param newName the new name of a recovered queue whose name the server generates; else null
 * @param failure null if it is recovered
 */
public record RecoveryOutcome(
        AmqpMethod request,
        @Nullable String newName,
        @Nullable CloseReason failure) {

    public boolean isRecovered() {
        return failure == null;
    }
}
