package dev.polywire.bolt.server;

import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a result, requested at the client's pace, one request at a time. The last {@link Page} or an answer to
 * {@link #discard} ends the result; otherwise {@link #cancel} ends it.
 */
@FunctionalInterface
public interface ResultRows {

    /**
     * Some rows, each with one value for each field of the result: values that {@link
     * dev.polywire.bolt.wire.PackStreamWriter#value} accepts.
     *
     * @param end null: there may be more
     */
    record Page(
            List<? extends List<? extends @Nullable Object>> rows,
            @Nullable Summary end) {

        /** There may be more. */
        public static Page of(List<? extends List<? extends @Nullable Object>> rows) {
            return new Page(rows, null);
        }

        /** There are no more. */
        public static Page last(List<? extends List<? extends @Nullable Object>> rows, Summary end) {
            return new Page(rows, end);
        }
    }

    /**
     * The next rows.
     *
     * @param max 1 to 1,000
     * @return at most {@code max} rows; an empty page only at the end
     */
    Future<Page> next(int max);

    /** The client drops the remaining rows. By default calls {@link #cancel} and returns an empty summary. */
    default Future<Summary> discard() {
        cancel();
        return Future.succeededFuture(Summary.EMPTY);
    }

    /** What is in memory of the rows that were not requested yet. */
    default long heldBytes() {
        return 0;
    }

    /** The client no longer waits, including for an open request: the result's resources can be released. */
    default void cancel() {}
}
