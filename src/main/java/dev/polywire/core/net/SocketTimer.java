package dev.polywire.core.net;

import io.vertx.core.Vertx;

/** The one timer of a socket: it wakes the machine at its deadline, and after the close it ends what does not end. */
final class SocketTimer {

    private static final long NEVER = Long.MAX_VALUE;

    private final Vertx vertx;
    private long timer = -1;
    private long atMillis = NEVER;

    SocketTimer(Vertx vertx) {
        this.vertx = vertx;
    }

    /** An early timer is harmless, so it is set again only when the deadline has moved to an earlier time. */
    void wakeAt(long deadlineMillis, Runnable tick) {
        if (deadlineMillis < atMillis) {
            wakeIn(Math.max(1, deadlineMillis - Monotonic.millis()), tick);
            atMillis = deadlineMillis;
        }
    }

    void wakeIn(long millis, Runnable tick) {
        cancel();
        timer = vertx.setTimer(millis, t -> {
            timer = -1;
            atMillis = NEVER;
            tick.run();
        });
    }

    void cancel() {
        vertx.cancelTimer(timer);
    }
}
