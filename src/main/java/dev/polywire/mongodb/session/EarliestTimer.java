package dev.polywire.mongodb.session;

import dev.polywire.core.net.Monotonic;
import io.vertx.core.Vertx;

/** One timer for what several have to wait for: it fires at the earliest of their times, and is then set anew. */
final class EarliestTimer {

    private final Vertx vertx;
    private final Runnable action;
    private long timer = -1;
    private long atMillis;

    EarliestTimer(Vertx vertx, Runnable action) {
        this.vertx = vertx;
        this.action = action;
    }

    /** The action is run by then. @param millis from now; negative: nothing has to wait */
    void within(long millis) {
        if (millis < 0) {
            return;
        }
        long thenMillis = Monotonic.millis() + millis;
        if (timer < 0 || thenMillis < atMillis) {
            cancel();
            atMillis = thenMillis;
            timer = vertx.setTimer(Math.max(1, millis), t -> {
                timer = -1;
                action.run();
            });
        }
    }

    boolean isSet() {
        return timer >= 0;
    }

    void cancel() {
        vertx.cancelTimer(timer);
        timer = -1;
    }
}
