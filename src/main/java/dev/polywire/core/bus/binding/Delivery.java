package dev.polywire.core.bus.binding;

import dev.polywire.core.net.Backoff;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** One item of a binding: it keeps its place and its id, however often it is sent. */
final class Delivery {

    private final long number;
    private final @Nullable Object item;
    private final Backoff backoff = new Backoff(new Random());
    private boolean requeued;
    private boolean timedOut;

    /** @param number its place, from 1 */
    Delivery(long number, @Nullable Object item) {
        this.number = number;
        this.item = item;
    }

    long number() {
        return number;
    }

    @Nullable
    Object item() {
        return item;
    }

    /** The consumer did not answer in time. @return whether this was the first time */
    boolean timedOut() {
        boolean first = !timedOut;
        timedOut = true;
        return first;
    }

    /** The item is sent again. @return milliseconds to wait before: 0 the first time */
    long requeueMillis() {
        long millis = requeued ? backoff.nextMillis() : 0;
        requeued = true;
        return millis;
    }
}
