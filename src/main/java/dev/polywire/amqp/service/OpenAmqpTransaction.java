package dev.polywire.amqp.service;

import dev.polywire.amqp.session.AmqpGot;
import dev.polywire.amqp.session.AmqpTransaction;
import dev.polywire.core.bus.Failure;
import dev.polywire.core.bus.HandleRoom;
import dev.polywire.core.net.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A transaction behind a handle, with the messages that were fetched in it. */
final class OpenAmqpTransaction implements HandleRoom.Held {

    private static final long ROLLBACK_MILLIS = 5_000;

    private final Vertx vertx;
    private final AmqpTransaction transaction;
    private final Map<Long, AmqpGot> unsettled = new HashMap<>();
    private long fetched;
    private int running;
    private boolean used;
    private boolean over;
    private @Nullable Promise<Void> quiet;

    OpenAmqpTransaction(Vertx vertx, AmqpTransaction transaction) {
        this.vertx = vertx;
        this.transaction = transaction;
        transaction.endHandler(ended -> over = true);
    }

    AmqpTransaction transaction() {
        return transaction;
    }

    /** Whether nothing can be done in it any more. */
    boolean isOver() {
        return over;
    }

    /** @return its delivery tag here */
    long fetched(AmqpGot got) {
        unsettled.put(++fetched, got);
        return fetched;
    }

    /** It is settled now; throws BAD_REQUEST for one that is not there. */
    AmqpGot settle(long deliveryTag) {
        AmqpGot got = unsettled.remove(deliveryTag);
        if (got == null) {
            throw Failure.BAD_REQUEST.because(
                    "deliveryTag: " + deliveryTag + " (expected: of a message that was fetched and is not settled)");
        }
        return got;
    }

    /** Work in it, which is use of it. */
    <T> Future<T> during(Supplier<Future<T>> work) {
        running++;
        used = true;
        return AmqpFailure.typed(work).onComplete(done -> {
            running--;
            if (running == 0 && quiet != null) {
                quiet.tryComplete();
            }
        });
    }

    @Override
    public boolean inUse() {
        boolean since = used;
        used = false;
        return since || running > 0;
    }

    /** What runs in it may come to its end first. */
    @Override
    public Future<Void> release(Failure why) {
        if (running == 0) {
            return undo();
        }
        Promise<Void> end = Promise.promise();
        quiet = end;
        return end.future().compose(quieted -> undo());
    }

    private Future<Void> undo() {
        if (over) {
            return Future.succeededFuture();
        }
        over = true;
        Deadline deadline = Deadline.after(vertx, ROLLBACK_MILLIS);
        return transaction
                .rollback(deadline)
                .onComplete(undone -> deadline.met())
                .otherwiseEmpty();
    }
}
