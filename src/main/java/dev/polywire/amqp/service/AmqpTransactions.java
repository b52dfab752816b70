package dev.polywire.amqp.service;

import dev.polywire.amqp.session.AmqpClient;
import dev.polywire.amqp.session.AmqpGot;
import dev.polywire.amqp.session.AmqpTransaction;
import dev.polywire.core.bus.Connector;
import dev.polywire.core.bus.Failure;
import dev.polywire.core.bus.HandleRoom;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Answers {@link AmqpTransactionService}, for all open transactions of one connector instance. */
final class AmqpTransactions implements AmqpTransactionService {

    private static final String ROOM = "transactions";

    private final Vertx vertx;
    private final Connector connector;
    private final AmqpClient client;
    private final HandleRoom<OpenAmqpTransaction> open;

    AmqpTransactions(Vertx vertx, Connector connector, AmqpClient client) {
        this.vertx = vertx;
        this.connector = connector;
        this.client = client;
        this.open = connector.room(ROOM);
        connector.serveRoom(ROOM, AmqpTransactionService.class, this);
        connector.count("openTransactions", open::size);
        connector.count("lapsedTransactions", open::lapsed);
    }

    Future<JsonObject> begin() {
        Deadline deadline = deadline();
        return open.open(() -> client.begin(deadline)
                .map(transaction -> new OpenAmqpTransaction(vertx, transaction))
                .recover(cause -> Future.failedFuture(AmqpFailure.of(cause))));
    }

    @Override
    public Future<Void> publish(String id, JsonObject message) {
        Deadline deadline = deadline();
        return within(
                id, open -> open.transaction().publish(MessageJson.read(Fields.at("message", message)), deadline));
    }

    @Override
    public Future<JsonObject> basicGet(String id, String queue) {
        Deadline deadline = deadline();
        return within(
                id,
                open -> open.transaction()
                        .get(DeclarationJson.name("queue", queue), deadline)
                        .map(got -> GotMessage.answer(got, got == null ? 0 : open.fetched(got))));
    }

    @Override
    public Future<Void> basicAck(String id, long deliveryTag) {
        return settle(id, deliveryTag, AmqpGot::ack);
    }

    @Override
    public Future<Void> basicReject(String id, long deliveryTag, @Nullable Boolean requeue) {
        return settle(id, deliveryTag, got -> got.reject(requeue == null || requeue));
    }

    @Override
    public Future<Void> commit(String id) {
        Deadline deadline = deadline();
        return ending(id, transaction -> transaction.commit(deadline));
    }

    @Override
    public Future<Void> rollback(String id) {
        Deadline deadline = deadline();
        return ending(id, transaction -> transaction.rollback(deadline));
    }

    @Override
    public Future<Void> close(String id) {
        return open.has(id) ? rollback(id) : Future.succeededFuture();
    }

    @Override
    public Future<Void> renew(String id) {
        return Failure.typed(() -> {
            open.use(id);
            return Future.succeededFuture();
        });
    }

    private Future<Void> settle(String id, long deliveryTag, Consumer<AmqpGot> said) {
        return within(id, open -> {
            said.accept(open.settle(deliveryTag));
            return Future.succeededFuture();
        });
    }

    private <T> Future<T> within(String id, Function<OpenAmqpTransaction, Future<T>> work) {
        return Failure.typed(() -> {
            OpenAmqpTransaction transaction = usable(id);
            return transaction.during(() -> work.apply(transaction)).onComplete(done -> {
                if (transaction.isOver()) {
                    open.remove(id);
                }
            });
        });
    }

    /** From the moment it is asked on nobody else can use it. */
    private Future<Void> ending(String id, Function<AmqpTransaction, Future<Void>> end) {
        return Failure.typed(() -> {
            OpenAmqpTransaction transaction = usable(id);
            open.remove(id);
            return transaction.during(() -> end.apply(transaction.transaction()));
        });
    }

    private OpenAmqpTransaction usable(String id) {
        OpenAmqpTransaction transaction = open.use(id);
        if (transaction.isOver()) {
            open.remove(id);
            throw Failure.NOT_FOUND.because("id: a transaction that a failure has ended");
        }
        return transaction;
    }

    private Deadline deadline() {
        return connector.requests().current().deadline();
    }
}
