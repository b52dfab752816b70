package dev.polywire.amqp.service;

import dev.polywire.core.bus.request.ServiceProxies;
import io.vertx.codegen.annotations.GenIgnore;
import io.vertx.codegen.annotations.Nullable;
import io.vertx.codegen.annotations.ProxyGen;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * A broker by messages on the bus, in the words of AMQP 0-9-1. Messages are {@link MessageJson}, {@code arguments} and headers
 * {@link TableJson}. What is declared here is declared again when a connection comes back, and with it consumers and
 * bindings.
 *
 * <p>Failure codes of every action: BAD_REQUEST, UNAVAILABLE (no connection by the deadline), UNAUTHENTICATED, TIMEOUT,
 * OVERLOADED, CONNECTION_LOST, UNKNOWN_OUTCOME, PROTOCOL_VIOLATION, SHUTTING_DOWN, INTERNAL; and by the broker's reply code
 * NOT_FOUND (404), FORBIDDEN (403, 530), CONFLICT (405 locked, 406 precondition failed), LIMIT_EXCEEDED (311), else
 * REFUSED_BY_SERVER. What the broker refused has {@code server} in the debug information:
 * {@code {replyCode, replyText, classId, methodId}}.
 *
 * <p>{@code <address>.raw} takes {@code publish}, {@code basicPublish} and {@code request} with the body as a buffer and
 * {@code exchange}, {@code routingKey}, {@code mandatory} and {@code properties} (JSON) as headers.
 *
 * <p>{@code <address>.events} tells beside changes of state of {@code blocked}, {@code recovered}, {@code cancelled} and {@code
 * returned}; see docs/amqp.md.
 */
@ProxyGen
public interface AmqpService {

    /**
     * Declares an exchange.
     *
     * @param type {@code direct, fanout, topic, headers}, or one of a plugin
     * @param options {@code {passive: false, durable: true, autoDelete: false, internal: false, arguments}}
     */
    Future<Void> exchangeDeclare(String exchange, String type, @Nullable JsonObject options);

    /** @param options {@code {ifUnused: false}} */
    Future<Void> exchangeDelete(String exchange, @Nullable JsonObject options);

    /** {@code destination} gets what {@code source} has for it (RabbitMQ). @param options {@code {arguments}} */
    Future<Void> exchangeBind(String destination, String source, String routingKey, @Nullable JsonObject options);

    Future<Void> exchangeUnbind(String destination, String source, String routingKey, @Nullable JsonObject options);

    /**
     * Declares a queue.
     *
     * @param queue empty: the broker makes a name, and the queue is exclusive
     * @param options {@code {passive: false, durable: true, exclusive: false, autoDelete: false, arguments}}; an exclusive
     *     queue is not durable unless it is said, and belongs to the instance that declared it
     * @return {@code {queue, messageCount, consumerCount}}
     */
    Future<JsonObject> queueDeclare(String queue, @Nullable JsonObject options);

    /** @param options {@code {arguments}} */
    Future<Void> queueBind(String queue, String exchange, String routingKey, @Nullable JsonObject options);

    Future<Void> queueUnbind(String queue, String exchange, String routingKey, @Nullable JsonObject options);

    /** @return {@code {messageCount}}, how many there were */
    Future<JsonObject> queuePurge(String queue);

    /** @param options {@code {ifUnused: false, ifEmpty: false}} @return {@code {messageCount}}, how many there were */
    Future<JsonObject> queueDelete(String queue, @Nullable JsonObject options);

    /**
     * Publishes a message, and completes when the broker has it: a publisher confirm.
     *
     * @param message with {@code mandatory: true} it fails when no queue wants it (REFUSED_BY_SERVER, 312)
     */
    Future<Void> publish(JsonObject message);

    /**
     * Publishes messages in one go, and completes when the broker has spoken of each.
     *
     * @param messages 1 to 10,000
     * @return {@code {confirmed, failures}}: how many the broker has, and of the others {@code {message, code, name, text,
     *     retryable, mayHaveExecuted, server}}, {@code message} by its place from 0
     */
    Future<JsonObject> publishAll(List<JsonObject> messages);

    /** Publishes a message without a confirm: it was handed to the system, and nobody knows more. */
    Future<Void> basicPublish(JsonObject message);

    /**
     * Fetches one message.
     *
     * @param options {@code {noAck: false}}; with {@code noAck} the broker forgets it
     * @return {@code {message, messageCount}}, the message null when there is none; without {@code noAck} also {@code {address,
     *     id, leaseMillis}}, a stream of this one, which is settled there as item 1 ({@code settle}) and goes back when
     *     nobody does
     */
    Future<JsonObject> basicGet(String queue, @Nullable JsonObject options);

    /**
     * Opens the stream of a queue's messages. Each is {@code {deliveryTag, redelivered, exchange, routingKey, properties}} and
     * its bytes; {@code deliveryTag} counts the items of the stream from 1, and {@code settle} takes it. What is read and not
     * settled never exceeds {@code prefetchCount}. A stream that is closed, or whose lease lapses, gives back what is not
     * settled. When a connection comes back its unsettled messages come again, as new items with {@code redelivered}.
     *
     * @param options {@code {prefetchCount, noAck: false, exclusive: false, consumerTag, noLocal, arguments, resubscribe: false,
     *     form: "json"}}. The prefetch is best twice the largest {@code max} that is read. With {@code noAck} nothing is
     *     settled, and a reader slower than the broker is ended (OVERLOADED). {@code resubscribe}: a consumer that the broker
     *     cancels begins anew when there is such a queue; else the stream ends with NOT_FOUND. In raw form an item is
     *     {@code basic.deliver}'s arguments, the properties and the body, see {@link RawRecord}
     * @return {@code {address, id, leaseMillis, consumerTag, prefetchCount}}, see {@link dev.polywire.core.bus.stream.StreamService}
     */
    Future<JsonObject> consume(String queue, @Nullable JsonObject options);

    /**
     * Gives a queue's messages to an address, where a reply is the acknowledgement, see {@link
     * dev.polywire.core.bus.binding.BindingService}.
     *
     * @param options {@code {prefetch: 64, timeoutMillis: 30000, onTimeout: "requeueOnce", exclusive: false, consumerTag,
     *     arguments, resubscribe: false}}
     * @return {@code {address, id}}
     */
    Future<JsonObject> bind(String queue, String address, @Nullable JsonObject options);

    /**
     * Sends a message as a request and completes with its reply, by RabbitMQ's direct reply-to, or by a queue of our own where
     * the broker has none. {@code replyTo} and {@code correlationId} are made here.
     *
     * @return the reply, a message; REFUSED_BY_SERVER (312) at once when no queue wants the request
     */
    Future<JsonObject> request(JsonObject message);

    /** Begins a transaction on a channel of its own. @return {@code {address, id, leaseMillis}}, see {@link AmqpTransactionService} */
    Future<JsonObject> begin();

    /** A round trip to the broker by each of the two connections: {@code {product, version}}. */
    Future<JsonObject> ping();

    /**
     * Name, address, target, state, counters; {@code publishing} and {@code consuming}, the states of the two connections;
     * {@code blocked}, why the broker takes no publishes; {@code topology}, what would be declared again.
     */
    Future<JsonObject> status();

    /** A proxy whose calls have the default deadline of 25 s. */
    @GenIgnore
    static AmqpService proxy(Vertx vertx, String address) {
        return ServiceProxies.of(vertx, options -> new AmqpServiceVertxEBProxy(vertx, address, options));
    }

    /** A proxy whose calls have a deadline of {@code deadlineMillis}. */
    @GenIgnore
    static AmqpService proxy(Vertx vertx, String address, long deadlineMillis) {
        return ServiceProxies.of(
                vertx, deadlineMillis, options -> new AmqpServiceVertxEBProxy(vertx, address, options));
    }
}
