package dev.polywire.bolt.service;

import dev.polywire.core.bus.request.ServiceProxies;
import io.vertx.codegen.annotations.GenIgnore;
import io.vertx.codegen.annotations.ProxyGen;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

/**
 * The requests of a Bolt server on the bus: the consumer at its {@code handler} address is the database. In Java it is
 * implemented and registered with a {@code ServiceBinder} or a {@link dev.polywire.core.bus.Connector}; elsewhere it is a
 * consumer of plain messages, whose header {@code action} is the method and whose body has the arguments.
 *
 * <p>Values are {@link TypedJson}, nodes, relationships and paths included. {@code options} are those of {@link
 * BoltService}, all optional: {@code database, mode, bookmarks, timeoutMillis, metadata, impersonatedUser, notifications}.
 * {@code session} describes the client: {@code {request, user, connection, host, agent, version, certificateNames}}. The
 * header {@code timeout} is how long the client waits; when it stops waiting, {@code {request}} is published on {@code
 * <handler>.cancelled}.
 *
 * <p>If the debug information of a failure has {@code server: {code, message}} with a code of Neo4j, the client gets exactly
 * that. Other failures that are retryable become {@code Neo.TransientError.General.DatabaseUnavailable}, on which drivers
 * repeat managed transactions; see {@link QueryFailure}.
 */
@ProxyGen
public interface BoltQueryService {

    /**
     * Runs a query in a transaction of its own; with the server's option {@code transactions: false} also one within.
     *
     * @return a whole result, {@code {fields, records, summary, done: true}}, where {@code summary} and {@code done} are
     *     optional; or a stream's handle and its columns, {@code {fields, address, id, leaseMillis}}, see {@link
     *     dev.polywire.core.bus.stream.StreamService}: the server requests as many items as a PULL wants. An item is a record, the
     *     last one may be {@code {summary}}. A record is an array in the order of {@code fields}, a summary {@code {type,
     *     stats, plan, profile, notifications, bookmark, db}} with the protocol's values, all optional
     */
    Future<JsonObject> run(String query, JsonObject parameters, JsonObject options, JsonObject session);

    /**
     * Authenticates a client; called with the server's option {@code authentication: true}.
     *
     * @param token {@code {scheme, principal, credentials, realm, parameters}}, the last three if the scheme has them. It
     *     contains a password
     * @return {@code {user}}; fails UNAUTHENTICATED for a wrong login
     */
    Future<JsonObject> authenticate(JsonObject token, JsonObject session);

    /**
     * Begins a transaction; called with the server's option {@code transactions: true}.
     *
     * @return {@code {address, id, leaseMillis}}, see {@link BoltQueryTransactionService}
     */
    Future<JsonObject> begin(JsonObject options, JsonObject session);

    /** A proxy that sends the same requests as a server. Its calls have the default deadline of 25 s. */
    @GenIgnore
    static BoltQueryService proxy(Vertx vertx, String address) {
        return ServiceProxies.of(vertx, address, with -> new BoltQueryServiceVertxEBProxy(vertx, address, with));
    }
}
