package dev.polywire.mongodb.server;

import io.vertx.core.Future;
import io.vertx.core.Timer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A command of one connection that is held until something has happened, or its time is over. At most one at a time. */
final class HeldCommand {

    private final SmallMongo server;
    private final ScriptedPeer peer;
    private @Nullable Future<?> ready;
    private long timer = -1;

    HeldCommand(SmallMongo server, ScriptedPeer peer) {
        this.server = server;
        this.peer = peer;
    }

    /**
     * Holds one, instead of one that is held. The connection is reset when {@code ready} fails.
     *
     * @param maxTimeMillis 0 or less: any time
     * @param then true: ready; false: the time was over before
     */
    void hold(Future<?> ready, long maxTimeMillis, Consumer<Boolean> then) {
        release();
        this.ready = ready;
        if (maxTimeMillis > 0) {
            timer = server.vertx().setTimer(maxTimeMillis, fired -> {
                release();
                then.accept(false);
            });
        }
        ready.onComplete(done -> server.later(() -> {
            if (this.ready != ready) {
                return;
            }
            release();
            if (done.succeeded()) {
                then.accept(true);
            } else {
                peer.abort();
            }
        }));
    }

    /** Holds it no more: nothing happens. */
    void release() {
        if (timer >= 0) {
            server.vertx().cancelTimer(timer);
            timer = -1;
        }
        Future<?> released = ready;
        ready = null;
        if (released instanceof Timer ticking) {
            ticking.cancel();
        }
    }
}
