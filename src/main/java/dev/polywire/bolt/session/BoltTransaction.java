package dev.polywire.bolt.session;

import dev.polywire.bolt.client.BoltResult;
import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.BoltResponse;
import dev.polywire.bolt.wire.TransactionOptions;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A transaction on its own connection, which is released when the transaction ends: by {@link #commit}, {@link #rollback},
 * or because a request in it failed.
 */
public final class BoltTransaction {

    private final PooledConnection pooled;
    private final Consumer<Throwable> failures;
    private final Consumer<BoltResponse.Success> commits;
    private final List<BoltResult> results = new ArrayList<>();
    private @Nullable Throwable failed;
    private Future<Void> begun = Future.succeededFuture();
    private boolean over;

    BoltTransaction(PooledConnection pooled, Consumer<Throwable> failures, Consumer<BoltResponse.Success> commits) {
        this.pooled = pooled;
        this.failures = failures;
        this.commits = commits;
    }

    /** Begins the transaction; BEGIN is sent together with the first query. */
    void begin(TransactionOptions options, Deadline deadline) {
        begun = pooled.connection()
                .send(new BoltRequest.Begin(options), deadline)
                .onFailure(this::failed)
                .mapEmpty();
    }

    /** Completes when the server has begun the transaction; waiting for it is optional. */
    public Future<Void> begun() {
        return begun;
    }

    /** Runs a query; several results may be open from version 4 on. A failure ends the transaction. */
    public BoltResult run(String query, Map<String, @Nullable Object> parameters, Deadline deadline) {
        if (over) {
            throw new IllegalStateException("run behind the end of the transaction");
        }
        BoltResult result = pooled.connection()
                .runInTransaction(new BoltRequest.Run(query, parameters, TransactionOptions.DEFAULT), failed, deadline);
        results.removeIf(each -> each.ended().isComplete());
        results.add(result);
        result.ended().onFailure(this::failed);
        return result;
    }

    /**
     * Commits the transaction, after discarding its open results.
     *
     * @return its bookmark, or null; fails with an earlier failure in it, or with UNKNOWN_OUTCOME when the answer was lost
     */
    public Future<@Nullable String> commit(Deadline deadline) {
        if (over) {
            return Future.failedFuture(gone());
        }
        return discarded(deadline)
                .compose(none -> failed == null
                        ? pooled.connection().send(new BoltRequest.Commit(), deadline)
                        : Future.failedFuture(failed))
                .map(answer -> {
                    String bookmark = answer.bookmark();
                    commits.accept(answer);
                    return bookmark;
                })
                .onFailure(this::failed)
                .onComplete(end -> end());
    }

    /** Rolls the transaction back; after a failure this has already happened. */
    public Future<Void> rollback(Deadline deadline) {
        if (over
                || failed != null
                || results.stream().anyMatch(each -> !each.ended().isComplete())) {
            // The connection's open results are reset when it is released.
            end();
            return Future.succeededFuture();
        }
        return pooled.connection()
                .send(new BoltRequest.Rollback(), deadline)
                .onComplete(undone -> end())
                .mapEmpty();
    }

    public boolean isOver() {
        return over;
    }

    /** The failure that ended the transaction; null: none. */
    public @Nullable Throwable failure() {
        return failed;
    }

    private Future<Void> discarded(Deadline deadline) {
        List<Future<BoltResponse.Success>> open = results.stream()
                .filter(each -> !each.ended().isComplete())
                .map(each -> each.discard(deadline))
                .toList();
        return open.isEmpty() ? Future.succeededFuture() : Future.all(open).mapEmpty();
    }

    private void failed(Throwable cause) {
        if (failed == null) {
            failed = cause;
            failures.accept(cause);
        }
    }

    private void end() {
        if (!over) {
            over = true;
            pooled.release();
        }
    }

    private CallException gone() {
        return new CallException(Reason.BAD_REQUEST, "the transaction has ended");
    }
}
