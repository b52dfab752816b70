package dev.polywire.amqp.session;

import dev.polywire.core.net.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.BooleanSupplier;

/** Waits until nothing is in flight, or the time is over. */
final class Drain {

    private static final long LOOK_MILLIS = 10;

    private final Vertx vertx;
    private final BooleanSupplier isIdle;
    private final Deadline deadline;
    private final Promise<Void> over = Promise.promise();

    Drain(Vertx vertx, BooleanSupplier isIdle, Deadline deadline) {
        this.vertx = vertx;
        this.isIdle = isIdle;
        this.deadline = deadline;
    }

    /** Looks once {@code first} is done, however it ends. */
    Future<Void> after(Future<Void> first) {
        first.onComplete(done -> look());
        return over.future();
    }

    private void look() {
        if (isIdle.getAsBoolean() || deadline.remainingMillis() == 0) {
            over.tryComplete();
        } else {
            vertx.setTimer(LOOK_MILLIS, t -> look());
        }
    }
}
