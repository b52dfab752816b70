package dev.polywire.bench;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Config;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.Record;
import org.neo4j.driver.async.AsyncSession;

/** The same by neo4j-java-driver's asynchronous sessions. */
abstract class DriverLoad implements Load {

    private @Nullable Driver driver;
    private @Nullable Context context;
    private final LongAdder checksum = new LongAdder();

    static final class Rows extends DriverLoad {
        @Override
        public void run(Window window) {
            query(window.operations())
                    .whenComplete((done, failure) -> then(() -> {
                        if (failure != null) {
                            window.failed(failure);
                        } else {
                            window.ended(window.operations());
                        }
                    }));
        }
    }

    static class Queries extends DriverLoad {
        @Override
        public void run(Window window) {
            window.open(() -> one().whenComplete((done, failure) -> {
                if (failure != null) {
                    window.failed(failure);
                } else if (window.isSingle()) {
                    // Nobody else looks at it: a hop to another thread would be counted as the driver's.
                    window.ended();
                } else {
                    then(window::ended);
                }
            }));
        }

        CompletionStage<?> one() {
            return query(1);
        }
    }

    /** Queries whose result is one row, of their parameters. */
    static final class Echo extends Queries {

        private static final Map<String, Object> PARAMETERS =
                Map.of("number", 4_711, "name", RowServer.NAME, "diameter", RowServer.DIAMETER);

        @Override
        CompletionStage<?> one() {
            return query("RETURN $number AS number, $name AS name, $diameter AS diameter", PARAMETERS);
        }
    }

    /** Queries whose results are long. */
    static final class Results extends Queries {

        static final int ROWS = 100_000;

        @Override
        CompletionStage<?> one() {
            return query(ROWS);
        }
    }

    @Override
    public Future<?> start(Vertx vertx, int port) {
        context = vertx.getOrCreateContext();
        driver = GraphDatabase.driver(
                "bolt://127.0.0.1:" + port,
                AuthTokens.basic("neo4j", BoltLoad.PASSWORD),
                Config.builder()
                        .withMaxConnectionPoolSize(BoltLoad.SESSIONS)
                        .withFetchSize(BoltLoad.FETCH)
                        .withTelemetryDisabled(true)
                        .build());
        return Future.fromCompletionStage(driver.verifyConnectivityAsync(), context);
    }

    CompletionStage<?> query(int rows) {
        return query(RowServer.query(rows), Map.of());
    }

    CompletionStage<?> query(String query, Map<String, Object> parameters) {
        AsyncSession session = driver.session(AsyncSession.class);
        return session.runAsync(query, parameters)
                .thenCompose(cursor -> cursor.forEachAsync(this::take))
                .thenCompose(summary -> session.closeAsync());
    }

    void then(Runnable step) {
        context.runOnContext(now -> step.run());
    }

    private void take(Record row) {
        checksum.add(row.get(0).asLong()
                + row.get(1).asString().length()
                + (long) row.get(2).asDouble());
    }
}
