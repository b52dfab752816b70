package dev.polywire.core.bus.stream;

import java.util.stream.LongStream;

/**
 * A source whose protocol wants to hear what became of each item. Items are numbered by their place: the first of the first
 * page is 1. Each is spoken of once at most, and not before it was given; those that nobody has spoken of when the source is
 * closed go back.
 */
public interface SettledSource extends StreamSource {

    void acknowledge(long item);

    /** @param requeue true: the protocol gives it again, as a new item; false: it was given for the last time */
    void reject(long item, boolean requeue);

    /**
     * An item is acknowledged, and all before it that nobody has spoken of.
     *
     * @param all of these, in order; a protocol that can say it in one word does not look at them
     */
    default void acknowledgeUpTo(long item, LongStream all) {
        all.forEach(this::acknowledge);
    }

    /** The same for {@link #reject}. */
    default void rejectUpTo(long item, boolean requeue, LongStream all) {
        all.forEach(each -> reject(each, requeue));
    }
}
