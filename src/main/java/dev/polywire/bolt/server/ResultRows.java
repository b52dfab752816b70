package dev.polywire.bolt.server;

import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a result, asked for as the client wants them and is able to read them. One question at a time; after the last
 * {@link Page} or an answer to {@link #discard} nothing more is said, else {@link #cancel} comes some time.
 */
@FunctionalInterface
public interface ResultRows {

    /**
     * Some rows, each with one value for each of the result's fields: what {@link
     * dev.polywire.bolt.wire.PackStreamWriter#value} takes.
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
     * @return at most so many; none only at the end
     */
    Future<Page> next(int max);

    /** The client wants none of the others. By default as {@link #cancel}, with nothing to say. */
    default Future<Summary> discard() {
        cancel();
        return Future.succeededFuture(Summary.EMPTY);
    }

    /** Nobody listens any more, not to the answer of an open question either; what is behind the result can be let go. */
    default void cancel() {}
}
