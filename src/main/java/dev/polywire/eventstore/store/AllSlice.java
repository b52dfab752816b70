package dev.polywire.eventstore.store;

import dev.polywire.eventstore.wire.Position;
import dev.polywire.eventstore.wire.ReadAllResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of all events.
 *
 * @param asked where they begin, as a position of the log
 * @param next where the next slice begins
 * @param isEnd whether nothing is behind it, as far as was looked
 * @param error null: none
 */
public record AllSlice(
        ReadAllResult result,
        Position asked,
        List<StoredEvent> events,
        Position next,
        boolean isEnd,
        @Nullable String error) {

    private static final Position NOWHERE = new Position(-1, -1);

    static AllSlice of(Position asked, List<StoredEvent> events, Position next, boolean isEnd) {
        return new AllSlice(ReadAllResult.SUCCESS, asked, events, next, isEnd, null);
    }

    public static AllSlice error(Position asked, String error) {
        return new AllSlice(ReadAllResult.ERROR, asked, List.of(), NOWHERE, true, error);
    }

    public static AllSlice denied(Position asked) {
        return new AllSlice(ReadAllResult.ACCESS_DENIED, asked, List.of(), NOWHERE, true, null);
    }
}
