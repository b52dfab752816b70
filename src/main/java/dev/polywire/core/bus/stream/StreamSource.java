package dev.polywire.core.bus.stream;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import org.jspecify.annotations.Nullable;

/** What stands behind a stream handle: a cursor, a subscription, a socket. Asked for one page at a time. */
public interface StreamSource {

    /** What we ask for: a page becomes one bus message. */
    int MAX_PAGE_BYTES = 1024 * 1024;

    /**
     * Part of a stream.
     *
     * @param items in order; none: the stream has ended
     * @param done true when nothing comes after these items
     */
    record Page(JsonArray items, boolean done) {

        public static final Page END = new Page(new JsonArray(), true);
    }

    /**
     * The next items, as soon as there is at least one.
     *
     * @param max how many the reader has room for, the credit of the protocol; at least 1
     * @param maxBytes a page ends when its items have about this size
     */
    Future<Page> pull(int max, int maxBytes);

    /**
     * As {@link #pull(int, int)}, where the calls that it makes are to be told for whom.
     *
     * @param request the reader's, as {@code Spi.admitted} named it; null: nobody's
     */
    default Future<Page> pull(int max, int maxBytes, @Nullable Object request) {
        return pull(max, maxBytes);
    }

    /**
     * Takes back what was pulled and is not wanted, in order, before {@link #close}: whoever pulls next gets it first. A
     * source that cannot do that loses it; a {@link SettledSource} is told by {@code reject} instead.
     */
    default void giveBack(JsonArray items) {}

    /**
     * Releases what the protocol keeps for this stream. Called once, perhaps while a pull has no outcome yet; that one is
     * then ignored.
     */
    Future<Void> close();
}
