package dev.polywire.eventstore.server;

import dev.polywire.core.net.Monotonic;
import io.vertx.core.Vertx;

/** Tells a database the time when it wants to be told. */
final class DatabaseTimer {

    private final Vertx vertx;
    private final EventStoreDatabase database;
    private long timer = -1;
    private long atMillis = Long.MAX_VALUE;
    private boolean stopped;

    DatabaseTimer(Vertx vertx, EventStoreDatabase database) {
        this.vertx = vertx;
        this.database = database;
    }

    /** The database has been asked for something: its deadline may be an earlier one. */
    void look() {
        long deadlineMillis = database.deadlineMillis();
        // An early call is harmless: a deadline that has moved away costs one.
        if (deadlineMillis < atMillis && !stopped) {
            vertx.cancelTimer(timer);
            atMillis = deadlineMillis;
            timer = vertx.setTimer(Math.max(1, deadlineMillis - Monotonic.millis()), due -> tick());
        }
    }

    void stop() {
        stopped = true;
        vertx.cancelTimer(timer);
    }

    private void tick() {
        atMillis = Long.MAX_VALUE;
        try {
            database.tick(Monotonic.millis());
        } finally {
            look();
        }
    }
}
