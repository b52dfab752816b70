package dev.polywire.bolt.service;

import dev.polywire.bolt.client.BoltResult;
import dev.polywire.bolt.wire.TransactionOptions;
import dev.polywire.core.bus.Connector;
import dev.polywire.core.bus.handle.Transactions;
import dev.polywire.core.net.Deadline;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Implements {@link BoltTransactionService}, for all open transactions of one connector instance. */
final class BoltTransactions implements BoltTransactionService {

    private final Connector connector;
    private final BoltQueries queries;
    private final Transactions<OpenBoltTransaction> open;

    BoltTransactions(Connector connector, BoltQueries queries) {
        this.connector = connector;
        this.queries = queries;
        this.open = connector.transactions(BoltTransactionService.class, this);
    }

    /** Waits for the server's answer: if the transaction cannot begin, there is no handle. */
    Future<JsonObject> begin(TransactionOptions work) {
        Deadline deadline = connector.requests().current().deadline();
        return open.begin(() -> queries.session().begin(work, deadline).compose(transaction -> {
            OpenBoltTransaction begun = queries.open(transaction);
            return transaction.begun().map(done -> begun).onFailure(refused -> begun.undoIfFailed());
        }));
    }

    @Override
    public Future<JsonObject> run(String id, String query, @Nullable JsonObject parameters) {
        Deadline deadline = connector.requests().current().deadline();
        return open.within(id, transaction -> {
            BoltResult result = start(transaction, query, parameters, deadline);
            return queries.whole(result, deadline);
        });
    }

    @Override
    public Future<JsonObject> open(
            String id, String query, @Nullable JsonObject parameters, @Nullable JsonObject options) {
        Deadline deadline = connector.requests().current().deadline();
        return open.within(id, transaction -> {
            QueryOptions asked = QueryOptions.read(QueryOptions.Of.OPEN_WITHIN, options);
            Supplier<Future<BoltResult>> running =
                    () -> Future.succeededFuture(start(transaction, query, parameters, deadline));
            return queries.stream(running, asked, transaction);
        });
    }

    @Override
    public Future<JsonObject> commit(String id) {
        Deadline deadline = connector.requests().current().deadline();
        return open.ending(id, held -> held.end(transaction -> transaction.commit(deadline)))
                .map(bookmark -> new JsonObject().put("bookmark", bookmark));
    }

    @Override
    public Future<Void> rollback(String id) {
        Deadline deadline = connector.requests().current().deadline();
        return open.ending(id, held -> held.end(transaction -> transaction.rollback(deadline)));
    }

    @Override
    public Future<Void> close(String id) {
        Deadline deadline = connector.requests().current().deadline();
        return open.close(id, held -> held.end(transaction -> transaction.rollback(deadline)));
    }

    @Override
    public Future<Void> renew(String id) {
        return open.renew(id);
    }

    private static BoltResult start(
            OpenBoltTransaction within, String query, @Nullable JsonObject parameters, Deadline deadline) {
        Map<String, @Nullable Object> values = TypedJson.parameters("parameters", parameters);
        return within.transaction().run(query, values, deadline);
    }
}
