package dev.polywire.bench;

import dev.polywire.bolt.session.BoltClient;
import dev.polywire.bolt.session.BoltSessionOptions;
import dev.polywire.bolt.session.PoolOptions;
import dev.polywire.bolt.wire.AuthToken;
import dev.polywire.bolt.wire.BoltRecord;
import dev.polywire.bolt.wire.BoltUri;
import dev.polywire.bolt.wire.PackStreamReader;
import dev.polywire.bolt.wire.TransactionOptions;
import dev.polywire.core.net.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Our Bolt client. */
abstract class BoltLoad implements Load {

    static final int SESSIONS = 32;
    /** Not a short one: a real server looks at it. */
    static final String PASSWORD = "benchmarks";
    /** The first page; the rest comes in one, as it does with the driver's {@code forEachAsync}. */
    static final int FETCH = 1_000;

    private @Nullable Vertx vertx;
    private @Nullable BoltClient client;
    private long checksum;

    /** One long result. */
    static final class Rows extends BoltLoad {
        @Override
        public void run(Window window) {
            Deadline deadline = deadline();
            query(window.operations(), deadline, FETCH).onComplete(done -> {
                deadline.met();
                if (done.failed()) {
                    window.failed(done.cause());
                } else {
                    window.ended(window.operations());
                }
            });
        }
    }

    /** Many results of one row, each in a session of its own. */
    static final class Queries extends BoltLoad {
        @Override
        public void run(Window window) {
            window.open(() -> {
                Deadline deadline = deadline();
                query(1, deadline, -1).onComplete(done -> {
                    deadline.met();
                    if (done.failed()) {
                        window.failed(done.cause());
                    } else {
                        window.ended();
                    }
                });
            });
        }
    }

    @Override
    public Future<?> start(Vertx vertx, int port) {
        this.vertx = vertx;
        BoltSessionOptions usual = BoltSessionOptions.of(
                BoltUri.parse("bolt://127.0.0.1:" + port), AuthToken.basic("neo4j", PASSWORD, null));
        client = new BoltClient(
                vertx,
                new BoltSessionOptions(
                        usual.uri(),
                        usual.tls(),
                        usual.connectTimeoutMillis(),
                        usual.auth(),
                        usual.wire(),
                        new PoolOptions(SESSIONS, 1_000, 600_000, 30_000, 3_600_000),
                        usual.maxRetryMillis()));
        return client.start();
    }

    Deadline deadline() {
        return Deadline.after(vertx, 25_000);
    }

    Future<Void> query(int rows, Deadline deadline, int first) {
        return client.session()
                .run(RowServer.query(rows), Map.of(), TransactionOptions.DEFAULT, deadline)
                .compose(result -> result.pull(first, this::take, deadline)
                        .compose(more -> more ? result.pull(-1, this::take, deadline) : Future.succeededFuture(false)))
                .mapEmpty();
    }

    private boolean take(BoltRecord row) {
        PackStreamReader in = row.reader();
        checksum += in.integer() + in.text().length() + (long) in.floating();
        return true;
    }
}
