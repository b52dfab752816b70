package dev.polywire.bolt.service;

import dev.polywire.core.bus.request.ServiceProxies;
import io.vertx.codegen.annotations.GenIgnore;
import io.vertx.codegen.annotations.Nullable;
import io.vertx.codegen.annotations.ProxyGen;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

/**
 * The room {@code transactions} of a connector instance. Its address is in the handle that {@link BoltService#begin}
 * returns, {@code {address, id, leaseMillis}}.
 *
 * <p>A query that fails, or misses its deadline, ends the transaction: it is rolled back, and its id becomes invalid
 * (NOT_FOUND, with the reason). So does a lease that expires: an action here or an open stream of the transaction renews it.
 * Failure codes are those of {@link BoltService}.
 */
@ProxyGen
public interface BoltTransactionService {

    /**
     * Runs a query.
     *
     * @return {@code {fields, records, summary}}; LIMIT_EXCEEDED as {@link BoltService#run}; the transaction continues
     */
    Future<JsonObject> run(String id, String query, @Nullable JsonObject parameters);

    /**
     * Opens the stream of records of a query; from Bolt 4 on several may be open, and other queries may run. The end of
     * the transaction ends the stream: unread records are CANCELLED.
     *
     * @param options {@code {form: "json", summary: false}}, as {@link BoltService#open}
     * @return {@code {address, id, leaseMillis, fields}}
     */
    Future<JsonObject> open(String id, String query, @Nullable JsonObject parameters, @Nullable JsonObject options);

    /** Commits. @return {@code {bookmark}}, null when the server gave none; UNKNOWN_OUTCOME when its answer was lost */
    Future<JsonObject> commit(String id);

    /** Rolls the transaction back. */
    Future<Void> rollback(String id);

    /** Rolls back if the transaction is open, as {@code close} does for every handle. Otherwise it succeeds. */
    Future<Void> close(String id);

    /** Only renews the lease. */
    Future<Void> renew(String id);

    /** A proxy for the transactions of one instance. @param handle the result of {@code begin} */
    @GenIgnore
    static BoltTransactionService proxy(Vertx vertx, JsonObject handle) {
        String address = handle.getString("address");
        return ServiceProxies.of(vertx, address, with -> new BoltTransactionServiceVertxEBProxy(vertx, address, with));
    }
}
