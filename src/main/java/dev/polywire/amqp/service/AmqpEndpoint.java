package dev.polywire.amqp.service;

import dev.polywire.amqp.session.AmqpClient;
import dev.polywire.amqp.session.AmqpPublish;
import dev.polywire.amqp.session.AmqpSubscription;
import dev.polywire.amqp.session.ConsumerLimits;
import dev.polywire.amqp.wire.AmqpMethod;
import dev.polywire.amqp.wire.ExchangeMethod;
import dev.polywire.amqp.wire.QueueMethod;
import dev.polywire.core.bus.Connector;
import dev.polywire.core.bus.stream.StreamForm;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers {@link AmqpService}. */
final class AmqpEndpoint implements AmqpService {

    private final Connector connector;
    private final AmqpClient client;
    private final AmqpTransactions transactions;
    private final BrokerStatus status;
    private final int prefetchCount;
    private final ConsumerLimits limits;
    /** Streams that ended because the reader was too slow. */
    private long overrunStreams;

    AmqpEndpoint(
            Vertx vertx,
            Connector connector,
            AmqpClient client,
            TopologySetup setup,
            int prefetchCount,
            ConsumerLimits limits) {
        this.connector = connector;
        this.client = client;
        this.transactions = new AmqpTransactions(vertx, connector, client);
        this.status = new BrokerStatus(connector, client, setup);
        this.prefetchCount = prefetchCount;
        this.limits = limits;
        connector.count("overrunStreams", () -> overrunStreams);
    }

    @Override
    public Future<Void> exchangeDeclare(String exchange, String type, @Nullable JsonObject options) {
        return done(options, json -> DeclarationJson.exchange(exchange, type, json));
    }

    @Override
    public Future<Void> exchangeDelete(String exchange, @Nullable JsonObject options) {
        return done(
                options,
                json -> new ExchangeMethod.Delete(
                        ShortText.check("exchange", exchange), json.flag("ifUnused", false), false));
    }

    @Override
    public Future<Void> exchangeBind(
            String destination, String source, String routingKey, @Nullable JsonObject options) {
        return done(options, json -> DeclarationJson.bindExchange(destination, source, routingKey, json));
    }

    @Override
    public Future<Void> exchangeUnbind(
            String destination, String source, String routingKey, @Nullable JsonObject options) {
        return done(options, json -> {
            ExchangeMethod.Bind bound = DeclarationJson.bindExchange(destination, source, routingKey, json);
            return new ExchangeMethod.Unbind(destination, source, routingKey, false, bound.arguments());
        });
    }

    @Override
    public Future<JsonObject> queueDeclare(String queue, @Nullable JsonObject options) {
        return ask(options, json -> DeclarationJson.queue(queue, json)).map(answer -> {
            QueueMethod.DeclareOk ok = (QueueMethod.DeclareOk) answer;
            return new JsonObject()
                    .put("queue", ok.queue())
                    .put("messageCount", ok.messageCount())
                    .put("consumerCount", ok.consumerCount());
        });
    }

    @Override
    public Future<Void> queueBind(String queue, String exchange, String routingKey, @Nullable JsonObject options) {
        return done(options, json -> DeclarationJson.bind(queue, exchange, routingKey, json));
    }

    @Override
    public Future<Void> queueUnbind(String queue, String exchange, String routingKey, @Nullable JsonObject options) {
        return done(options, json -> {
            QueueMethod.Bind bound = DeclarationJson.bind(queue, exchange, routingKey, json);
            return new QueueMethod.Unbind(queue, exchange, routingKey, bound.arguments());
        });
    }

    @Override
    public Future<JsonObject> queuePurge(String queue) {
        return ask(null, json -> new QueueMethod.Purge(DeclarationJson.name("queue", queue), false))
                .map(answer -> counted(((QueueMethod.PurgeOk) answer).messageCount()));
    }

    @Override
    public Future<JsonObject> queueDelete(String queue, @Nullable JsonObject options) {
        return ask(
                        options,
                        json -> new QueueMethod.Delete(
                                DeclarationJson.name("queue", queue),
                                json.flag("ifUnused", false),
                                json.flag("ifEmpty", false),
                                false))
                .map(answer -> counted(((QueueMethod.DeleteOk) answer).messageCount()));
    }

    @Override
    public Future<Void> publish(JsonObject message) {
        Deadline deadline = deadline();
        return client.publish(read(message), deadline);
    }

    @Override
    public Future<JsonObject> publishAll(List<JsonObject> messages) {
        Deadline deadline = deadline();
        return Publishes.send(client, Publishes.read(messages), deadline);
    }

    @Override
    public Future<Void> basicPublish(JsonObject message) {
        Deadline deadline = deadline();
        return client.publishUnconfirmed(read(message), deadline);
    }

    @Override
    public Future<JsonObject> basicGet(String queue, @Nullable JsonObject options) {
        Deadline deadline = deadline();
        Fields json = Fields.at("options", options);
        boolean noAck = json.flag("noAck", false);
        json.done();
        String name = DeclarationJson.name("queue", queue);
        if (noAck) {
            return client.get(name, true, deadline).map(got -> GotMessage.answer(got, 1));
        }
        JsonObject answer = new JsonObject();
        return connector
                .streams()
                .openOne(() -> client.get(name, false, deadline).map(got -> {
                    answer.mergeIn(GotMessage.answer(got, 1));
                    return got == null ? null : new GotMessage(got, answer.getJsonObject("message"));
                }))
                .map(handle -> handle == null ? answer : answer.mergeIn(handle));
    }

    @Override
    public Future<JsonObject> consume(String queue, @Nullable JsonObject options) {
        Deadline deadline = deadline();
        Fields json = Fields.at("options", options);
        boolean noAck = json.flag("noAck", false);
        int prefetch = json.int32("prefetchCount", prefetchCount, 1, AmqpOptions.MAX_PREFETCH_COUNT);
        StreamForm form = json.oneOf("form", StreamForm.class, StreamForm.JSON);
        AmqpSubscription subscription = Subscription.read(queue, prefetch, noAck, json, limits);
        json.done();
        JsonObject more = new JsonObject().put("prefetchCount", subscription.prefetchCount());
        return connector
                .streams()
                .open(
                        form,
                        () -> ConsumerStream.open(client, subscription, form, () -> overrunStreams++, deadline)
                                .map(stream -> {
                                    more.put("consumerTag", stream.consumer().consumerTag());
                                    return stream.source();
                                }))
                .map(handle -> handle.mergeIn(more));
    }

    @Override
    public Future<JsonObject> bind(String queue, String address, @Nullable JsonObject options) {
        Deadline deadline = deadline();
        QueueBinding binding = QueueBinding.of(queue, address, options, limits);
        return connector.bindings().bind(binding.options(), () -> binding.open(client, deadline));
    }

    @Override
    public Future<JsonObject> request(JsonObject message) {
        Deadline deadline = deadline();
        return client.request(read(message), deadline)
                .map(reply -> MessageJson.put(
                        new JsonObject()
                                .put("exchange", reply.method().exchange())
                                .put("routingKey", reply.method().routingKey()),
                        reply.content()));
    }

    @Override
    public Future<JsonObject> begin() {
        return transactions.begin();
    }

    @Override
    public Future<JsonObject> ping() {
        Deadline deadline = deadline();
        return client.ping(deadline)
                .map(server -> new JsonObject().put("product", server.product()).put("version", server.version()));
    }

    @Override
    public Future<JsonObject> status() {
        return Future.succeededFuture(status.json());
    }

    private interface Reading {
        AmqpMethod request(Fields options);
    }

    private Future<AmqpMethod> ask(@Nullable JsonObject options, Reading reading) {
        Deadline deadline = deadline();
        Fields json = Fields.at("options", options);
        AmqpMethod request = reading.request(json);
        json.done();
        return client.send(request, deadline);
    }

    private Future<Void> done(@Nullable JsonObject options, Reading reading) {
        return ask(options, reading).mapEmpty();
    }

    private Deadline deadline() {
        return connector.requests().current().deadline();
    }

    private static AmqpPublish read(JsonObject message) {
        return MessageJson.read(Fields.at("message", message));
    }

    private static JsonObject counted(long messages) {
        return new JsonObject().put("messageCount", messages);
    }
}
