package dev.polywire.bolt.session;

import dev.polywire.bolt.client.BoltConnection;
import dev.polywire.bolt.client.BoltException;
import dev.polywire.bolt.client.BoltResult;
import dev.polywire.bolt.wire.BoltAddress;
import dev.polywire.bolt.wire.BoltRecord;
import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.RoutingTable;
import dev.polywire.bolt.wire.TransactionOptions;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Monotonic;
import dev.polywire.core.net.StandingRefusal;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The routing tables of a cluster, one for each database and impersonated user. When no valid table exists, one request
 * serves all waiting callers.
 */
final class BoltRouter {

    /** A cluster has few databases; a client that impersonates many users drops all tables now and then. */
    private static final int MAX_TABLES = 1_000;

    private record Key(@Nullable String database, @Nullable String impersonatedUser) {}

    private final Vertx vertx;
    private final BoltSessionOptions options;
    private final BoltServers servers;
    private final Map<Key, RoutingTable> tables = new HashMap<>();
    private final Map<Key, Future<RoutingTable>> asking = new HashMap<>();

    BoltRouter(Vertx vertx, BoltSessionOptions options, BoltServers servers) {
        this.vertx = vertx;
        this.options = options;
        this.servers = servers;
    }

    /** A table that is valid for this work. */
    Future<RoutingTable> table(TransactionOptions work, Deadline deadline) {
        RoutingTable known = tables.get(key(work));
        return known != null && known.isGood(work.readOnly(), Monotonic.millis())
                ? Future.succeededFuture(known)
                : refreshed(work, deadline);
    }

    /** The cluster's current table; concurrent callers share one request. */
    Future<RoutingTable> refreshed(TransactionOptions work, Deadline deadline) {
        Promise<RoutingTable> answer = Promise.promise();
        deadline.whenExpired(
                () -> answer.tryFail(new CallException(Reason.UNAVAILABLE, "no routing table by the deadline")));
        Future<RoutingTable> under = asking.get(key(work));
        if (under == null) {
            under = ask(work);
        }
        under.onComplete(asked -> {
            if (asked.succeeded()) {
                answer.tryComplete(asked.result());
            } else {
                answer.tryFail(asked.cause());
            }
        });
        return answer.future();
    }

    /** Removes a server that cannot be reached. */
    void forget(BoltAddress server) {
        change(table -> table.without(server));
    }

    /** Removes a server from the writers, because it refused a write. */
    void forgetWriter(BoltAddress server) {
        change(table -> table.withoutWriter(server));
    }

    private void change(UnaryOperator<RoutingTable> change) {
        tables.replaceAll((key, table) -> change.apply(table));
    }

    private Future<RoutingTable> ask(TransactionOptions work) {
        Key key = key(work);
        Set<BoltAddress> routers = new LinkedHashSet<>();
        RoutingTable known = tables.get(key);
        if (known != null) {
            routers.addAll(known.routers());
        }
        routers.add(options.uri().address());
        Deadline patience = Deadline.after(vertx, 2L * options.connectTimeoutMillis() * routers.size());
        Future<RoutingTable> table = ask(new ArrayList<>(routers), work, patience, null)
                .onComplete(asked -> {
                    patience.met();
                    asking.remove(key);
                });
        if (!table.isComplete()) {
            asking.put(key, table);
        }
        return table.onSuccess(fresh -> remember(key, fresh));
    }

    private Future<RoutingTable> ask(
            List<BoltAddress> routers, TransactionOptions work, Deadline deadline, @Nullable Throwable last) {
        if (routers.isEmpty() && (last instanceof BoltException || StandingRefusal.isRefusal(last))) {
            return Future.failedFuture(last);
        }
        if (routers.isEmpty() || deadline.expired()) {
            String why = last == null ? "none is known" : String.valueOf(last.getMessage());
            return Future.failedFuture(new CallException(Reason.UNAVAILABLE, "no routing table: " + why, last));
        }
        BoltPool pool = servers.pool(routers.get(0));
        return pool.acquire(deadline)
                .compose(connection -> ask(connection, work, deadline).onComplete(asked -> pool.release(connection)))
                .recover(cause -> isFinal(cause)
                        ? Future.failedFuture(cause)
                        : ask(routers.subList(1, routers.size()), work, deadline, worse(last, cause)));
    }

    /**
     * Which of two servers' failures is told when there is no third: the later one, but no certificate beside another
     * failure. What is not accepted stays so, and what is down may be up again: the whole is worth another attempt.
     */
    static Throwable worse(@Nullable Throwable last, Throwable cause) {
        return last != null && isUntrusted(cause) ? last : cause;
    }

    /** Whether a certificate was not accepted, which another server may have done better; a login is the same everywhere. */
    static boolean isUntrusted(Throwable cause) {
        return StandingRefusal.isRefusal(cause) && !(cause.getCause() instanceof BoltException);
    }

    /** Whether every router would give this failure: the question is refused, here or there. */
    private static boolean isFinal(Throwable cause) {
        if (cause instanceof BoltException refused) {
            return refused.isClientError() && !refused.kind().isRetryable();
        }
        return StandingRefusal.isRefusal(cause) && !isUntrusted(cause)
                || cause instanceof CallException call
                        && (call.reason() == Reason.BAD_REQUEST || call.reason() == Reason.LIMIT_EXCEEDED);
    }

    private Future<RoutingTable> ask(BoltConnection connection, TransactionOptions work, Deadline deadline) {
        if (!connection.server().version().hasRoute()) {
            return askByProcedure(connection, work, deadline);
        }
        return connection
                .send(
                        new BoltRequest.Route(
                                options.uri().routing(), work.bookmarks(), work.database(), work.impersonatedUser()),
                        deadline)
                .map(answer ->
                        RoutingTable.read(fields(answer.metadata().get("rt")), work.database(), Monotonic.millis()));
    }

    /** Before 4.3: a query of the system database, or in version 3 of the only database. */
    private Future<RoutingTable> askByProcedure(BoltConnection connection, TransactionOptions work, Deadline deadline) {
        boolean databases = connection.server().version().hasDemand();
        Map<String, @Nullable Object> parameters = new LinkedHashMap<>();
        parameters.put("context", options.uri().routing());
        if (databases) {
            parameters.put("database", work.database());
        }
        TransactionOptions where = new TransactionOptions(
                work.bookmarks(),
                -1,
                Map.of(),
                databases,
                databases ? "system" : null,
                null,
                TransactionOptions.DEFAULT.notifications());
        BoltResult result = connection.run(
                new BoltRequest.Run(
                        databases
                                ? "CALL dbms.routing.getRoutingTable($context, $database)"
                                : "CALL dbms.cluster.routing.getRoutingTable($context)",
                        parameters,
                        where),
                deadline);
        List<BoltRecord> rows = new ArrayList<>();
        return result.pull(-1, row -> rows.add(row.copy()), deadline)
                .compose(end -> result.opened())
                .map(columns -> {
                    Map<String, @Nullable Object> table = new LinkedHashMap<>();
                    for (int i = 0;
                            rows.size() == 1
                                    && i < Math.min(columns.size(), rows.get(0).size());
                            i++) {
                        table.put(columns.get(i), rows.get(0).values().get(i));
                    }
                    return RoutingTable.read(table, work.database(), Monotonic.millis());
                });
    }

    private void remember(Key key, RoutingTable table) {
        if (tables.size() >= MAX_TABLES) {
            tables.clear();
        }
        tables.put(key, table);
        Set<BoltAddress> named = new HashSet<>(Set.of(options.uri().address()));
        tables.values().forEach(each -> {
            named.addAll(each.routers());
            named.addAll(each.readers());
            named.addAll(each.writers());
        });
        servers.retain(named);
    }

    private static Key key(TransactionOptions work) {
        return new Key(work.database(), work.impersonatedUser());
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> fields(@Nullable Object table) {
        if (table instanceof Map<?, ?> map) {
            return (Map<String, @Nullable Object>) map;
        }
        throw ProtocolException.decode("rt: no map (expected: a routing table)");
    }
}
