package dev.polywire.eventstore.store;

import dev.polywire.eventstore.wire.OperationResult;
import dev.polywire.eventstore.wire.Position;
import org.jspecify.annotations.Nullable;

/**
 * What has become of a write.
 *
 * @param message null: nothing to say
 * @param first number of the first event; of no event, the one that would be next
 * @param last number of the last event
 * @param position of the last event; -1 both when nothing was written because it had been before
 * @param currentVersion number of the stream's last event, where the result is that another one was expected
 */
public record WriteOutcome(
        OperationResult result,
        @Nullable String message,
        long first,
        long last,
        Position position,
        long currentVersion) {}
