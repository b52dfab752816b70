package dev.polywire.bolt.session;

import dev.polywire.bolt.client.BoltConnection;
import dev.polywire.bolt.client.BoltException;
import dev.polywire.bolt.client.BoltResult;
import dev.polywire.bolt.wire.BoltRecord;
import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.BoltResponse;
import dev.polywire.bolt.wire.TransactionOptions;
import dev.polywire.core.net.Backoff;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Monotonic;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A sequence of transactions: each sees the writes of those before it, by their bookmarks. Options that name bookmarks
 * replace these.
 */
public final class BoltSession {

    private static final int MANAGED = 0;
    private static final int EXPLICIT = 1;
    private static final int AUTO_COMMIT = 2;

    /** Takes the records of a pipeline. */
    @FunctionalInterface
    public interface PipelineRows extends BoltConnection.Gatherer {

        /** @param statement its index, from 0 */
        void row(int statement, BoltRecord row);

        /** This statement is done; later ones may still fail. @param answer its summary */
        default void end(int statement, BoltResponse.Success answer) {}
    }

    private final Vertx vertx;
    private final BoltClient client;
    private final long maxRetryMillis;
    private List<String> bookmarks = List.of();

    BoltSession(Vertx vertx, BoltClient client, long maxRetryMillis) {
        this.vertx = vertx;
        this.client = client;
        this.maxRetryMillis = maxRetryMillis;
    }

    /** The bookmarks of the last transaction, or those that were set. */
    public List<String> bookmarks() {
        return bookmarks;
    }

    /** The bookmarks that the next transaction must see. */
    public void bookmarks(List<String> bookmarks) {
        this.bookmarks = List.copyOf(bookmarks);
    }

    /** Runs a query outside of transactions. Its connection is released when the result ends. */
    public Future<BoltResult> run(
            String query, Map<String, @Nullable Object> parameters, TransactionOptions options, Deadline deadline) {
        TransactionOptions work = chained(options);
        return client.acquire(work, deadline).map(pooled -> {
            pooled.tell(AUTO_COMMIT, deadline);
            BoltResult result = pooled.connection().run(new BoltRequest.Run(query, parameters, work), deadline);
            result.ended().onComplete(end -> {
                if (end.failed()) {
                    client.failed(pooled, end.cause());
                }
                pooled.release();
            });
            result.ended().map(this::ended);
            return result;
        });
    }

    /**
     * Runs queries on one connection, written together, each in a transaction of its own. When one fails, the later ones are
     * not run and fail with the same exception.
     *
     * @return the summary of each
     */
    public Future<List<BoltResponse.Success>> pipeline(
            List<BoltRequest.Run> queries, PipelineRows rows, Deadline deadline) {
        if (queries.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        return client.acquire(chained(queries.get(0).options()), deadline).compose(pooled -> {
            pooled.tell(AUTO_COMMIT, deadline);
            pooled.connection().gathers(rows);
            List<Future<BoltResponse.Success>> ends = new ArrayList<>();
            for (int i = 0; i < queries.size(); i++) {
                int number = i;
                BoltRequest.Run query = queries.get(i);
                BoltResult result = pooled.connection()
                        .run(
                                new BoltRequest.Run(query.query(), query.parameters(), chained(query.options())),
                                deadline);
                result.pull(
                        -1,
                        row -> {
                            rows.row(number, row);
                            return true;
                        },
                        deadline);
                ends.add(result.ended().map(this::ended).onSuccess(answer -> rows.end(number, answer)));
            }
            return Future.join(ends)
                    .onFailure(cause -> client.failed(pooled, cause))
                    .onComplete(end -> {
                        pooled.connection().gathered(rows);
                        pooled.release();
                    })
                    .map(end -> end.<BoltResponse.Success>list());
        });
    }

    /** Begins a transaction, from Bolt 3 on; a failure to begin is reported by its first query. */
    public Future<BoltTransaction> begin(TransactionOptions options, Deadline deadline) {
        return begin(EXPLICIT, options, deadline);
    }

    /**
     * Runs {@code work} in a transaction and commits it. Both are repeated, with back-off, after a failure that may be
     * temporary: one that the server calls transient, a connection lost before COMMIT, a server that is not the leader now.
     * They are not repeated after a COMMIT without answer, whose failure is UNKNOWN_OUTCOME.
     */
    public <T extends @Nullable Object> Future<T> transact(
            TransactionOptions options, Function<BoltTransaction, Future<T>> work, Deadline deadline) {
        return attempt(options, work, deadline, new Backoff(new Random()), Monotonic.millis() + maxRetryMillis);
    }

    private <T extends @Nullable Object> Future<T> attempt(
            TransactionOptions options,
            Function<BoltTransaction, Future<T>> work,
            Deadline deadline,
            Backoff backoff,
            long lastMillis) {
        return begin(MANAGED, options.within(Math.max(1, deadline.remainingMillis())), deadline)
                .compose(transaction -> Future.<Void>succeededFuture()
                        .compose(begun -> work.apply(transaction))
                        .compose(value -> transaction.commit(deadline).map(bookmark -> value))
                        .recover(cause ->
                                transaction.rollback(deadline).transform(undone -> Future.failedFuture(cause))))
                .recover(cause -> {
                    long delayMillis = backoff.nextMillis();
                    boolean inTime =
                            delayMillis < deadline.remainingMillis() && Monotonic.millis() + delayMillis < lastMillis;
                    if (!inTime || !mayPass(cause)) {
                        return Future.failedFuture(cause);
                    }
                    Promise<T> later = Promise.promise();
                    vertx.setTimer(
                            delayMillis,
                            t -> attempt(options, work, deadline, backoff, lastMillis)
                                    .onComplete(later));
                    return later.future();
                });
    }

    private Future<BoltTransaction> begin(int api, TransactionOptions options, Deadline deadline) {
        TransactionOptions work = chained(options);
        return client.acquire(work, deadline).map(pooled -> {
            if (!pooled.connection().server().version().hasTransactions()) {
                pooled.release();
                throw new CallException(
                        CallException.Reason.BAD_REQUEST, "transactions: not in this version (expected: Bolt 3)");
            }
            BoltTransaction transaction =
                    new BoltTransaction(pooled, cause -> client.failed(pooled, cause), this::ended);
            pooled.tell(api, deadline);
            transaction.begin(work, deadline);
            return transaction;
        });
    }

    private static boolean mayPass(Throwable cause) {
        if (cause instanceof BoltException refused) {
            return refused.kind().isRetryable();
        }
        return cause instanceof CallException call && call.hadNoEffect();
    }

    private TransactionOptions chained(TransactionOptions options) {
        return options.bookmarks().isEmpty() ? options.after(bookmarks) : options;
    }

    private BoltResponse.Success ended(BoltResponse.Success answer) {
        String bookmark = answer.bookmark();
        if (bookmark != null) {
            bookmarks = List.of(bookmark);
        }
        return answer;
    }
}
