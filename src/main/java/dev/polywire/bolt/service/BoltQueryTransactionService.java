package dev.polywire.bolt.service;

import io.vertx.codegen.annotations.Nullable;
import io.vertx.codegen.annotations.ProxyGen;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/**
 * Transactions from {@link BoltQueryService#begin}, at the address in their handle. Each gets exactly one of {@code commit}
 * and {@code rollback}, unless it got no request for {@code leaseMillis} and has undone itself: it is rolled back when one
 * of its queries fails, on its timeout, on RESET, and when the client's connection breaks.
 */
@ProxyGen
public interface BoltQueryTransactionService {

    /** Runs a query; results of earlier ones may still be open. @return as {@link BoltQueryService#run} */
    Future<JsonObject> run(String id, String query, JsonObject parameters, JsonObject session);

    /** Commits the transaction. @return {@code {bookmark}}, or nothing */
    Future<@Nullable JsonObject> commit(String id, JsonObject session);

    /** Rolls the transaction back. */
    Future<Void> rollback(String id, JsonObject session);

    /** Only renews the lease. */
    Future<Void> renew(String id);
}
