package dev.polywire.eventstore.service;

import dev.polywire.core.bus.handle.HeldTransaction;
import dev.polywire.core.bus.request.Failure;
import dev.polywire.eventstore.session.EventStoreTransaction;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** A transaction behind a handle. */
final class OpenStoreTransaction extends HeldTransaction {

    private final EventStoreTransaction transaction;

    OpenStoreTransaction(EventStoreTransaction transaction) {
        this.transaction = transaction;
    }

    @Override
    protected Future<Void> undo(Failure why) {
        transaction.rollback();
        return Future.succeededFuture();
    }

    @Override
    protected @Nullable Throwable failure() {
        return transaction.ended();
    }

    @Override
    protected boolean isOver() {
        return transaction.ended() != null;
    }

    EventStoreTransaction transaction() {
        return transaction;
    }
}
