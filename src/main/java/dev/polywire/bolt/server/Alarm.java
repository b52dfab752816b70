package dev.polywire.bolt.server;

import dev.polywire.core.net.Monotonic;
import io.vertx.core.Vertx;

/**
 * One timer for a time that changes with each request: it is set again only when it would expire too late, and when it
 * expires too early.
 */
final class Alarm {

    static final long NEVER = Long.MAX_VALUE;

    private final Vertx vertx = Vertx.currentContext().owner();
    private final Runnable ring;
    private long timer = -1;
    private long atMillis = NEVER;

    Alarm(Runnable ring) {
        this.ring = ring;
    }

    void by(long dueMillis) {
        if (dueMillis < atMillis) {
            vertx.cancelTimer(timer);
            atMillis = dueMillis;
            timer = vertx.setTimer(Math.max(1, dueMillis - Monotonic.millis()), t -> {
                atMillis = NEVER;
                ring.run();
            });
        }
    }

    void off() {
        vertx.cancelTimer(timer);
        // Any later time is too late.
        atMillis = Long.MIN_VALUE;
    }
}
