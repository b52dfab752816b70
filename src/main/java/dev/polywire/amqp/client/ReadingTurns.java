package dev.polywire.amqp.client;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;

/**
 * A connection whose deliveries are paused, and which stays alive: it reads a little, then nothing for a quarter of the
 * heartbeat, and so on. A turn of reading lasts until something has arrived, so a broker that says nothing at all is noticed
 * as on any connection.
 *
 * <pre>
 *   |--- held ---|read|--- held ---|read|--- held ---
 *    heartbeat / 4    one read of the socket, and what was read before
 * </pre>
 */
final class ReadingTurns {

    /** Twice as often as half the heartbeat, which is when a connection must have been read. */
    private static final int TURNS = 4;
    /** Without heartbeats the end of the connection is still to be noticed. */
    private static final int NO_HEARTBEAT_SECONDS = 60;

    private final Vertx vertx;
    private final Handler<Boolean> hold;
    private long heldMillis = NO_HEARTBEAT_SECONDS * 1_000L / TURNS;
    private boolean paused;
    private boolean over;
    /** -1: in a turn, or not paused. */
    private long timer = -1;

    /** @param hold true: nothing is to be read */
    ReadingTurns(Vertx vertx, Handler<Boolean> hold) {
        this.vertx = vertx;
        this.hold = hold;
    }

    /** @param seconds 0: there are none */
    void heartbeat(int seconds) {
        heldMillis = (seconds == 0 ? NO_HEARTBEAT_SECONDS : seconds) * 1_000L / TURNS;
    }

    void pause(boolean on) {
        if (paused == on || over) {
            return;
        }
        paused = on;
        if (on) {
            rest();
        } else {
            vertx.cancelTimer(timer);
            timer = -1;
            hold.handle(false);
        }
    }

    /** Something was read, and its events were delivered. */
    void arrived() {
        if (paused && timer < 0 && !over) {
            rest();
        }
    }

    /** The connection ends: it is read without a pause. */
    void end() {
        pause(false);
        over = true;
    }

    private void rest() {
        hold.handle(true);
        timer = vertx.setTimer(heldMillis, t -> {
            timer = -1;
            hold.handle(false);
        });
    }
}
