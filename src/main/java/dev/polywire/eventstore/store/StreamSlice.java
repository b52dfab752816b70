package dev.polywire.eventstore.store;

import dev.polywire.eventstore.wire.ReadStreamResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some events of a stream.
 *
 * @param next where the next slice begins; -1: there is none
 * @param last number of the stream's last event; -1: it has none, or nothing is told
 * @param error null: none
 */
public record StreamSlice(
        ReadStreamResult result,
        List<StoredEvent> events,
        long next,
        long last,
        boolean isEnd,
        @Nullable String error) {

    static StreamSlice of(List<StoredEvent> events, long next, long last, boolean isEnd) {
        return new StreamSlice(ReadStreamResult.SUCCESS, events, next, last, isEnd, null);
    }

    static StreamSlice none(ReadStreamResult why, long last) {
        return new StreamSlice(why, List.of(), -1, last, true, null);
    }

    static StreamSlice error(String error) {
        return new StreamSlice(ReadStreamResult.ERROR, List.of(), -1, -1, true, error);
    }
}
