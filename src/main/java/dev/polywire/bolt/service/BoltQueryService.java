package dev.polywire.bolt.service;

import dev.polywire.core.bus.request.ServiceProxies;
import io.vertx.codegen.annotations.GenIgnore;
import io.vertx.codegen.annotations.ProxyGen;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

/**
 * What a Bolt server on the bus asks: whoever answers at its {@code handler} address is the database. In Java it is
 * implemented and registered with a {@code ServiceBinder} or a {@link dev.polywire.core.bus.Connector}; elsewhere it is a
 * consumer of plain messages, whose header {@code action} is the method and whose body has the arguments.
 *
 * <p>Values are {@link TypedJson}; nodes, relationships and paths, too. {@code options} are those of {@link BoltService}, each
 * of which may be absent: {@code database, mode, bookmarks, timeoutMillis, metadata, impersonatedUser, notifications}. {@code
 * session} says who asks: {@code {request, user, connection, host, agent, version, certificateNames}}. The header {@code
 * timeout} says how long the client waits; when it has stopped waiting, {@code {request}} is published on {@code
 * <handler>.cancelled}.
 *
 * <p>A failure whose debug information has {@code server: {code, message}} with a code of Neo4j is the client's failure, word
 * for word. Of the others, who is retryable becomes {@code Neo.TransientError.General.DatabaseUnavailable}, which drivers try
 * again in managed transactions; see {@link QueryFailure}.
 */
@ProxyGen
public interface BoltQueryService {

    /**
     * Runs a query in a transaction of its own; with the server's option {@code transactions: false} also one within.
     *
     * @return a whole result, {@code {fields, records, summary, done: true}}, of which {@code summary} and {@code done} may be
     *     absent; or a stream's handle and its columns, {@code {fields, address, id, leaseMillis}}, see {@link
     *     dev.polywire.core.bus.stream.StreamService}: asked for as many items as the client's PULL wants. An item is a record, the
     *     last one may be {@code {summary}}. A record is an array in the order of {@code fields}, a summary {@code {type,
     *     stats, plan, profile, notifications, bookmark}} in the protocol's words, each of which may be absent
     */
    Future<JsonObject> run(String query, JsonObject parameters, JsonObject options, JsonObject session);

    /**
     * Who this is; asked with the server's option {@code authentication: true}.
     *
     * @param token {@code {scheme, principal, credentials, realm, parameters}}, the last three where the scheme has them. It
     *     holds a password
     * @return {@code {user}}; fails UNAUTHENTICATED for who is not let in
     */
    Future<JsonObject> authenticate(JsonObject token, JsonObject session);

    /**
     * Begins a transaction; asked with the server's option {@code transactions: true}.
     *
     * @return {@code {address, id, leaseMillis}}, see {@link BoltQueryTransactionService}
     */
    Future<JsonObject> begin(JsonObject options, JsonObject session);

    /** A proxy, to ask what a server would ask. Its calls have the default deadline of 25 s. */
    @GenIgnore
    static BoltQueryService proxy(Vertx vertx, String address) {
        return ServiceProxies.of(vertx, options -> new BoltQueryServiceVertxEBProxy(vertx, address, options));
    }
}
