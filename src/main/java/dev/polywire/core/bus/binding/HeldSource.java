package dev.polywire.core.bus.binding;

import dev.polywire.core.bus.stream.SettledSource;
import dev.polywire.core.net.Monotonic;
import java.util.stream.LongStream;

/**
 * A source whose protocol waits only so long for the settlement of an item. A binding that has paused gives its items back
 * before, and holds one at a time until somebody answers.
 */
public interface HeldSource extends SettledSource {

    /** The clock for the age of items. */
    static long nowMillis() {
        return Monotonic.millis();
    }

    /**
     * Milliseconds until an item must be back if nobody works on it; {@link Long#MAX_VALUE}: never.
     *
     * @param item the oldest item that nobody works on; one that was not given yet: the next to be given, and if there is
     *     none, the longest time that any item has
     */
    long leftMillis(long item);

    /** Takes back these items and whatever waits to be given, and gives one item at a time from now on. */
    void giveOne(LongStream items);

    /** Gives as many items as the reader has room for again. */
    void giveAll();
}
