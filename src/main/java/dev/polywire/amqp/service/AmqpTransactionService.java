package dev.polywire.amqp.service;

import dev.polywire.core.bus.request.ServiceProxies;
import io.vertx.codegen.annotations.GenIgnore;
import io.vertx.codegen.annotations.Nullable;
import io.vertx.codegen.annotations.ProxyGen;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

/**
 * The room {@code transactions} of a connector instance. Its address stands in the handle that {@link AmqpService#begin} gives,
 * {@code {address, id, leaseMillis}}. Publishes and settlements happen together at {@code commit}, or not at all.
 *
 * <p>What the broker refuses, and a connection that is lost, end the transaction: it is undone, and its id stands for nothing
 * any more (NOT_FOUND). So does a lease that nobody renewed. Failure codes are those of {@link AmqpService}.
 */
@ProxyGen
public interface AmqpTransactionService {

    /** Adds a message. Whether it has an effect, {@code commit} says. */
    Future<Void> publish(String id, JsonObject message);

    /**
     * Fetches one message, whose settlement is a part of this.
     *
     * @return {@code {message, messageCount}}, the message null when there is none; its {@code deliveryTag} counts from 1
     */
    Future<JsonObject> basicGet(String id, String queue);

    /** The message was dealt with. */
    Future<Void> basicAck(String id, long deliveryTag);

    /** It was not. @param requeue whether it is given again; default true */
    Future<Void> basicReject(String id, long deliveryTag, @Nullable Boolean requeue);

    /** Makes it happen. UNKNOWN_OUTCOME when the answer was lost. */
    Future<Void> commit(String id);

    /** Undoes it. */
    Future<Void> rollback(String id);

    /** Undoes it, if it is still there, as whoever has a handle of any kind ends it. Closing what is not open is no failure. */
    Future<Void> close(String id);

    /** Does nothing but renew the lease. */
    Future<Void> renew(String id);

    /** A proxy for the transactions of one instance. @param handle what {@code begin} gave */
    @GenIgnore
    static AmqpTransactionService proxy(Vertx vertx, JsonObject handle) {
        String address = handle.getString("address");
        return ServiceProxies.of(vertx, options -> new AmqpTransactionServiceVertxEBProxy(vertx, address, options));
    }
}
