package dev.polywire.bench;

import dev.polywire.bolt.server.BoltServer;
import dev.polywire.bolt.server.QueryResult;
import dev.polywire.bolt.server.ResultRows;
import dev.polywire.bolt.server.Summary;
import dev.polywire.bolt.service.BoltQueryService;
import dev.polywire.bolt.service.BoltServerService;
import dev.polywire.bolt.service.BoltServerVerticle;
import dev.polywire.core.bus.Connector;
import dev.polywire.core.bus.ConnectorOptions;
import dev.polywire.core.bus.stream.StreamSource;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.EndpointOptions;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Our Bolt server, which answers parameters with a row of them, and {@link RowServer#query} with its rows. */
final class BoltRows {

    private static final String ADDRESS = "rows";

    private BoltRows() {}

    /** By a handler of its own. */
    static final class Direct implements Server {

        @Override
        public Future<Integer> listen(Vertx vertx) {
            return new BoltServer(
                            vertx,
                            EndpointOptions.of("127.0.0.1", 0),
                            (session, query, parameters) -> Future.succeededFuture(
                                    parameters.isEmpty() ? rows(RowServer.rows(query)) : echo(parameters)))
                    .listen();
        }

        private static QueryResult echo(Map<String, @Nullable Object> parameters) {
            return QueryResult.row(
                    RowServer.FIELDS,
                    RowServer.FIELDS.stream().map(parameters::get).toArray());
        }

        private static QueryResult rows(int count) {
            int[] given = {0};
            return new QueryResult(RowServer.FIELDS, max -> {
                List<List<?>> page = new ArrayList<>(max);
                for (int last = Math.min(count, given[0] + max); given[0] < last; ) {
                    page.add(List.of((long) ++given[0], RowServer.NAME, RowServer.DIAMETER));
                }
                return Future.succeededFuture(new ResultRows.Page(page, given[0] == count ? Summary.READ : null));
            });
        }
    }

    /** By a verticle on the bus. */
    static final class OnBus implements Server {

        @Override
        public Future<Integer> listen(Vertx vertx) {
            JsonObject config = new JsonObject().put("port", 0).put("handler", ADDRESS);
            return vertx.deployVerticle(new Queries())
                    .compose(there ->
                            vertx.deployVerticle(new BoltServerVerticle(), new DeploymentOptions().setConfig(config)))
                    .compose(listening -> BoltServerService.proxy(vertx, "polywire.bolt-server")
                            .status())
                    .map(status -> status.getString("target"))
                    .map(target -> Integer.parseInt(target.substring(target.lastIndexOf(':') + 1)));
        }
    }

    private static final class Queries extends VerticleBase implements BoltQueryService {

        private @Nullable Connector connector;

        @Override
        public Future<?> start() {
            ConnectorOptions options =
                    ConnectorOptions.fromJson(Fields.of(new JsonObject().put("address", ADDRESS)), "rows");
            connector = new Connector(vertx, options, "rows", "nobody");
            return connector.serve(BoltQueryService.class, this);
        }

        @Override
        public Future<JsonObject> run(String query, JsonObject parameters, JsonObject options, JsonObject session) {
            if (parameters.isEmpty()) {
                return connector
                        .streams()
                        .open(() -> Future.succeededFuture(new Rows(RowServer.rows(query))))
                        .map(handle -> handle.put("fields", new JsonArray(RowServer.FIELDS)));
            }
            JsonArray row = new JsonArray();
            RowServer.FIELDS.forEach(name -> row.add(parameters.getValue(name)));
            return Future.succeededFuture(new JsonObject()
                    .put("fields", new JsonArray(RowServer.FIELDS))
                    .put("records", new JsonArray().add(row))
                    .put("summary", new JsonObject().put("type", "r")));
        }

        @Override
        public Future<JsonObject> authenticate(JsonObject token, JsonObject session) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Future<JsonObject> begin(JsonObject options, JsonObject session) {
            throw new UnsupportedOperationException();
        }
    }

    private static final class Rows implements StreamSource {

        private final int count;
        private int given;

        Rows(int count) {
            this.count = count;
        }

        @Override
        public Future<Page> pull(int max, int maxBytes) {
            JsonArray page = new JsonArray(new ArrayList<>(max));
            for (int last = Math.min(count, given + max); given < last; ) {
                page.add(JsonArray.of(++given, RowServer.NAME, RowServer.DIAMETER));
            }
            return Future.succeededFuture(new Page(page, given == count));
        }

        @Override
        public Future<Void> close() {
            return Future.succeededFuture();
        }
    }
}
