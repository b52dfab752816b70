package dev.polywire.bench;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Arrays;

/** A number of operations, some of them in flight at a time: the load begins one when told, and says when one has ended. */
final class Window {

    private final int operations;
    private final int inFlight;
    private long[] tookNanos;
    private final Promise<Void> over = Promise.promise();
    private Runnable beginning = () -> {};
    private int begun;
    private int ended;
    private long lastNanos;

    /** @param inFlight with 1, the time that each takes is kept; with more, of those that end by {@link #endedSince} */
    Window(int operations, int inFlight) {
        this.operations = operations;
        this.inFlight = inFlight;
        this.tookNanos = new long[inFlight == 1 ? operations : 0];
    }

    int operations() {
        return operations;
    }

    int inFlight() {
        return inFlight;
    }

    /** Whether one operation is in flight at a time, so that whoever ends it is alone. */
    boolean isSingle() {
        return inFlight == 1;
    }

    /** Begins as many as may be in flight. @param beginning begins one */
    void open(Runnable beginning) {
        this.beginning = beginning;
        lastNanos = System.nanoTime();
        for (int i = Math.min(inFlight, operations); i > 0; i--) {
            begin();
        }
    }

    /** One has ended, and the next begins. */
    void ended() {
        if (inFlight == 1) {
            tookNanos[ended] = System.nanoTime() - lastNanos;
        }
        ended++;
        if (begun < operations) {
            begin();
        } else if (ended == operations) {
            over.complete();
        }
    }

    /** The same of one of several in flight, whose time is kept. */
    void endedSince(long begunNanos) {
        if (tookNanos.length == 0) {
            tookNanos = new long[operations];
        }
        tookNanos[ended] = System.nanoTime() - begunNanos;
        ended();
    }

    /** Many have ended that were not begun one by one. */
    void ended(int count) {
        ended += count;
        if (ended == operations) {
            over.complete();
        }
    }

    void failed(Throwable cause) {
        over.tryFail(cause);
    }

    Future<Void> over() {
        return over.future();
    }

    /** @param part 0.5: the median */
    long nanos(double part) {
        if (tookNanos.length == 0) {
            return 0;
        }
        long[] sorted = tookNanos.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.min(sorted.length - 1L, Math.round(part * sorted.length))];
    }

    private void begin() {
        begun++;
        if (inFlight == 1) {
            lastNanos = System.nanoTime();
        }
        beginning.run();
    }
}
