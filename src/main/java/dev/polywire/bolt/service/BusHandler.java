package dev.polywire.bolt.service;

import dev.polywire.bolt.server.BoltHandler;
import dev.polywire.bolt.server.QueryResult;
import dev.polywire.bolt.server.ServerSession;
import dev.polywire.bolt.server.ServerTransaction;
import dev.polywire.bolt.wire.AuthToken;
import dev.polywire.core.json.Fields;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns each query into a request on the bus, see {@link BoltQueryService}. */
final class BusHandler implements BoltHandler {

    private final Vertx vertx;
    private final QueryRequests requests;
    private final ServingOptions options;

    BusHandler(Vertx vertx, ServingOptions options) {
        this.vertx = vertx;
        this.requests =
                new QueryRequests(vertx, options.handler(), options.bounds().handlerTimeoutMillis());
        this.options = options;
    }

    QueryRequests requests() {
        return requests;
    }

    @Override
    public Future<QueryResult> run(ServerSession session, String query, Map<String, @Nullable Object> parameters) {
        JsonObject body = new JsonObject().put("options", SessionJson.options(session.options()));
        return requests.run(requests.address(), body, query, parameters, session);
    }

    @Override
    public Future<String> verifyAuth(ServerSession session, AuthToken token) {
        if (!options.authentication()) {
            return BoltHandler.super.verifyAuth(session, token);
        }
        JsonObject body = new JsonObject().put("token", TypedJson.fields(token.fields()));
        return requests.askLogin(body, session).map(answer -> {
            Fields json = Fields.at("answer", answer);
            String user = json.text("user");
            json.done();
            return user;
        });
    }

    @Override
    public Future<ServerTransaction> begin(ServerSession session) {
        if (!options.transactions()) {
            return BoltHandler.super.begin(session);
        }
        JsonObject body = new JsonObject().put("options", SessionJson.options(session.options()));
        return requests.ask("begin", body, session).map(handle -> new BusTransaction(vertx, requests, handle));
    }

    @Override
    public boolean mayImpersonate(ServerSession session, String other) {
        return options.impersonation();
    }
}
