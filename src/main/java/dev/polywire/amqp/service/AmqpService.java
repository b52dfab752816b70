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
 * A broker as a service on the bus, with the names of AMQP 0-9-1. Messages are {@link MessageJson}, {@code arguments} and
 * headers {@link TableJson}. After a reconnection all declarations made here are repeated, and consumers and bindings are
 * started again.
 *
 * <p>Failure codes of every action: BAD_REQUEST, UNAVAILABLE (no connection by the deadline), UNAUTHENTICATED (at once,
 * while the broker refuses the login, or TLS fails for a reason that time does not heal), TIMEOUT, OVERLOADED,
 * CONNECTION_LOST, UNKNOWN_OUTCOME, PROTOCOL_VIOLATION, SHUTTING_DOWN, INTERNAL; and by the broker's reply code NOT_FOUND
 * (404), FORBIDDEN (403, 530), CONFLICT (405 locked, 406 precondition failed), LIMIT_EXCEEDED (311, 406 for a message that
 * is too large), else REFUSED_BY_SERVER. When the broker refused, or closed a channel or connection with the request on it,
 * the debug information has {@code server}: {@code {replyCode, replyText, classId, methodId}}.
 *
 * <p>{@code <address>.raw} takes {@code publish}, {@code basicPublish} and {@code request} with the body as a buffer and
 * {@code exchange}, {@code routingKey}, {@code mandatory} and {@code properties} (JSON) as headers.
 *
 * <p>{@code <address>.events} carries changes of state and {@code blocked}, {@code recovered}, {@code cancelled} and {@code
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

    /** Routes messages of {@code source} to {@code destination} (RabbitMQ). @param options {@code {arguments}} */
    Future<Void> exchangeBind(String destination, String source, String routingKey, @Nullable JsonObject options);

    Future<Void> exchangeUnbind(String destination, String source, String routingKey, @Nullable JsonObject options);

    /**
     * Declares a queue.
     *
     * @param queue empty: the broker makes a name, and the queue is exclusive
     * @param options {@code {passive: false, durable: true, exclusive: false, autoDelete: false, arguments}}; an exclusive
     *     queue is durable only with {@code durable: true}, and belongs to the instance that declared it
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
     * Publishes a message, and completes when the broker has confirmed it.
     *
     * @param message with {@code mandatory: true} the call fails when no queue receives it (REFUSED_BY_SERVER, 312)
     */
    Future<Void> publish(JsonObject message);

    /**
     * Publishes several messages, and completes when each has an outcome.
     *
     * @param messages 1 to 10,000
     * @return {@code {confirmed, failures}}: how many the broker confirmed, and for each other {@code {message, code, name,
     *     text, retryable, mayHaveExecuted, server}}, where {@code message} is its index from 0
     */
    Future<JsonObject> publishAll(List<JsonObject> messages);

    /** Publishes without a confirm: completes when the system has taken the bytes, and the outcome stays unknown. */
    Future<Void> basicPublish(JsonObject message);

    /**
     * Fetches one message.
     *
     * @param options {@code {noAck: false}}; with {@code noAck} the broker forgets the message
     * @return {@code {message, messageCount}}, the message null when there is none; without {@code noAck} also {@code {address,
     *     id, leaseMillis}}, a stream of this message, which {@code settle} settles there as item 1 and which is requeued
     *     otherwise
     */
    Future<JsonObject> basicGet(String queue, @Nullable JsonObject options);

    /**
     * Opens the stream of a queue's messages. Each is {@code {deliveryTag, redelivered, exchange, routingKey, properties}} and
     * its bytes; {@code deliveryTag} counts the items of the stream from 1, and {@code settle} takes it. Items that are
     * read and not settled never exceed {@code prefetchCount}. A stream that is closed, or whose lease expires, requeues
     * its unsettled messages. After a reconnection they are delivered again, as new items with {@code redelivered}.
     *
     * @param options {@code {prefetchCount, noAck: false, exclusive: false, consumerTag, noLocal, arguments, resubscribe: false,
     *     form: "json", maxConsumerBytes, slowConsumerMillis}}. A good prefetch is twice the largest {@code max} of the
     *     reader. With {@code noAck} nothing is settled. With more than {@code maxConsumerBytes} unsettled or waiting the
     *     connection that consumes is paused; when nothing is settled or taken for {@code slowConsumerMillis} the stream
     *     ends (OVERLOADED), and what it gave can be settled until it is closed. {@code resubscribe}: after the
     *     broker has cancelled the consumer it starts again when the queue exists; else the stream ends with NOT_FOUND. In
     *     raw form an item is {@code basic.deliver}'s arguments, the properties and the body, see {@link RawRecord}
     * @return {@code {address, id, leaseMillis, consumerTag, prefetchCount}}, see {@link dev.polywire.core.bus.stream.StreamService}
     */
    Future<JsonObject> consume(String queue, @Nullable JsonObject options);

    /**
     * Sends each message of a queue to an address, whose reply is the acknowledgement, see {@link
     * dev.polywire.core.bus.binding.BindingService}. A client of the bridge needs a permission that lists the address in
     * {@code deliver}.
     *
     * @param options {@code {prefetch: 64, timeoutMillis: 30000, onTimeout: "requeueOnce", exclusive: false, consumerTag,
     *     arguments, resubscribe: false, maxConsumerBytes, slowConsumerMillis}}, the last at least {@code timeoutMillis}.
     *     With nobody at the address, messages are returned before the broker's {@code consumerTimeoutMillis} of the
     *     configuration is over, and the binding holds one at a time
     * @return {@code {address, id}}
     */
    Future<JsonObject> bind(String queue, String address, @Nullable JsonObject options);

    /**
     * Sends a message as a request and completes with its reply, by RabbitMQ's direct reply-to, or by a queue of our own if
     * the broker has no direct reply-to. The client sets {@code replyTo} and {@code correlationId}.
     *
     * @return the reply, a message; REFUSED_BY_SERVER (312) at once when no queue receives the request
     */
    Future<JsonObject> request(JsonObject message);

    /** Begins a transaction on a channel of its own. @return {@code {address, id, leaseMillis}}, see {@link AmqpTransactionService} */
    Future<JsonObject> begin();

    /** A round trip to the broker on the connections that publish and consume: {@code {product, version}}. */
    Future<JsonObject> ping();

    /**
     * Name, address, target, state, counters; {@code publishing}, {@code consuming} and {@code declaring}, the states of the
     * connections, the last one {@code idle} while there is none since none is needed; {@code blocked}, why the broker
     * accepts no publishes; {@code topology}, what recovery would declare again.
     */
    Future<JsonObject> status();

    /** A proxy whose calls have the default deadline of 25 s. */
    @GenIgnore
    static AmqpService proxy(Vertx vertx, String address) {
        return ServiceProxies.of(vertx, address, with -> new AmqpServiceVertxEBProxy(vertx, address, with));
    }

    /** A proxy whose calls have a deadline of {@code deadlineMillis}. */
    @GenIgnore
    static AmqpService proxy(Vertx vertx, String address, long deadlineMillis) {
        return ServiceProxies.of(
                vertx, address, deadlineMillis, with -> new AmqpServiceVertxEBProxy(vertx, address, with));
    }
}
