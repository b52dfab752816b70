package dev.polywire.core.bus.stream;

import io.vertx.core.Handler;
import java.util.List;
import java.util.stream.LongStream;

/**
 * A source whose protocol needs the outcome of each item. Items are numbered by their place: the first item of the first
 * page is 1. Each item is settled at most once, and not before it was given; items that are not settled when the source is
 * closed go back.
 */
public interface SettledSource extends StreamSource {

    /**
     * Is told that the protocol has taken back those of the items {@code first} to {@code last} that are not settled; none when
     * {@code last} is before {@code first}.
     */
    interface LapseHandler {
        void lapsed(long first, long last);
    }

    /**
     * Registers who is told, once, that the source gives nothing more although nobody pulls. What it gave can be settled until
     * it is closed. A source that ends in no such way does not use it.
     */
    default void cutHandler(Handler<Throwable> handler) {}

    /**
     * Registers who is told whenever the protocol takes items back: it gives them again, as new items, or to somebody else.
     * They count as settled, and a reader's later word about one is passed over and counted.
     */
    default void lapseHandler(LapseHandler handler) {}

    /** The protocol's own words for what becomes of a rejected item, for {@link Rejection#action}; none: it has no such words. */
    default List<String> actions() {
        return List.of();
    }

    /** @return false: the protocol has taken the item back before, so nothing was settled */
    boolean acknowledge(long item);

    /** Somebody has tried to process the item. @return as {@link #acknowledge} */
    boolean reject(long item, Rejection how);

    /** Nobody has processed the item, and the protocol gives it again. @return as {@link #acknowledge} */
    default boolean giveBack(long item) {
        return reject(item, Rejection.AGAIN);
    }

    /**
     * Acknowledges an item, and all earlier items that are not settled.
     *
     * @param all of these items, in order; a protocol that needs only one command for them does not read the list
     */
    default void acknowledgeUpTo(long item, LongStream all) {
        all.forEach(this::acknowledge);
    }

    /** The same for {@link #reject}. */
    default void rejectUpTo(long item, Rejection how, LongStream all) {
        all.forEach(each -> reject(each, how));
    }
}
