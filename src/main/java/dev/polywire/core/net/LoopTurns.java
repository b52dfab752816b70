package dev.polywire.core.net;

import io.vertx.core.Context;
import io.vertx.core.Vertx;

/** Continues long work in another turn of the event loop: other work of the loop comes first, and after some turns its sockets. */
final class LoopTurns {

    /** Turns in a row; then the loop polls its sockets, which tasks could otherwise delay for up to a second. */
    static final int TURNS_A_LOOK = 16;

    private final Context context;
    private final Vertx vertx;
    private int turns;

    LoopTurns(Context context) {
        this.context = context;
        this.vertx = context.owner();
    }

    void later(Runnable step) {
        if (++turns % TURNS_A_LOOK == 0) {
            vertx.setTimer(1, t -> step.run());
        } else {
            context.runOnContext(v -> step.run());
        }
    }
}
