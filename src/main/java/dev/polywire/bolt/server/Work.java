package dev.polywire.bolt.server;

import dev.polywire.bolt.client.BoltException;
import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.BoltResponse;
import dev.polywire.bolt.wire.BoltVersion;
import dev.polywire.bolt.wire.TransactionOptions;
import dev.polywire.core.net.Monotonic;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Queries, their results, and the transaction around them: all that is open on one connection. */
final class Work {

    private final ServedConnection connection;
    private final BoltHandler handler;
    private final ServerBounds bounds;
    private final Map<Long, OpenResult> results = new HashMap<>();
    private @Nullable ServerTransaction transaction;
    /** Of the transaction, or of the one query outside. */
    private TransactionOptions options = TransactionOptions.DEFAULT;

    private long dueMillis = Alarm.NEVER;
    private long nextQid;
    private boolean expired;
    private @Nullable RowPump pump;
    private Future<@Nullable Object> rolledBack = Future.succeededFuture();

    Work(ServedConnection connection, BoltHandler handler, ServerBounds bounds) {
        this.connection = connection;
        this.handler = handler;
        this.bounds = bounds;
    }

    static BoltException expired() {
        return Failures.of(Failures.TIMED_OUT, "the transaction's time is over; it was rolled back");
    }

    /** Some requests begin something, under terms of their own. */
    void hear(BoltRequest request, long nowMillis) {
        if (request instanceof BoltRequest.Begin begin) {
            open(begin.options(), nowMillis);
        } else if (request instanceof BoltRequest.Run run && transaction == null && !expired) {
            open(run.options(), nowMillis);
        }
    }

    /** The terms of a request, after it was heard. */
    TransactionOptions options(BoltRequest request) {
        if (request instanceof BoltRequest.Route route) {
            return TransactionOptions.where(route.database(), route.impersonatedUser());
        }
        // What another user worked with is not for who logs in.
        return Login.isPartOf(request.message()) ? TransactionOptions.DEFAULT : options;
    }

    /** When what is open must be over. */
    long dueMillis() {
        return dueMillis;
    }

    /** @return what SUCCESS says; fails with what FAILURE says */
    Future<Map<String, @Nullable Object>> answer(Asked asked) {
        BoltRequest request = asked.request();
        if (request instanceof BoltRequest.Reset) {
            return connection.call(asked, this::fail).compose(done -> nothing(), notRolledBack -> nothing());
        } else if (request instanceof BoltRequest.Telemetry) {
            return nothing();
        } else if (expired) {
            return late(request);
        } else if (request instanceof BoltRequest.Run run) {
            return run(asked, run);
        } else if (request instanceof BoltRequest.Pull pull) {
            OpenResult open = result(pull.qid());
            return move(RowPump.pull(connection, asked, open, pull), pull.qid(), open);
        } else if (request instanceof BoltRequest.Discard discard) {
            return discard(asked, discard);
        } else if (request instanceof BoltRequest.Begin) {
            return begin(asked);
        } else if (request instanceof BoltRequest.Route route) {
            return allowed(asked, () -> handler.route(asked.session(), route))
                    .map(routes -> Map.of("rt", routes.table(route.database())));
        }
        return end(asked, request instanceof BoltRequest.Commit);
    }

    /** The client has read something. */
    void written() {
        if (pump != null) {
            pump.written();
        }
    }

    /** No row is given to the request being worked on any more. */
    void stop() {
        if (pump != null) {
            pump.stop();
            pump = null;
        }
    }

    /** All that is open ends without success. @return when it has been rolled back */
    Future<@Nullable Object> fail() {
        stop();
        List.copyOf(results.values()).forEach(open -> connection.tell(open::cancel));
        close();
        expired = false;
        ServerTransaction failed = transaction;
        if (failed != null) {
            transaction = null;
            rolledBack = rollBack(failed, connection.session(options));
        }
        return rolledBack;
    }

    /** Its time is over; the next request of it is the first to hear that. */
    void expire() {
        fail();
        expired = true;
    }

    private void open(TransactionOptions terms, long nowMillis) {
        options = terms;
        nextQid = 0;
        long serverMillis = bounds.transactionTimeoutMillis();
        long clientMillis = terms.timeoutMillis() > 0 ? terms.timeoutMillis() : serverMillis;
        long millis = serverMillis > 0 ? Math.min(serverMillis, clientMillis) : clientMillis;
        dueMillis = millis > 0 && millis < Alarm.NEVER - nowMillis ? nowMillis + millis : Alarm.NEVER;
    }

    private void close() {
        results.clear();
        dueMillis = Alarm.NEVER;
    }

    private Future<Map<String, @Nullable Object>> late(BoltRequest request) {
        if (request instanceof BoltRequest.Rollback) {
            expired = false;
            return nothing();
        }
        return Future.failedFuture(expired());
    }

    private Future<Map<String, @Nullable Object>> run(Asked asked, BoltRequest.Run run) {
        if (results.size() >= bounds.maxOpenResults()) {
            return Future.failedFuture(Failures.of(
                    BoltResponse.Failure.INVALID_REQUEST,
                    "open results: " + results.size() + " (expected: < " + bounds.maxOpenResults() + ")"));
        }
        long beganMillis = Monotonic.millis();
        ServerSession session = asked.session();
        ServerTransaction open = transaction;
        BoltRequest.Route route = connection.version().hasRoute() ? null : ServerRoutes.procedure(run);
        Future<QueryResult> result;
        if (route != null) {
            result = connection.call(asked, () -> handler.route(session, route)).map(ServerRoutes::row);
        } else if (open != null) {
            result = connection.call(asked, () -> open.run(session, run.query(), run.parameters()));
        } else {
            result = allowed(asked, () -> handler.run(session, run.query(), run.parameters()));
        }
        return result.map(opened -> {
            if (!connection.isCurrent(asked)) {
                connection.tell(opened.rows()::cancel);
                return Map.of();
            }
            long nowMillis = Monotonic.millis();
            results.put(nextQid++, new OpenResult(opened, nowMillis));
            String took = connection.version().hasTransactions() ? "t_first" : "result_available_after";
            // The same bytes in every JVM, which Map.of does not give.
            Map<String, @Nullable Object> answer = new LinkedHashMap<>();
            answer.put("fields", opened.fields());
            answer.put(took, nowMillis - beganMillis);
            return answer;
        });
    }

    private Future<Map<String, @Nullable Object>> begin(Asked asked) {
        return allowed(asked, () -> handler.begin(asked.session())).map(begun -> {
            Objects.requireNonNull(begun);
            if (connection.isCurrent(asked)) {
                transaction = begun;
            } else {
                rollBack(begun, asked.session());
            }
            return Map.of();
        });
    }

    private Future<Map<String, @Nullable Object>> end(Asked asked, boolean commits) {
        ServerTransaction ending = transaction;
        if (ending == null) {
            throw new IllegalStateException(asked.message() + ": without a transaction");
        }
        transaction = null;
        close();
        if (commits) {
            return connection
                    .call(asked, () -> ending.commit(asked.session()))
                    .map(bookmark -> bookmark == null ? Map.of() : Map.of("bookmark", bookmark));
        }
        rolledBack = rollBack(ending, asked.session());
        return connection.call(asked, () -> rolledBack).map(done -> Map.of());
    }

    private Future<@Nullable Object> rollBack(ServerTransaction failed, ServerSession session) {
        return connection
                .call(() -> failed.rollback(session).mapEmpty())
                .onFailure(bug -> connection.report("ROLLBACK", bug));
    }

    private Future<Map<String, @Nullable Object>> discard(Asked asked, BoltRequest.Discard discard) {
        OpenResult open = result(discard.qid());
        if (discard.isPartial()) {
            return move(RowPump.discard(connection, asked, open, discard), discard.qid(), open);
        }
        Future<Summary> end = open.isOver()
                ? Future.succeededFuture(open.end())
                : connection.call(asked, () -> open.result.rows().discard());
        return end.map(summary -> connection.isCurrent(asked) ? ended(discard.qid(), open, summary) : Map.of());
    }

    private Future<Map<String, @Nullable Object>> move(RowPump rows, long qid, OpenResult open) {
        pump = rows;
        return rows.start().map(more -> {
            pump = null;
            return more ? Map.of("has_more", true) : ended(qid, open, open.end());
        });
    }

    private Map<String, @Nullable Object> ended(long qid, OpenResult open, Summary summary) {
        results.remove(qid);
        if (transaction == null) {
            dueMillis = Alarm.NEVER;
        }
        BoltVersion version = connection.version();
        Map<String, @Nullable Object> fields = new LinkedHashMap<>(summary.fields(version));
        fields.put(
                version.hasTransactions() ? "t_last" : "result_consumed_after", Monotonic.millis() - open.openedMillis);
        if (version.hasDemand() && options.database() != null) {
            fields.put("db", options.database());
        }
        return fields;
    }

    /** Asks, unless it is for somebody else. */
    private <T> Future<T> allowed(Asked asked, Supplier<Future<T>> question) {
        ServerSession session = asked.session();
        String other = session.options().impersonatedUser();
        if (other != null && !other.equals(session.user()) && !handler.mayImpersonate(session, other)) {
            return Future.failedFuture(Failures.of(Failures.FORBIDDEN, "imp_user: another (expected: none)"));
        }
        return connection.call(asked, question);
    }

    private OpenResult result(long qid) {
        OpenResult open = results.get(qid);
        if (open == null) {
            throw new IllegalStateException("qid: " + qid + " (expected: of an open result)");
        }
        return open;
    }

    private static Future<Map<String, @Nullable Object>> nothing() {
        return Future.succeededFuture(Map.of());
    }
}
