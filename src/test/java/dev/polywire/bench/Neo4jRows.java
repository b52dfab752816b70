package dev.polywire.bench;

import dev.polywire.bolt.session.BoltClient;
import dev.polywire.bolt.session.BoltSessionOptions;
import dev.polywire.bolt.wire.AuthToken;
import dev.polywire.bolt.wire.BoltUri;
import dev.polywire.bolt.wire.NotificationFilter;
import dev.polywire.bolt.wire.TransactionOptions;
import dev.polywire.core.net.Deadline;
import dev.polywire.testing.Neo4j;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;

/** A real one, with the password that the loads have. */
final class Neo4jRows implements Server {

    @Override
    public Future<Integer> listen(Vertx vertx) {
        int port = Neo4j.start().port();
        TransactionOptions system =
                new TransactionOptions(List.of(), -1, Map.of(), false, "system", null, NotificationFilter.DEFAULT);
        return Future.future(ready -> vertx.runOnContext(now -> {
            BoltClient client = new BoltClient(
                    vertx,
                    BoltSessionOptions.of(
                            BoltUri.parse("bolt://127.0.0.1:" + port),
                            AuthToken.basic(Neo4j.USER, Neo4j.FIRST_PASSWORD, null)));
            Deadline deadline = Deadline.after(vertx, 60_000);
            client.start()
                    .compose(started -> client.session()
                            .run(
                                    "ALTER CURRENT USER SET PASSWORD FROM $old TO $new",
                                    Map.of("old", Neo4j.FIRST_PASSWORD, "new", BoltLoad.PASSWORD),
                                    system,
                                    deadline))
                    .compose(result -> result.discard(deadline))
                    .eventually(client::close)
                    .map(port)
                    .onComplete(ready);
        }));
    }
}
