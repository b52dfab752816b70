package dev.polywire.app;

import dev.polywire.core.net.ListenException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A port that this process has just closed. The JDK releases it to the system only after the next turn of its selector,
 * which may be after the close completed: until then the port is in use. An event loop of Netty runs its tasks for up to a
 * second before that turn, and longer on a busy machine.
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

    /** Starts a listener on the port, again while the port is taken. */
    <T> Future<T> take(Supplier<Future<T>> starting) {
        return take(starting, tries);
    }

    private <T> Future<T> take(Supplier<Future<T>> starting, int left) {
        return starting.get()
                .recover(cannot -> cannot instanceof ListenException no && no.isTaken() && left > 1
                        ? vertx.timer(PAUSE_MILLIS, TimeUnit.MILLISECONDS).compose(later -> take(starting, left - 1))
                        : Future.failedFuture(cannot));
    }
}
