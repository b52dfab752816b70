package dev.polywire.bolt.service;

import dev.polywire.bolt.server.QueryResult;
import dev.polywire.bolt.server.ServerSession;
import dev.polywire.bolt.server.ServerTransaction;
import dev.polywire.core.json.Fields;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A transaction behind a handle, see {@link BoltQueryTransactionService}; its lease is renewed until it ends. */
final class BusTransaction implements ServerTransaction {

    private final Vertx vertx;
    private final QueryRequests requests;
    private final String address;
    private final String id;
    private final long renewing;

    BusTransaction(Vertx vertx, QueryRequests requests, @Nullable JsonObject handle) {
        Fields json = Fields.at("answer", handle);
        this.vertx = vertx;
        this.requests = requests;
        this.address = json.text("address");
        this.id = json.text("id");
        long leaseMillis = json.int64("leaseMillis", 30_000, 100, 3_600_000);
        json.done();
        long everyMillis = leaseMillis / 3;
        // If the handler has lost the transaction, its next request fails.
        this.renewing = vertx.setPeriodic(
                everyMillis,
                t -> vertx.eventBus().request(address, named(), QueryRequests.options("renew", everyMillis)));
    }

    @Override
    public Future<QueryResult> run(ServerSession session, String query, Map<String, @Nullable Object> parameters) {
        return requests.run(address, named(), query, parameters, session);
    }

    @Override
    public Future<@Nullable String> commit(ServerSession session) {
        vertx.cancelTimer(renewing);
        return requests.ask(address, "commit", named(), session).map(answer -> {
            Fields json = Fields.at("answer", answer);
            String bookmark = json.textOrNull("bookmark");
            json.done();
            return bookmark;
        });
    }

    @Override
    public Future<?> rollback(ServerSession session) {
        vertx.cancelTimer(renewing);
        return requests.ask(address, "rollback", named(), session);
    }

    private JsonObject named() {
        return new JsonObject().put("id", id);
    }
}
