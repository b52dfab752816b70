package dev.polywire.bolt.server;

import dev.polywire.core.net.Monotonic;
import io.vertx.core.Vertx;

/**
 * One timer for what changes with each request: it is only set again when it would come too late, and who is woken too early
 * sets it again.
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
        // Whatever comes later is too late.
        atMillis = Long.MIN_VALUE;
    }
}
