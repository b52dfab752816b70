package dev.polywire.core.bus.stream;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** The object behind a stream handle: a cursor, a subscription, a socket. One page is requested at a time. */
public interface StreamSource {

    /** The size of a requested page, which becomes one bus message. */
    int MAX_PAGE_BYTES = 1024 * 1024;

    /**
     * Part of a stream.
     *
     * @param items in order; none, and not done: there are none yet, but {@code resume} is a newer one
     * @param done true when no items follow
     * @param heldBytes what the items take in memory, see {@link dev.polywire.core.json.JsonWeight}; negative: not
     *     measured
     * @param resume where a new stream goes on behind the last of these items, in the protocol's own terms, or with no items
     *     behind all that were given before; null: the protocol has no such place
     */
    record Page(
            JsonArray items,
            boolean done,
            long heldBytes,
            @Nullable JsonObject resume) {

        public static final Page END = new Page(new JsonArray(), true);

        /** For a protocol whose streams cannot be resumed. */
        public Page(JsonArray items, boolean done, long heldBytes) {
            this(items, done, heldBytes, null);
        }

        /** For a source that has not measured its items: whoever keeps them measures each. */
        public Page(JsonArray items, boolean done) {
            this(items, done, -1);
        }
    }

    /**
     * The next items, as soon as there is at least one. A page without items that is not the last is given only after it was
     * waited for: who needs items pulls again at once.
     *
     * @param max how many items the reader has room for, the credit of the protocol; at least 1
     * @param maxBytes a page ends when its items have about this size
     */
    Future<Page> pull(int max, int maxBytes);

    /**
     * As {@link #pull(int, int)}, for a source whose calls to the peer belong to the reader's request.
     *
     * @param request the reader's, as returned by {@code Spi.admitted}; null: there is none
     */
    default Future<Page> pull(int max, int maxBytes, @Nullable Object request) {
        return pull(max, maxBytes);
    }

    /**
     * Takes back pulled items that are not wanted, in order, before {@link #close}: the next reader gets them first. A
     * source that cannot do this loses them; for a {@link SettledSource}, {@code reject} is called instead.
     */
    default void giveBack(JsonArray items) {}

    /** Bytes that wait here for this stream's next pages; they change with a {@link #pull} and with {@link #close} only. */
    default long heldBytes() {
        return 0;
    }

    /**
     * Releases what the protocol keeps for this stream. Called once, even while a pull is pending; the outcome of that pull
     * is then ignored.
     */
    Future<Void> close();
}
