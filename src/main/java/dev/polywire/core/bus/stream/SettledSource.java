package dev.polywire.core.bus.stream;

import io.vertx.core.Handler;
import java.util.stream.LongStream;

/**
 * A source whose protocol needs the outcome of each item. Items are numbered by their place: the first item of the first
 * page is 1. Each item is settled at most once, and not before it was given; items that are not settled when the source is
 * closed go back.
 */
public interface SettledSource extends StreamSource {

    /**
     * Registers who is told, once, that the source gives nothing more although nobody pulls. What it gave can be settled until
     * it is closed. A source that ends in no such way does not use it.
     */
    default void cutHandler(Handler<Throwable> handler) {}

    /** @return false: the protocol has taken the item back before, so nothing was settled */
    boolean acknowledge(long item);

    /**
     * Somebody has tried to process the item.
     *
     * @param requeue true: the protocol gives the item again, as a new item; false: it is not given again
     * @return as {@link #acknowledge}
     */
    boolean reject(long item, boolean requeue);

    /** Nobody has processed the item, and the protocol gives it again. @return as {@link #acknowledge} */
    default boolean giveBack(long item) {
        return reject(item, true);
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
    default void rejectUpTo(long item, boolean requeue, LongStream all) {
        all.forEach(each -> reject(each, requeue));
    }
}
