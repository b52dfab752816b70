package dev.polywire.eventstore.service;

import dev.polywire.core.bus.Connector;
import dev.polywire.core.bus.handle.Transactions;
import dev.polywire.core.net.Deadline;
import dev.polywire.eventstore.session.EventStoreClient;
import dev.polywire.eventstore.session.EventStoreTransaction;
import dev.polywire.eventstore.wire.NewEvent;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** Answers {@link EventStoreTransactionService}, for all open transactions of one connector instance. */
final class EventStoreTransactions implements EventStoreTransactionService {

    private final Connector connector;
    private final EventStoreClient client;
    private final Transactions<OpenStoreTransaction> open;

    EventStoreTransactions(Connector connector, EventStoreClient client) {
        this.connector = connector;
        this.client = client;
        this.open = connector.transactions(EventStoreTransactionService.class, this);
    }

    Future<JsonObject> begin(EventStoreTransaction.Terms terms) {
        Deadline deadline = deadline();
        return open.begin(
                () -> EventStoreTransaction.start(client, terms, deadline).map(OpenStoreTransaction::new));
    }

    @Override
    public Future<Void> write(String id, List<JsonObject> events) {
        Deadline deadline = deadline();
        List<NewEvent> read = WriteJson.events(events);
        return open.within(id, open -> open.transaction().write(read, deadline));
    }

    @Override
    public Future<JsonObject> commit(String id) {
        Deadline deadline = deadline();
        return open.ending(id, ended -> ended.transaction().commit(deadline).map(WriteJson::json));
    }

    @Override
    public Future<Void> rollback(String id) {
        return open.ending(id, EventStoreTransactions::undone);
    }

    @Override
    public Future<Void> close(String id) {
        return open.close(id, EventStoreTransactions::undone);
    }

    @Override
    public Future<Void> renew(String id) {
        return open.renew(id);
    }

    private static Future<Void> undone(OpenStoreTransaction ended) {
        ended.transaction().rollback();
        return Future.succeededFuture();
    }

    private Deadline deadline() {
        return connector.requests().current().deadline();
    }
}
