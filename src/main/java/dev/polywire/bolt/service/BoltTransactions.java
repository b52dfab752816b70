package dev.polywire.bolt.service;

import dev.polywire.bolt.client.BoltResult;
import dev.polywire.bolt.session.BoltTransaction;
import dev.polywire.bolt.wire.TransactionOptions;
import dev.polywire.core.bus.Connector;
import dev.polywire.core.bus.Failure;
import dev.polywire.core.bus.HandleRoom;
import dev.polywire.core.net.Deadline;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers {@link BoltTransactionService}, for all open transactions of one connector instance. */
final class BoltTransactions implements BoltTransactionService {

    private static final String ROOM = "transactions";

    private final Connector connector;
    private final BoltQueries queries;
    private final HandleRoom<OpenBoltTransaction> open;

    BoltTransactions(Connector connector, BoltQueries queries) {
        this.connector = connector;
        this.queries = queries;
        this.open = connector.room(ROOM);
        connector.serveRoom(ROOM, BoltTransactionService.class, this);
        connector.count("openTransactions", open::size);
        connector.count("lapsedTransactions", open::lapsed);
    }

    /** Waits for the server's answer: a handle to what could not be begun is none. */
    Future<JsonObject> begin(TransactionOptions work) {
        Deadline deadline = connector.requests().current().deadline();
        return open.open(() -> queries.session()
                .begin(work, deadline)
                .compose(transaction -> {
                    OpenBoltTransaction begun = queries.open(transaction);
                    return transaction.begun().map(done -> begun).onFailure(refused -> begun.undoIfFailed());
                })
                .recover(cause -> Future.failedFuture(BoltFailure.of(cause))));
    }

    @Override
    public Future<JsonObject> run(String id, String query, @Nullable JsonObject parameters) {
        Deadline deadline = connector.requests().current().deadline();
        return within(id, transaction -> {
            BoltResult result = start(transaction, query, parameters, deadline);
            return queries.whole(result, deadline);
        });
    }

    @Override
    public Future<JsonObject> open(
            String id, String query, @Nullable JsonObject parameters, @Nullable JsonObject options) {
        Deadline deadline = connector.requests().current().deadline();
        return within(id, transaction -> {
            QueryOptions asked = QueryOptions.read(QueryOptions.Of.OPEN_WITHIN, options);
            Supplier<Future<BoltResult>> running =
                    () -> Future.succeededFuture(start(transaction, query, parameters, deadline));
            return queries.stream(running, asked, transaction);
        });
    }

    @Override
    public Future<JsonObject> commit(String id) {
        Deadline deadline = connector.requests().current().deadline();
        return ending(
                id,
                transaction ->
                        transaction.commit(deadline).map(bookmark -> new JsonObject().put("bookmark", bookmark)));
    }

    @Override
    public Future<Void> rollback(String id) {
        Deadline deadline = connector.requests().current().deadline();
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

    private static BoltResult start(
            OpenBoltTransaction within, String query, @Nullable JsonObject parameters, Deadline deadline) {
        Map<String, @Nullable Object> values = TypedJson.parameters("parameters", parameters);
        return within.transaction().run(query, values, deadline);
    }

    private <T> Future<T> within(String id, Function<OpenBoltTransaction, Future<T>> work) {
        return Failure.typed(() -> {
            OpenBoltTransaction transaction = usable(id);
            return transaction.during(() -> work.apply(transaction)).onFailure(cause -> forgetIfOver(id, transaction));
        });
    }

    private OpenBoltTransaction usable(String id) {
        OpenBoltTransaction transaction = open.use(id);
        if (transaction.isOver()) {
            open.remove(id);
            throw Failure.NOT_FOUND.because("id: a transaction that a failure has ended");
        }
        return transaction;
    }

    private void forgetIfOver(String id, OpenBoltTransaction transaction) {
        if (transaction.isOver()) {
            open.remove(id);
        }
    }

    /** From the moment it is asked on nobody else can use it. */
    private <T> Future<T> ending(String id, Function<BoltTransaction, Future<T>> work) {
        return Failure.typed(() -> {
            OpenBoltTransaction transaction = usable(id);
            open.remove(id);
            transaction.stopStreams(Failure.CANCELLED);
            return transaction.during(() -> work.apply(transaction.transaction()));
        });
    }
}
