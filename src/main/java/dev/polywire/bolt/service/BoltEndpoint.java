package dev.polywire.bolt.service;

import dev.polywire.bolt.session.BoltClient;
import dev.polywire.bolt.wire.BoltAddress;
import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.RoutingTable;
import dev.polywire.bolt.wire.TransactionOptions;
import dev.polywire.core.bus.Connector;
import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.Deadline;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Implements {@link BoltService}. */
final class BoltEndpoint implements BoltService {

    private static final int MAX_STATEMENTS = 10_000;

    private final Connector connector;
    private final BoltClient client;
    private final BoltQueries queries;
    private final BoltTransactions transactions;

    BoltEndpoint(Connector connector, BoltClient client, BoltQueries queries) {
        this.connector = connector;
        this.client = client;
        this.queries = queries;
        this.transactions = new BoltTransactions(connector, queries);
        connector.count("connections", client::connections);
    }

    @Override
    public Future<JsonObject> run(String query, @Nullable JsonObject parameters, @Nullable JsonObject options) {
        Deadline deadline = deadline();
        QueryOptions asked = QueryOptions.read(QueryOptions.Of.RUN, options);
        Map<String, @Nullable Object> values = TypedJson.parameters("parameters", parameters);
        TransactionOptions work = inTime(asked, deadline);
        return asked.retry()
                ? queries.runAgain(query, values, work, deadline)
                : queries.run(query, values, work, deadline);
    }

    @Override
    public Future<JsonObject> open(String query, @Nullable JsonObject parameters, @Nullable JsonObject options) {
        Deadline deadline = deadline();
        QueryOptions asked = QueryOptions.read(QueryOptions.Of.OPEN, options);
        Map<String, @Nullable Object> values = TypedJson.parameters("parameters", parameters);
        return queries.stream(() -> queries.session().run(query, values, asked.work(), deadline), asked, null);
    }

    @Override
    public Future<JsonObject> begin(@Nullable JsonObject options) {
        return transactions.begin(
                QueryOptions.read(QueryOptions.Of.BEGIN, options).work());
    }

    @Override
    public Future<JsonObject> pipeline(List<JsonObject> statements, @Nullable JsonObject options) {
        Deadline deadline = deadline();
        if (statements.isEmpty() || statements.size() > MAX_STATEMENTS) {
            throw Failure.BAD_REQUEST.because(
                    "statements: " + statements.size() + " (expected: 1 to " + MAX_STATEMENTS + ")");
        }
        TransactionOptions work = inTime(QueryOptions.read(QueryOptions.Of.BEGIN, options), deadline);
        List<BoltRequest.Run> runs = new ArrayList<>();
        for (JsonObject statement : statements) {
            runs.add(run("statements[" + runs.size() + "]", statement, work));
        }
        return queries.pipeline(runs, deadline);
    }

    private static BoltRequest.Run run(String path, JsonObject statement, TransactionOptions work) {
        Fields json = Fields.at(path, statement);
        String query = json.text("query");
        JsonObject parameters = json.objectOrNull("parameters");
        json.done();
        return new BoltRequest.Run(query, TypedJson.parameters(path + ".parameters", parameters), work);
    }

    @Override
    public Future<JsonObject> route(@Nullable JsonObject options) {
        Deadline deadline = deadline();
        return client.route(QueryOptions.read(QueryOptions.Of.ROUTE, options).work(), deadline)
                .map(BoltEndpoint::table);
    }

    @Override
    public Future<JsonObject> ping() {
        Deadline deadline = deadline();
        return client.ping(deadline)
                .map(server -> new JsonObject()
                        .put("server", server.agent())
                        .put("version", server.version().toString())
                        .put("connectionId", server.connectionId()));
    }

    @Override
    public Future<JsonObject> status() {
        return Future.succeededFuture(connector.status());
    }

    private Deadline deadline() {
        return connector.requests().current().deadline();
    }

    /** The server stops the query when the caller's deadline passes. */
    private static TransactionOptions inTime(QueryOptions asked, Deadline deadline) {
        return asked.work().within(Math.max(1, deadline.remainingMillis()));
    }

    private static JsonObject table(RoutingTable table) {
        return new JsonObject()
                .put("database", table.database())
                .put("routers", addresses(table.routers()))
                .put("readers", addresses(table.readers()))
                .put("writers", addresses(table.writers()))
                .put("ttlMillis", BoltClient.ttlMillis(table));
    }

    private static JsonArray addresses(List<BoltAddress> servers) {
        return new JsonArray(servers.stream().map(BoltAddress::toString).toList());
    }
}
