package dev.polywire.bolt.service;

import dev.polywire.core.bus.request.ServiceProxies;
import io.vertx.codegen.annotations.GenIgnore;
import io.vertx.codegen.annotations.Nullable;
import io.vertx.codegen.annotations.ProxyGen;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * Queries of a graph by messages on the bus. Parameters and records are {@link TypedJson}; a record is an array, in the order
 * of {@code fields}. A {@code summary} is the server's summary of the query, unchanged: type, stats, plan, profile,
 * notifications or statuses, times, bookmark.
 *
 * <p>Options of the actions that run queries, all optional: {@code database} (default: the user's home), {@code mode}
 * ({@code write}, or {@code read}: a follower may serve it, and a lost answer does not leave its outcome unknown),
 * {@code bookmarks} (it sees their writes), {@code timeoutMillis} (the server stops it then, 0 to 86,400,000; {@code run}
 * and {@code pipeline}: default the rest of the deadline; else the server's own), {@code metadata} (shown in the server's
 * lists), {@code impersonatedUser}, {@code notifications: {minimumSeverity, disabled}}.
 *
 * <p>Failure codes of every action: BAD_REQUEST, UNAVAILABLE (no connection by the deadline), UNAUTHENTICATED, FORBIDDEN and
 * NOT_FOUND (the database) if the server reports it, TIMEOUT, OVERLOADED, LIMIT_EXCEEDED, CONNECTION_LOST, UNKNOWN_OUTCOME,
 * PROTOCOL_VIOLATION, SHUTTING_DOWN, INTERNAL, and REFUSED_BY_SERVER. A server's refusal has {@code server} in the debug
 * information: {@code {code, message, gqlStatus, description, diagnostics, cause}}, the last four from Bolt 5.7 on.
 *
 * <p>{@code <address>.raw} takes {@code action: run} and the {@code query} as headers, with {@code database} and {@code mode},
 * the parameters as a PackStream map in the body, and answers with a stream in raw form and its summary.
 */
@ProxyGen
public interface BoltService {

    /**
     * Runs a query in a transaction of its own.
     *
     * @param options as above, and {@code retry: true}: after a failure that may be temporary (a deadlock, a server that is
     *     no longer the leader, a connection lost before COMMIT) it is undone and repeated, with back-off, until the
     *     deadline. Queries that manage transactions themselves ({@code CALL .. IN TRANSACTIONS}) do not allow this
     * @return {@code {fields, records, summary}}; LIMIT_EXCEEDED when there are more records or bytes than the configuration
     *     allows in one answer; use {@link #open} instead. Even then the query completes, unless it is a {@code retry}
     */
    Future<JsonObject> run(String query, @Nullable JsonObject parameters, @Nullable JsonObject options);

    /**
     * Opens the stream of records of a query, in a transaction of its own. The server produces as many records as are
     * requested: {@code PULL n}. The stream holds a connection until it ends. If it is closed early, the rest is discarded;
     * if that takes more than 5 s, the query is stopped and undone.
     *
     * @param options as above, and {@code {form: "json", summary: false}}. With {@code summary} the last item is
     *     {@code {summary}}. In raw form a batch is a sequence of records, each a PackStream list, and the summary a
     *     PackStream map after the last
     * @return {@code {address, id, leaseMillis, fields}}, see {@link dev.polywire.core.bus.stream.StreamService}
     */
    Future<JsonObject> open(String query, @Nullable JsonObject parameters, @Nullable JsonObject options);

    /**
     * Begins a transaction on a connection of its own.
     *
     * @return {@code {address, id, leaseMillis}}, see {@link BoltTransactionService}
     */
    Future<JsonObject> begin(@Nullable JsonObject options);

    /**
     * Runs queries in one write, each in a transaction of its own. When one fails, those before it are done, and those after
     * it are not; the failure's {@code server.statement} is its index, from 0.
     *
     * @param statements 1 to 10,000, each {@code {query, parameters}}
     * @return {@code {results}}, each {@code {fields, records, summary}}; the limits of {@link #run} apply to the sum
     */
    Future<JsonObject> pipeline(List<JsonObject> statements, @Nullable JsonObject options);

    /**
     * Requests the routing table of a database from the cluster.
     *
     * @param options {@code {database, impersonatedUser, bookmarks}}
     * @return {@code {database, routers, readers, writers, ttlMillis}}; BAD_REQUEST when the scheme of {@code uri} is not
     *     {@code neo4j://}
     */
    Future<JsonObject> route(@Nullable JsonObject options);

    /** A round trip to the server: {@code {server, version, connectionId}}. */
    Future<JsonObject> ping();

    /** Name, address, target, state, counters. */
    Future<JsonObject> status();

    /** A proxy whose calls have the default deadline of 25 s. */
    @GenIgnore
    static BoltService proxy(Vertx vertx, String address) {
        return ServiceProxies.of(vertx, address, with -> new BoltServiceVertxEBProxy(vertx, address, with));
    }

    /** A proxy whose calls have a deadline of {@code deadlineMillis}. */
    @GenIgnore
    static BoltService proxy(Vertx vertx, String address, long deadlineMillis) {
        return ServiceProxies.of(
                vertx, address, deadlineMillis, with -> new BoltServiceVertxEBProxy(vertx, address, with));
    }
}
