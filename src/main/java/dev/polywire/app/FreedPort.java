package dev.polywire.app;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.BindException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A port that somebody in this process has just left. The JDK gives it back to the system when the selector of the one who
 * left has turned once more, which may be a moment after the close was reported: until then nobody can have it. A loop of
 * Netty works on its tasks for up to a second before it turns, and longer on a machine that has much to do.
 */
final class FreedPort {

    private static final int TRIES = 100;
    private static final long PAUSE_MILLIS = 50;

    private final Vertx vertx;
    private final int tries;

    /** Tries for 5 s. */
    FreedPort(Vertx vertx) {
        this(vertx, TRIES);
    }

    /** @param tries 50 ms apart */
    FreedPort(Vertx vertx, int tries) {
        this.vertx = vertx;
        this.tries = tries;
    }

    /** Starts what listens there, again and again when the port is taken. */
    <T> Future<T> take(Supplier<Future<T>> starting) {
        return take(starting, tries);
    }

    private <T> Future<T> take(Supplier<Future<T>> starting, int left) {
        return starting.get()
                .recover(cannot -> cannot instanceof BindException && left > 1
                        ? vertx.timer(PAUSE_MILLIS, TimeUnit.MILLISECONDS).compose(later -> take(starting, left - 1))
                        : Future.failedFuture(cannot));
    }
}
