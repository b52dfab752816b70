package dev.polywire.bolt.service;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.core.bus.Connector;
import dev.polywire.core.bus.ConnectorOptions;
import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.bus.stream.StreamSource;
import dev.polywire.core.json.Fields;
import dev.polywire.testing.Loop;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.neo4j.driver.Driver;
import org.neo4j.driver.Result;
import org.neo4j.driver.Session;
import org.neo4j.driver.SessionConfig;
import org.neo4j.driver.exceptions.Neo4jException;

/** A verticle behind a Bolt server that crashes, is silent, is slow, or is undeployed: what the official driver hears. */
@Timeout(60)
class BoltServingGoneTest {

    private static final String UNAVAILABLE = "Neo.TransientError.General.DatabaseUnavailable";
    private static final String TIMED_OUT = "Neo.ClientError.Transaction.TransactionTimedOut";
    private static final String UNKNOWN = "Neo.DatabaseError.General.UnknownError";
    /** Of who is to be undeployed: longer than this test waits, so that no timeout saves it. */
    private static final int LONG_MILLIS = 3_600_000;

    private final ServingBus bus = new ServingBus();
    private final Moody moody = new Moody();
    private String handler = "";
    private Driver driver;

    @AfterEach
    void close() {
        driver.close();
        bus.close();
    }

    private Session serve(int handlerTimeoutMillis) {
        bus.deploy(new JsonObject()
                .put("handlerTimeoutMillis", handlerTimeoutMillis)
                .put("receiveTimeoutSeconds", 1));
        handler = Outcome.value(bus.vertx.deployVerticle(moody));
        driver = bus.driver();
        return driver.session(SessionConfig.builder().withFetchSize(10).build());
    }

    private static String failure(Session session, String query) {
        return assertThrows(Neo4jException.class, () -> session.run(query).list())
                .code();
    }

    private static int one(Session session, String query) {
        return session.run(query).single().get(0).asInt();
    }

    /** Repeats what a busy machine does not answer in the server's short time. */
    private static String answered(Session session, String query) {
        return await().until(
                        () -> {
                            try {
                                return Integer.toString(one(session, query));
                            } catch (Neo4jException failed) {
                                return failed.code();
                            }
                        },
                        answer -> !answer.equals(TIMED_OUT));
    }

    @Test
    void aCrashIsTheServersAndTheNextQueryGoesOn() {
        try (Session session = serve(20_000)) {
            assertEquals(UNKNOWN, failure(session, "crash"));
            assertEquals(UNKNOWN, failure(session, "crash in the middle"));
            assertEquals(1, one(session, "1"));
        }
    }

    @Test
    void silenceOfAQueryAndOfAStreamIsATimeout() {
        try (Session session = serve(300)) {
            assertEquals(TIMED_OUT, failure(session, "never"));
            assertEquals(TIMED_OUT, failure(session, "never in the middle"));
            assertEquals("1", answered(session, "1"));
        }
    }

    /** Longer than the driver was told to wait for a sign of life, which it gets. */
    @Test
    void slownessWithinItsTimeIsNoFailure() {
        try (Session session = serve(20_000)) {
            assertEquals(2, one(session, "2 late"));
        }
    }

    @Test
    void anAnswerThatIsTooLateIsNobodyElses() {
        moody.lateMillis = 600;
        try (Session session = serve(200)) {
            assertEquals(TIMED_OUT, failure(session, "2 late"));
            Outcome.value(moody.late.future());
            assertEquals("1", answered(session, "1"));
        }
    }

    /** The other way round: a client that goes, of which the verticle hears. */
    @Test
    void aClientThatGoesIsHeardOf() {
        Promise<JsonObject> told = Promise.promise();
        bus.vertx.eventBus().<JsonObject>consumer(ServingBus.HANDLER + ".cancelled", m -> told.tryComplete(m.body()));
        try (Session session = serve(LONG_MILLIS)) {
            CompletableFuture<Void> asking = CompletableFuture.runAsync(() -> assertThrows(
                    RuntimeException.class, () -> session.run("never").list()));
            Outcome.value(moody.silent.future());
            driver.closeAsync();
            assertEquals(moody.request, Outcome.value(told.future()).getString("request"));
            Loop.await(asking);
        }
    }

    @Test
    void undeployedWithAQueryInHand() {
        try (Session session = serve(LONG_MILLIS)) {
            CompletableFuture<String> heard = CompletableFuture.supplyAsync(() -> failure(session, "never"));
            Outcome.value(moody.silent.future());
            Outcome.value(bus.vertx.undeploy(handler));
            // It may have been done.
            assertEquals(UNKNOWN, Loop.await(heard));
            assertEquals(UNAVAILABLE, failure(session, "1"));
        }
    }

    @Test
    void undeployedInTheMiddleOfAStream() {
        try (Session session = serve(LONG_MILLIS)) {
            Result rows = session.run("rows");
            assertEquals(0, rows.next().get(0).asInt());
            Outcome.value(bus.vertx.undeploy(handler));
            Neo4jException gone = assertThrows(Neo4jException.class, rows::list);
            assertEquals(UNKNOWN, gone.code());
            assertEquals(UNAVAILABLE, failure(session, "1"));
        }
    }

    @Test
    void undeployedWhileAStreamIsAsked() {
        try (Session session = serve(LONG_MILLIS)) {
            CompletableFuture<String> heard =
                    CompletableFuture.supplyAsync(() -> failure(session, "never in the middle"));
            Outcome.value(moody.silent.future());
            Outcome.value(bus.vertx.undeploy(handler));
            assertEquals(UNAVAILABLE, Loop.await(heard));
        }
    }

    /** A database of moods: {@code crash}, {@code never}, {@code 2 late}, {@code rows}, and the first two in the middle of rows. */
    private static final class Moody extends VerticleBase implements BoltQueryService {

        final Promise<Void> late = Promise.promise();
        final Promise<Void> silent = Promise.promise();
        volatile String request = "";
        /** Of {@code late}: longer than a driver that gets no sign of life waits. */
        volatile int lateMillis = 1_500;

        private Connector connector;

        @Override
        public Future<?> start() {
            JsonObject config =
                    new JsonObject().put("address", ServingBus.HANDLER).put("drainMillis", 100);
            connector = new Connector(vertx, ConnectorOptions.fromJson(Fields.of(config), "moody"), "test", "none");
            return connector.serve(BoltQueryService.class, this);
        }

        @Override
        public Future<?> stop() {
            return connector.leave(Future::succeededFuture);
        }

        @Override
        public Future<JsonObject> run(String query, JsonObject parameters, JsonObject options, JsonObject session) {
            if (query.equals("rows") || query.endsWith("in the middle")) {
                return connector
                        .streams()
                        .open(() -> Future.succeededFuture(new Rows(query)))
                        .map(handle -> handle.put("fields", new JsonArray(List.of("n"))));
            }
            request = session.getString("request");
            if (query.equals("never")) {
                silent.tryComplete();
                return Promise.<JsonObject>promise().future();
            }
            if (query.equals("crash")) {
                throw new IllegalStateException("as the test says");
            }
            JsonObject one = new JsonObject()
                    .put("fields", new JsonArray(List.of("n")))
                    .put("records", new JsonArray("[[" + query.charAt(0) + "]]"));
            return query.endsWith("late")
                    ? vertx.timer(lateMillis).<Void>mapEmpty().onComplete(late).map(none -> one)
                    : Future.succeededFuture(one);
        }

        @Override
        public Future<JsonObject> authenticate(JsonObject token, JsonObject session) {
            return Future.failedFuture(Failure.UNAUTHENTICATED.because("not asked for"));
        }

        @Override
        public Future<JsonObject> begin(JsonObject options, JsonObject session) {
            return Future.failedFuture(Failure.BAD_REQUEST.because("not asked for"));
        }

        /** Ten rows at a time. */
        private final class Rows implements StreamSource {

            private final String mood;
            private int pages;

            Rows(String mood) {
                this.mood = mood;
            }

            @Override
            public Future<Page> pull(int max, int maxBytes) {
                if (pages++ > 0 && mood.startsWith("crash")) {
                    throw new IllegalStateException("as the test says");
                }
                if (pages > 1 && mood.startsWith("never")) {
                    silent.tryComplete();
                    return Promise.<Page>promise().future();
                }
                JsonArray items = new JsonArray();
                for (int i = 0; i < max; i++) {
                    items.add(new JsonArray().add(i));
                }
                return Future.succeededFuture(new Page(items, false));
            }

            @Override
            public Future<Void> close() {
                return Future.succeededFuture();
            }
        }
    }
}
