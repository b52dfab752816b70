package dev.polywire.bolt.service;

import dev.polywire.core.bus.request.ServiceProxies;
import io.vertx.codegen.annotations.GenIgnore;
import io.vertx.codegen.annotations.Nullable;
import io.vertx.codegen.annotations.ProxyGen;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

/**
 * The room {@code transactions} of a connector instance. Its address stands in the handle that {@link BoltService#begin}
 * gives, {@code {address, id, leaseMillis}}.
 *
 * <p>A query that fails, or is not done by its deadline, ends the transaction: it is rolled back, and its id stands for nothing
 * any more (NOT_FOUND). So does a lease that nobody renewed, by an action here or by keeping a stream of it open. Failure codes
 * are those of {@link BoltService}.
 */
@ProxyGen
public interface BoltTransactionService {

    /**
     * Runs a query.
     *
     * @return {@code {fields, records, summary}}; LIMIT_EXCEEDED as {@link BoltService#run}, and the transaction goes on
     */
    Future<JsonObject> run(String id, String query, @Nullable JsonObject parameters);

    /**
     * Opens the stream of records of a query; several may be open, and other queries run meanwhile, from Bolt 4 on. The end of
     * the transaction ends it: what was not read is CANCELLED.
     *
     * @param options {@code {form: "json", summary: false}}, as {@link BoltService#open}
     * @return {@code {address, id, leaseMillis, fields}}
     */
    Future<JsonObject> open(String id, String query, @Nullable JsonObject parameters, @Nullable JsonObject options);

    /** Makes it last. @return {@code {bookmark}}, null when the server gave none; UNKNOWN_OUTCOME when its answer was lost */
    Future<JsonObject> commit(String id);

    /** Undoes it. */
    Future<Void> rollback(String id);

    /** Undoes it, if it is still there, as whoever has a handle of any kind ends it. Closing what is not open is no failure. */
    Future<Void> close(String id);

    /** Does nothing but renew the lease. */
    Future<Void> renew(String id);

    /** A proxy for the transactions of one instance. @param handle what {@code begin} gave */
    @GenIgnore
    static BoltTransactionService proxy(Vertx vertx, JsonObject handle) {
        String address = handle.getString("address");
        return ServiceProxies.of(vertx, options -> new BoltTransactionServiceVertxEBProxy(vertx, address, options));
    }
}
