package dev.polywire.amqp.service;

import dev.polywire.amqp.session.AmqpClient;
import dev.polywire.amqp.session.AmqpReceipt;
import dev.polywire.core.bus.Connector;
import dev.polywire.core.bus.handle.Transactions;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Answers {@link AmqpTransactionService}, for all open transactions of one connector instance. */
final class AmqpTransactions implements AmqpTransactionService {

    private final Vertx vertx;
    private final Connector connector;
    private final AmqpClient client;
    private final Transactions<OpenAmqpTransaction> open;

    AmqpTransactions(Vertx vertx, Connector connector, AmqpClient client) {
        this.vertx = vertx;
        this.connector = connector;
        this.client = client;
        this.open = connector.transactions(AmqpTransactionService.class, this);
    }

    Future<JsonObject> begin() {
        Deadline deadline = deadline();
        return open.begin(() -> client.begin(deadline).map(transaction -> new OpenAmqpTransaction(vertx, transaction)));
    }

    @Override
    public Future<Void> publish(String id, JsonObject message) {
        Deadline deadline = deadline();
        return open.within(
                id, open -> open.transaction().publish(MessageJson.read(Fields.at("message", message)), deadline));
    }

    @Override
    public Future<JsonObject> basicGet(String id, String queue) {
        Deadline deadline = deadline();
        return open.within(
                id,
                open -> open.transaction()
                        .get(DeclarationJson.name("queue", queue), deadline)
                        .map(got -> GotMessage.answer(got, got == null ? 0 : open.fetched(got.receipt()))));
    }

    @Override
    public Future<Void> basicAck(String id, long deliveryTag) {
        return settle(id, deliveryTag, AmqpReceipt::ack);
    }

    @Override
    public Future<Void> basicReject(String id, long deliveryTag, @Nullable Boolean requeue) {
        return settle(id, deliveryTag, got -> got.reject(requeue == null || requeue));
    }

    @Override
    public Future<Void> commit(String id) {
        Deadline deadline = deadline();
        return open.ending(id, ended -> ended.transaction().commit(deadline));
    }

    @Override
    public Future<Void> rollback(String id) {
        Deadline deadline = deadline();
        return open.ending(id, ended -> ended.transaction().rollback(deadline));
    }

    @Override
    public Future<Void> close(String id) {
        Deadline deadline = deadline();
        return open.close(id, ended -> ended.transaction().rollback(deadline));
    }

    @Override
    public Future<Void> renew(String id) {
        return open.renew(id);
    }

    private Future<Void> settle(String id, long deliveryTag, Consumer<AmqpReceipt> said) {
        return open.within(id, open -> {
            said.accept(open.settle(deliveryTag));
            return Future.succeededFuture();
        });
    }

    private Deadline deadline() {
        return connector.requests().current().deadline();
    }
}
