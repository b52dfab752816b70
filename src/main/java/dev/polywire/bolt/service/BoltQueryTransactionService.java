package dev.polywire.bolt.service;

import io.vertx.codegen.annotations.Nullable;
import io.vertx.codegen.annotations.ProxyGen;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/**
 * Transactions that {@link BoltQueryService#begin} gave, at the address in their handle. Each hears exactly one of {@code
 * commit} and {@code rollback}, unless it was told by nobody for {@code leaseMillis} and has undone itself: it is rolled back
 * when a query of it fails, when its time is over, on RESET, and when the client's connection breaks.
 */
@ProxyGen
public interface BoltQueryTransactionService {

    /** Runs a query; results of earlier ones may still be open. @return as {@link BoltQueryService#run} */
    Future<JsonObject> run(String id, String query, JsonObject parameters, JsonObject session);

    /** Makes it last. @return {@code {bookmark}}, or nothing */
    Future<@Nullable JsonObject> commit(String id, JsonObject session);

    /** Undoes it. */
    Future<Void> rollback(String id, JsonObject session);

    /** Does nothing but renew the lease. */
    Future<Void> renew(String id);
}
