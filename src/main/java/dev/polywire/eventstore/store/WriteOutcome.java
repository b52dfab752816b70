package dev.polywire.eventstore.store;

import dev.polywire.eventstore.wire.OperationResult;
import dev.polywire.eventstore.wire.Position;
import org.jspecify.annotations.Nullable;

/**
 * What has become of a write.
 *
 * @param message null: nothing to say
 * @param first number of the first event; of no event, the one that would be next; {@link #NO_NUMBER}: nothing is written
 * @param last number of the last event
 * @param position of the last event; {@link #NO_POSITION} when nothing was written, because it had been before or was refused
 * @param currentVersion number of the stream's last event, where the result is that another one was expected; -1 where it is another
 *     failure, 0 where it is none
 */
public record WriteOutcome(
        OperationResult result,
        @Nullable String message,
        long first,
        long last,
        Position position,
        long currentVersion) {

    public static final long NO_NUMBER = Integer.MIN_VALUE;

    public static final Position NO_POSITION = new Position(-1, -1);

    /** What a user is told who may not. */
    public static final WriteOutcome ACCESS_DENIED = refused(OperationResult.ACCESS_DENIED, "Access denied.", -1);

    static final WriteOutcome STREAM_DELETED = refused(OperationResult.STREAM_DELETED, "Stream is deleted.", -1);

    static WriteOutcome wrongVersion(long currentVersion) {
        return refused(OperationResult.WRONG_EXPECTED_VERSION, "Wrong expected version.", currentVersion);
    }

    private static WriteOutcome refused(OperationResult result, String message, long currentVersion) {
        return new WriteOutcome(result, message, NO_NUMBER, NO_NUMBER, NO_POSITION, currentVersion);
    }

    static WriteOutcome known(long first, long last) {
        return new WriteOutcome(OperationResult.SUCCESS, null, first, last, NO_POSITION, 0);
    }

    static WriteOutcome written(long first, long last, Position position) {
        return new WriteOutcome(OperationResult.SUCCESS, null, first, last, position, 0);
    }
}
