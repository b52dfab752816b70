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

    private FreedPort() {}

    /** Starts what listens there, again and again for 5 s when the port is taken. */
    static <T> Future<T> take(Vertx vertx, Supplier<Future<T>> starting) {
        return take(vertx, starting, TRIES);
    }

    private static <T> Future<T> take(Vertx vertx, Supplier<Future<T>> starting, int tries) {
        return starting.get()
                .recover(cannot -> cannot instanceof BindException && tries > 1
                        ? vertx.timer(PAUSE_MILLIS, TimeUnit.MILLISECONDS)
                                .compose(later -> take(vertx, starting, tries - 1))
                        : Future.failedFuture(cannot));
    }
}
