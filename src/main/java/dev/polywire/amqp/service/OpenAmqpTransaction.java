package dev.polywire.amqp.service;

import dev.polywire.amqp.session.AmqpReceipt;
import dev.polywire.amqp.session.AmqpTransaction;
import dev.polywire.core.bus.handle.HeldTransaction;
import dev.polywire.core.bus.request.Failure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A transaction behind a handle, with the receipts of the messages that were fetched in it. */
final class OpenAmqpTransaction extends HeldTransaction {

    private final Vertx vertx;
    private final AmqpTransaction transaction;
    private final Map<Long, AmqpReceipt> unsettled = new HashMap<>();
    private long fetched;
    private @Nullable RuntimeException failure;
    private boolean over;

    OpenAmqpTransaction(Vertx vertx, AmqpTransaction transaction) {
        this.vertx = vertx;
        this.transaction = transaction;
        transaction.endHandler(ended -> {
            failure = ended;
            over = true;
        });
    }

    AmqpTransaction transaction() {
        return transaction;
    }

    /** Whether the transaction has ended. */
    @Override
    protected boolean isOver() {
        return over;
    }

    @Override
    protected @Nullable Throwable failure() {
        return failure;
    }

    /** @return its delivery tag here */
    long fetched(AmqpReceipt receipt) {
        unsettled.put(++fetched, receipt);
        return fetched;
    }

    /** Takes the message to settle; throws BAD_REQUEST for an unknown tag. */
    AmqpReceipt settle(long deliveryTag) {
        AmqpReceipt receipt = unsettled.remove(deliveryTag);
        if (receipt == null) {
            throw Failure.BAD_REQUEST.because(
                    "deliveryTag: " + deliveryTag + " (expected: of a message that was fetched and is not settled)");
        }
        return receipt;
    }

    @Override
    protected Future<Void> undo(Failure why) {
        if (over) {
            return Future.succeededFuture();
        }
        over = true;
        return rolledBack(vertx, transaction::rollback);
    }
}
