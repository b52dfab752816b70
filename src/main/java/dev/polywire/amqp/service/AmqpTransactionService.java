package dev.polywire.amqp.service;

import dev.polywire.core.bus.request.ServiceProxies;
import io.vertx.codegen.annotations.GenIgnore;
import io.vertx.codegen.annotations.Nullable;
import io.vertx.codegen.annotations.ProxyGen;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

/**
 * The room {@code transactions} of a connector instance. The handle from {@link AmqpService#begin} holds its address,
 * {@code {address, id, leaseMillis}}. Publishes and settlements happen together at {@code commit}, or not at all.
 *
 * <p>A refusal by the broker, a lost connection and an expired lease end the transaction: it is rolled back, and its id is
 * no longer valid (NOT_FOUND, with the reason and the broker's words). When no request has failed with the reason yet, since
 * publishes have no answer of their own, the next one does. Failure codes are those of {@link AmqpService}.
 */
@ProxyGen
public interface AmqpTransactionService {

    /** Adds a message. The outcome of {@code commit} decides whether it has an effect. */
    Future<Void> publish(String id, JsonObject message);

    /**
     * Fetches one message. Its settlement is part of the transaction.
     *
     * @return {@code {message, messageCount}}, the message null when there is none; its {@code deliveryTag} counts from 1
     */
    Future<JsonObject> basicGet(String id, String queue);

    /** Acknowledges the message. */
    Future<Void> basicAck(String id, long deliveryTag);

    /** Rejects the message. @param requeue whether the broker delivers it again; default true */
    Future<Void> basicReject(String id, long deliveryTag, @Nullable Boolean requeue);

    /** Commits. UNKNOWN_OUTCOME when the answer was lost. */
    Future<Void> commit(String id);

    /** Rolls back. */
    Future<Void> rollback(String id);

    /** Rolls back if the transaction is open, as {@code close} does for every kind of handle. Else it does nothing. */
    Future<Void> close(String id);

    /** Renews the lease. */
    Future<Void> renew(String id);

    /** A proxy for the transactions of one instance. @param handle the result of {@code begin} */
    @GenIgnore
    static AmqpTransactionService proxy(Vertx vertx, JsonObject handle) {
        String address = handle.getString("address");
        return ServiceProxies.of(vertx, address, with -> new AmqpTransactionServiceVertxEBProxy(vertx, address, with));
    }
}
