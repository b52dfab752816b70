package dev.polywire.amqp.wire;

import org.jspecify.annotations.Nullable;

/**
 * What became of one thing that was to be recovered.
 *
 * @param request what was asked for it, with its names of before
 * @param newName of a queue whose name the server makes, if it is there again; else null
 * @param failure null: it is there again
 */
public record RecoveryOutcome(
        AmqpMethod request,
        @Nullable String newName,
        @Nullable CloseReason failure) {

    public boolean isRecovered() {
        return failure == null;
    }
}
