package dev.polywire.eventstore.service;

import dev.polywire.core.bus.request.ServiceProxies;
import io.vertx.codegen.annotations.GenIgnore;
import io.vertx.codegen.annotations.ProxyGen;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * The room {@code transactions} of a connector instance. The handle from {@link EventStoreService#begin} holds its address, {@code
 * {address, id, leaseMillis}}. Events are appended together at {@code commit}, or not at all.
 *
 * <p>An open transaction survives a lost connection. A failed write ends it, unless nothing was sent: it is undone, and its id is no longer
 * valid (NOT_FOUND, with the reason and the server's words), as after a lapsed lease. Failure codes are those of {@link EventStoreService};
 * a write that is lost on its way is CONNECTION_LOST, since nothing of the transaction has happened.
 */
@ProxyGen
public interface EventStoreTransactionService {

    /** Adds events. @param events as in {@link EventStoreService#append} */
    Future<Void> write(String id, List<JsonObject> events);

    /**
     * Commits. UNKNOWN_OUTCOME when the answer was lost and the expected version is -2, unless {@code retryAny} was chosen.
     *
     * @return as {@link EventStoreService#append}; without events {@code lastEventNumber} is {@code firstEventNumber} less one
     */
    Future<JsonObject> commit(String id);

    /** Renews the lease. */
    Future<Void> renew(String id);

    /** Rolls back. The server is told nothing: it forgets what is never committed. */
    Future<Void> rollback(String id);

    /** Rolls back if the transaction is open, as {@code close} does for every kind of handle. Else it does nothing. */
    Future<Void> close(String id);

    /** A proxy for the transactions of one instance. @param handle the result of {@code begin} */
    @GenIgnore
    static EventStoreTransactionService proxy(Vertx vertx, JsonObject handle) {
        String room = handle.getString("address");
        return ServiceProxies.of(vertx, room, with -> new EventStoreTransactionServiceVertxEBProxy(vertx, room, with));
    }
}
