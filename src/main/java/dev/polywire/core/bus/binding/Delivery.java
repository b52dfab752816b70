package dev.polywire.core.bus.binding;

import dev.polywire.core.net.Backoff;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** One item of a binding: it keeps its place and its id, however often it is sent. */
final class Delivery {

    private final long number;
    private final long bytes;
    private @Nullable Object item;
    /** Of an item that is sent again; else null. */
    private @Nullable Backoff backoff;

    private boolean timedOut;
    private boolean lost;

    /** @param number its place, from 1 @param bytes what it takes in memory; 0: somebody else counts it */
    Delivery(long number, @Nullable Object item, long bytes) {
        this.number = number;
        this.item = item;
        this.bytes = bytes;
    }

    long number() {
        return number;
    }

    @Nullable
    Object item() {
        return item;
    }

    /** Whether it is one of the items {@code first} to {@code last}. */
    boolean isOf(long first, long last) {
        return first <= number && number <= last;
    }

    long bytes() {
        return bytes;
    }

    /** It is not sent again: a request without an answer keeps no item. */
    void forget() {
        item = null;
    }

    /** The protocol has taken it back, and gives it again as another item. */
    void lost() {
        lost = true;
    }

    boolean isLost() {
        return lost;
    }

    /** The consumer did not answer in time. @return whether this was the first time */
    boolean timedOut() {
        boolean first = !timedOut;
        timedOut = true;
        return first;
    }

    /** The item is sent again. @return milliseconds to wait before: 0 the first time */
    long requeueMillis() {
        if (backoff != null) {
            return backoff.nextMillis();
        }
        backoff = new Backoff(new Random());
        return 0;
    }
}
