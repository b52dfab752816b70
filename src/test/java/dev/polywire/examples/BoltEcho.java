package dev.polywire.examples;

import dev.polywire.bolt.server.BoltServer;
import dev.polywire.bolt.server.QueryResult;
import dev.polywire.core.net.EndpointOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;

/** A Bolt server that tells every Neo4j driver what it has asked. */
final class BoltEcho {

    private BoltEcho() {}

    /** @param port 0: the system chooses */
    static BoltServer server(Vertx vertx, int port) {
        // README
        List<String> fields = List.of("statement", "parameters");
        return new BoltServer(
                vertx,
                EndpointOptions.of("127.0.0.1", port),
                (session, query, parameters) -> Future.succeededFuture(QueryResult.row(fields, query, parameters)));
        // README
    }

    public static void main(String[] arguments) {
        server(Vertx.vertx(), 7687).listen().onSuccess(port -> System.out.println("bolt://127.0.0.1:" + port));
    }
}
