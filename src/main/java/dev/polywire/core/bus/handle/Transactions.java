package dev.polywire.core.bus.handle;

import dev.polywire.core.bus.request.Failure;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The open transactions of one connector instance, behind the one address of their room.
 *
 * @param <T> a transaction
 */
public final class Transactions<T extends HeldTransaction> {

    private final HandleRoom<T> open;

    /** @param open their room */
    public Transactions(HandleRoom<T> open) {
        this.open = open;
    }

    /** Begins a transaction for the request that is being handed over. As {@link HandleRoom#open}. */
    public Future<JsonObject> begin(Supplier<Future<T>> beginning) {
        return open.open(beginning);
    }

    /** Runs work in a transaction; throws NOT_FOUND when the transaction is over or never existed. */
    public <R> Future<R> within(String id, Function<T, Future<R>> work) {
        T transaction = usable(id);
        return transaction.during(() -> work.apply(transaction)).onComplete(done -> {
            if (transaction.isOver()) {
                open.remove(id);
            }
        });
    }

    /** Commits a transaction or rolls it back; from this call on no other request can use it. */
    public <R> Future<R> ending(String id, Function<T, Future<R>> end) {
        T transaction = usable(id);
        open.remove(id);
        return transaction.during(() -> end.apply(transaction));
    }

    /** As {@link #ending}; does nothing when the transaction does not exist any more. */
    public Future<Void> close(String id, Function<T, Future<Void>> rollback) {
        return open.has(id) ? ending(id, rollback) : Future.succeededFuture();
    }

    /** Renews its lease; throws NOT_FOUND. */
    public Future<Void> renew(String id) {
        open.use(id);
        return Future.succeededFuture();
    }

    private T usable(String id) {
        T transaction = open.use(id);
        if (transaction.isOver()) {
            open.remove(id);
            throw Failure.NOT_FOUND.because("id: a transaction that a failure has ended");
        }
        return transaction;
    }
}
