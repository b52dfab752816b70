package dev.polywire.bolt.service;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.Connector;
import dev.polywire.core.bus.ConnectorOptions;
import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.bus.stream.StreamSource;
import dev.polywire.core.json.Fields;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.neo4j.driver.Driver;
import org.neo4j.driver.Result;
import org.neo4j.driver.Session;
import org.neo4j.driver.SessionConfig;
import org.neo4j.driver.exceptions.Neo4jException;
import org.neo4j.driver.summary.ResultSummary;

/** Results as streams of a verticle in Java, pulled by the official driver. */
@Timeout(60)
class BoltServingStreamTest {

    private static final int ROWS = 100_000;

    private final ServingBus bus = new ServingBus();
    private final Numbers numbers = new Numbers();
    private Driver driver;

    @BeforeEach
    void deploy() {
        bus.deploy(new JsonObject());
        Outcome.value(bus.vertx.deployVerticle(numbers));
        driver = bus.driver();
    }

    @AfterEach
    void close() {
        driver.close();
        bus.close();
    }

    @Test
    void aHundredThousandRowsInOrderWithASummary() {
        try (Session session = driver.session()) {
            Result result = session.run("" + ROWS);
            for (int i = 1; i <= ROWS; i++) {
                assertEquals(i, result.next().get("n").asInt());
            }
            ResultSummary end = result.consume();
            assertEquals(ROWS, end.counters().nodesCreated());
        }
        await().until(numbers::closed, count -> count == 1);
    }

    /** Each is the n of a PULL, as long as a batch has room. */
    @Test
    void whatADriverPullsIsWhatTheStreamIsAskedFor() {
        try (Session session =
                driver.session(SessionConfig.builder().withFetchSize(10).build())) {
            Result result = session.run("25");
            for (int i = 1; i <= 25; i++) {
                assertEquals(i, result.next().get("n").asInt());
            }
            assertFalse(result.hasNext());
        }
        assertEquals(List.of(10, 10, 10), List.copyOf(numbers.pulled));
    }

    @Test
    void whoStopsReadingEndsTheStream() {
        try (Session session =
                driver.session(SessionConfig.builder().withFetchSize(10).build())) {
            Result result = session.run("" + ROWS);
            result.next();
            result.consume();
        }
        await().until(numbers::closed, count -> count == 1);
        assertTrue(numbers.pulled.size() < 10, numbers.pulled::toString);
    }

    @Test
    void aFailureInTheMiddleIsTheClients() {
        try (Session session = driver.session()) {
            Result result = session.run("-1");
            assertEquals(1, result.next().get("n").asInt());
            Neo4jException failure = assertThrows(Neo4jException.class, result::consume);
            assertEquals("Neo.TransientError.Transaction.DeadlockDetected", failure.code());
        }
    }

    /** A client that has opened and does not pull keeps the stream for as long as it is there. */
    @Test
    void theLeaseIsKeptWhileTheClientThinks() {
        numbers.connector.streams();
        try (Session session =
                driver.session(SessionConfig.builder().withFetchSize(10).build())) {
            Result result = session.run("100");
            result.next();
            // Three to a lease, and without them it lapses after the second.
            await().until(numbers::renewed, many -> many >= 7);
            assertEquals(99, result.list().size());
        }
    }

    /** Answers {@code count}: the rows 1 to count; a negative one fails behind the first row. */
    private static final class Numbers extends VerticleBase implements BoltQueryService {

        final Queue<Integer> pulled = new ConcurrentLinkedQueue<>();
        Connector connector;
        private volatile int closed;
        private volatile int renewed;

        int closed() {
            return closed;
        }

        int renewed() {
            return renewed;
        }

        @Override
        public Future<?> start() {
            JsonObject config =
                    new JsonObject().put("address", ServingBus.HANDLER).put("leaseMillis", 1_000);
            connector = new Connector(vertx, ConnectorOptions.fromJson(Fields.of(config), "numbers"), "test", "none");
            vertx.eventBus().addInboundInterceptor(context -> {
                if ("next".equals(context.message().headers().get("action"))
                        && context.message().body() instanceof JsonObject next
                        && next.getInteger("max") == 0) {
                    renewed++;
                }
                context.next();
            });
            return connector.serve(BoltQueryService.class, this);
        }

        @Override
        public Future<JsonObject> run(String query, JsonObject parameters, JsonObject options, JsonObject session) {
            int count = Integer.parseInt(query);
            return connector
                    .streams()
                    .open(() -> Future.succeededFuture(new Rows(count)))
                    .map(handle -> handle.put("fields", new JsonArray(List.of("n"))));
        }

        @Override
        public Future<JsonObject> authenticate(JsonObject token, JsonObject session) {
            return Future.failedFuture(Failure.UNAUTHENTICATED.because("not asked for"));
        }

        @Override
        public Future<JsonObject> begin(JsonObject options, JsonObject session) {
            return Future.failedFuture(Failure.BAD_REQUEST.because("not asked for"));
        }

        private final class Rows implements StreamSource {

            private final int count;
            private int given;

            Rows(int count) {
                this.count = count;
            }

            @Override
            public Future<Page> pull(int max, int maxBytes) {
                pulled.add(max);
                if (count < 0 && given > 0) {
                    return Future.failedFuture(Failure.REFUSED_BY_SERVER.because(
                            "x",
                            true,
                            false,
                            new JsonObject().put("code", "Neo.TransientError.Transaction.DeadlockDetected")));
                }
                int last = count < 0 ? 1 : Math.min(count, given + max);
                JsonArray items = new JsonArray();
                IntStream.rangeClosed(given + 1, last).forEach(n -> items.add(new JsonArray().add(n)));
                given = last;
                if (given == count && items.size() < max) {
                    JsonObject stats = new JsonObject().put("nodes-created", count);
                    items.add(new JsonObject().put("summary", new JsonObject().put("stats", stats)));
                    return Future.succeededFuture(new Page(items, true));
                }
                return Future.succeededFuture(new Page(items, false));
            }

            @Override
            public Future<Void> close() {
                closed++;
                return Future.succeededFuture();
            }
        }
    }
}
