package dev.polywire.core.bus.handle;

import dev.polywire.core.bus.request.Failure;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The open transactions of one connector instance, behind the one address of their room.
 *
 * @param <T> a transaction
 */
public final class Transactions<T extends HeldTransaction> {

    /** How many that failed are remembered; a request in one before them hears only that it has ended. */
    private static final int MAX_FAILED = 1_000;
    /** Characters of what a server has said of one. */
    private static final int MAX_WORDS = 4_096;

    private final HandleRoom<T> open;
    private final Function<Throwable, ServiceException> failures;
    /** What ended them, by their ids, the oldest first. */
    private final Map<String, ServiceException> failed = new LinkedHashMap<>();

    /**
     * @param open their room
     * @param failures the protocol's mapping
     */
    public Transactions(HandleRoom<T> open, Function<Throwable, ServiceException> failures) {
        this.open = open;
        this.failures = failures;
    }

    /** Begins a transaction for the request that is being handed over. As {@link HandleRoom#open}. */
    public Future<JsonObject> begin(Supplier<Future<T>> beginning) {
        return open.open(beginning);
    }

    /**
     * Runs work in a transaction. Throws NOT_FOUND when the transaction is over or never existed; when a failure has ended it
     * of which no caller knows yet, that failure.
     */
    public <R> Future<R> within(String id, Function<T, Future<R>> work) {
        T transaction = usable(id);
        return transaction.during(() -> work.apply(transaction)).onComplete(done -> {
            // Else nobody knows yet what ended it, and the next request hears of it.
            if (transaction.isOver() && (transaction.failure() == null || transaction.isTold())) {
                forget(id, reason(transaction));
            }
        });
    }

    /** Commits a transaction or rolls it back; from this call on no other request can use it. */
    public <R> Future<R> ending(String id, Function<T, Future<R>> end) {
        T transaction = usable(id);
        open.remove(id);
        return transaction.during(() -> end.apply(transaction)).onFailure(cause -> forget(id, failures.apply(cause)));
    }

    /** As {@link #ending}; does nothing when the transaction is over. */
    public Future<Void> close(String id, Function<T, Future<Void>> rollback) {
        if (open.has(id) && open.use(id).isOver()) {
            open.remove(id);
        }
        return open.has(id) ? ending(id, rollback) : Future.succeededFuture();
    }

    /** Renews its lease; throws as {@link #within}. */
    public Future<Void> renew(String id) {
        usable(id);
        return Future.succeededFuture();
    }

    private T usable(String id) {
        ServiceException before = failed.get(id);
        if (before != null) {
            throw ended(before);
        }
        T transaction = open.use(id);
        if (!transaction.isOver()) {
            return transaction;
        }
        ServiceException why = reason(transaction);
        forget(id, why);
        throw why == null || transaction.isTold() ? ended(why) : why;
    }

    private @Nullable ServiceException reason(T transaction) {
        Throwable why = transaction.failure();
        return why == null ? null : failures.apply(why);
    }

    private static ServiceException ended(@Nullable ServiceException why) {
        String id = "id: a transaction that has ended";
        return why == null
                ? Failure.NOT_FOUND.because(id)
                : Failure.NOT_FOUND.because(
                        id + ": " + why.getMessage(),
                        false,
                        false,
                        why.getDebugInfo().getJsonObject("server"));
    }

    /** @param why what ended it, which is remembered; null: not a failure */
    private void forget(String id, @Nullable ServiceException why) {
        open.remove(id);
        if (why != null && failed.putIfAbsent(id, brief(why)) == null && failed.size() > MAX_FAILED) {
            failed.remove(failed.keySet().iterator().next());
        }
    }

    /** Without the server's words if these are many; its text stands in the failure's. */
    private static ServiceException brief(ServiceException failure) {
        JsonObject info = failure.getDebugInfo().copy();
        JsonObject server = info.getJsonObject("server");
        if (server != null && server.encode().length() > MAX_WORDS) {
            info.remove("server");
        }
        return new ServiceException(failure.failureCode(), failure.getMessage(), info);
    }
}
