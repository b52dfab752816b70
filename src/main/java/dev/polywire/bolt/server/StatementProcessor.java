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

/**
 * The queries, results and the transaction that are open on one connection; named like the class of Neo4j's own
 * server.
 */
final class StatementProcessor {

    private final BoltHandler handler;
    private final HandlerCalls calls;
    private final RowOutput output;
    private final Login login;
    private final String database;
    private final ServerBounds bounds;
    private final Map<Long, OpenResult> results = new HashMap<>();
    private @Nullable ServerTransaction transaction;
    /** Of the transaction, or of the one query outside of transactions. */
    private TransactionOptions options = TransactionOptions.DEFAULT;

    private long dueMillis = Alarm.NEVER;
    private long nextQid;
    private boolean expired;
    private @Nullable RowPump pump;
    private Future<@Nullable Object> rolledBack = Future.succeededFuture();

    /** @param database the name of the database where nobody says one */
    StatementProcessor(
            BoltHandler handler,
            HandlerCalls calls,
            RowOutput output,
            Login login,
            String database,
            ServerBounds bounds) {
        this.handler = handler;
        this.calls = calls;
        this.output = output;
        this.login = login;
        this.database = database;
        this.bounds = bounds;
    }

    static BoltException expired() {
        return Failures.of(Failures.TIMED_OUT, "the transaction's time is over; it was rolled back");
    }

    /** Takes the options of a request that begins something. @return the session of the request */
    ServerSession hear(BoltRequest request) {
        if (request instanceof BoltRequest.Begin begin) {
            open(begin.options());
        } else if (request instanceof BoltRequest.Run run && transaction == null && !expired) {
            open(run.options());
        } else if (request instanceof BoltRequest.Route route) {
            return session(TransactionOptions.where(route.database(), route.impersonatedUser()));
        }
        // A new login does not inherit the bookmarks and options of the user before.
        return session(Login.isPartOf(request.message()) ? TransactionOptions.DEFAULT : options);
    }

    /** When the open query or transaction must end. */
    long dueMillis() {
        return dueMillis;
    }

    /** @return the metadata of SUCCESS; fails with the cause of FAILURE */
    Future<Map<String, @Nullable Object>> answer(CurrentRequest current) {
        BoltRequest request = current.request;
        if (request instanceof BoltRequest.Reset) {
            return current.call(this::fail).compose(done -> nothing(), notRolledBack -> nothing());
        } else if (request instanceof BoltRequest.Telemetry) {
            return nothing();
        } else if (expired) {
            return late(request);
        } else if (request instanceof BoltRequest.Run run) {
            return run(current, run);
        } else if (request instanceof BoltRequest.Pull pull) {
            return move(current, pull.qid(), pull.n(), false);
        } else if (request instanceof BoltRequest.Discard discard) {
            return discard.isPartial()
                    ? move(current, discard.qid(), discard.n(), true)
                    : discard(current, discard.qid());
        } else if (request instanceof BoltRequest.Begin) {
            return begin(current);
        } else if (request instanceof BoltRequest.Route route) {
            return allowed(current, () -> handler.route(current.session, route))
                    .map(routes -> Map.of("rt", routes.table(route.database())));
        }
        return end(current, request instanceof BoltRequest.Commit);
    }

    /** What the client has not read of the open results, in memory. */
    long heldBytes() {
        long bytes = 0;
        for (OpenResult open : results.values()) {
            bytes += open.heldBytes();
        }
        return bytes;
    }

    /** The client has read some output. */
    void written() {
        if (pump != null) {
            pump.written();
        }
    }

    /** The request in progress gets no further rows. */
    void stop() {
        if (pump != null) {
            pump.stop();
            pump = null;
        }
    }

    /** Ends everything that is open without success. @return completes when it has been rolled back */
    Future<@Nullable Object> fail() {
        stop();
        List.copyOf(results.values()).forEach(open -> calls.tell(open::cancel));
        close();
        expired = false;
        ServerTransaction failed = transaction;
        if (failed != null) {
            transaction = null;
            rolledBack = rollBack(failed, session(options));
        }
        return rolledBack;
    }

    /** The time of the transaction is over; its next request fails with that. */
    void expire() {
        fail();
        expired = true;
    }

    /** The connection is closed. */
    void end() {
        fail().onComplete(done -> {
            if (login.isKnown()) {
                calls.tell(() -> handler.closed(session(TransactionOptions.DEFAULT)));
            }
        });
    }

    /** The session of a call made now. */
    private ServerSession session(TransactionOptions terms) {
        return login.session(terms, Math.min(Monotonic.millis() + bounds.handlerTimeoutMillis(), dueMillis));
    }

    private void open(TransactionOptions terms) {
        options = terms;
        nextQid = 0;
        long serverMillis = bounds.transactionTimeoutMillis();
        long clientMillis = terms.timeoutMillis() > 0 ? terms.timeoutMillis() : serverMillis;
        long nowMillis = Monotonic.millis();
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

    private Future<Map<String, @Nullable Object>> run(CurrentRequest current, BoltRequest.Run run) {
        if (results.size() >= bounds.maxOpenResults()) {
            return Future.failedFuture(Failures.of(
                    BoltResponse.Failure.INVALID_REQUEST,
                    "open results: " + results.size() + " (expected: < " + bounds.maxOpenResults() + ")"));
        }
        long beganMillis = Monotonic.millis();
        ServerSession session = current.session;
        BoltVersion version = session.peer().version();
        ServerTransaction open = transaction;
        BoltRequest.Route route = ServerRoutes.procedure(run);
        Future<QueryResult> result;
        if (route != null) {
            result = current.call(() -> handler.route(session, route)).map(ServerRoutes::row);
        } else if (open != null) {
            result = current.call(() -> open.run(session, run.query(), run.parameters()));
        } else {
            result = allowed(current, () -> handler.run(session, run.query(), run.parameters()));
        }
        return result.map(opened -> {
            if (current.isOver()) {
                calls.tell(opened.rows()::cancel);
                return Map.of();
            }
            long nowMillis = Monotonic.millis();
            results.put(nextQid++, new OpenResult(opened, nowMillis));
            String took = version.hasTransactions() ? "t_first" : "result_available_after";
            // The same bytes in every JVM, unlike Map.of.
            Map<String, @Nullable Object> answer = new LinkedHashMap<>();
            answer.put("fields", opened.fields());
            answer.put(took, nowMillis - beganMillis);
            return answer;
        });
    }

    private Future<Map<String, @Nullable Object>> begin(CurrentRequest current) {
        return allowed(current, () -> handler.begin(current.session)).map(begun -> {
            Objects.requireNonNull(begun);
            if (current.isOver()) {
                rollBack(begun, current.session);
            } else {
                transaction = begun;
            }
            return Map.of();
        });
    }

    private Future<Map<String, @Nullable Object>> end(CurrentRequest current, boolean commits) {
        ServerTransaction ending = transaction;
        if (ending == null) {
            throw new IllegalStateException(current.request.message() + ": without a transaction");
        }
        transaction = null;
        close();
        if (commits) {
            return current.call(() -> ending.commit(current.session))
                    .map(bookmark -> bookmark == null ? Map.of() : Map.of("bookmark", bookmark));
        }
        rolledBack = rollBack(ending, current.session);
        return current.call(() -> rolledBack).map(done -> Map.of());
    }

    private Future<@Nullable Object> rollBack(ServerTransaction failed, ServerSession session) {
        return calls.call(() -> failed.rollback(session).mapEmpty()).onFailure(bug -> calls.report("ROLLBACK", bug));
    }

    private Future<Map<String, @Nullable Object>> discard(CurrentRequest current, long qid) {
        OpenResult open = result(qid);
        Future<Summary> end = open.isOver()
                ? Future.succeededFuture(open.end())
                : current.call(() -> open.result.rows().discard());
        return end.map(summary -> current.isOver() ? Map.of() : ended(current, qid, open, summary));
    }

    private Future<Map<String, @Nullable Object>> move(CurrentRequest current, long qid, long n, boolean discards) {
        OpenResult open = result(qid);
        pump = new RowPump(current, output, open, n, discards);
        return pump.start().map(more -> {
            pump = null;
            return more ? Map.of("has_more", true) : ended(current, qid, open, open.end());
        });
    }

    private Map<String, @Nullable Object> ended(CurrentRequest current, long qid, OpenResult open, Summary summary) {
        results.remove(qid);
        if (transaction == null) {
            dueMillis = Alarm.NEVER;
        }
        BoltVersion version = current.session.peer().version();
        boolean discards = current.request instanceof BoltRequest.Discard;
        Map<String, @Nullable Object> fields = new LinkedHashMap<>(summary.fields(version, open.outcome(discards)));
        fields.put(
                version.hasTransactions() ? "t_last" : "result_consumed_after", Monotonic.millis() - open.openedMillis);
        if (version.hasDemand()) {
            String asked = options.database() == null ? database : options.database();
            fields.put("db", summary.database() == null ? asked : summary.database());
        }
        return fields;
    }

    /** Makes the call, unless another user is named without permission. */
    private <T> Future<T> allowed(CurrentRequest current, Supplier<Future<T>> question) {
        ServerSession session = current.session;
        String other = session.options().impersonatedUser();
        if (other != null && !other.equals(session.user()) && !handler.mayImpersonate(session, other)) {
            return Future.failedFuture(Failures.of(Failures.FORBIDDEN, "imp_user: another (expected: none)"));
        }
        return current.call(question);
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
