package dev.polywire.mongodb.service;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.stream.StreamService;
import dev.polywire.testing.FerretDb;
import dev.polywire.testing.LoopClock;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.Relay;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@link MongoCallers} of a server that is not ours, while its process is killed, and while it is stopped. */
class FerretKilledIT {

    private static final int KILLS = 10;
    private static final int HEARTBEAT_MILLIS = 500;
    private static final int CONNECT_TIMEOUT_MILLIS = 1_500;
    /**
     * Each time that its timer comes late, by a quarter of that, the monitor gives the server connectTimeoutMillis once more: twice on
     * a busy machine, and a second for the way of an outcome. The calls themselves would go on for a minute.
     */
    private static final int SLACK_MILLIS = 2 * CONNECT_TIMEOUT_MILLIS + 1_000;

    private final FerretBus bus = new FerretBus(FerretDb.withLogin());
    private final LoopClock clock = new LoopClock(bus.vertx);
    private MongoCallers callers;

    @AfterEach
    void close() {
        bus.close();
    }

    private void deploy() {
        bus.deploy(settings());
        JsonObject create = new JsonObject().put("create", MongoCallers.COLLECTION);
        Outcome.value(bus.mongo().command(MongoCallers.DATABASE, "create", create, null));
    }

    private static JsonObject settings() {
        return FerretBus.user()
                .put("heartbeatMillis", HEARTBEAT_MILLIS)
                .put("connectTimeoutMillis", CONNECT_TIMEOUT_MILLIS);
    }

    private void begin(long seed) {
        callers = new MongoCallers(bus.vertx, "polywire.mongodb", seed, clock::millis).begin();
    }

    /** So many more have an outcome. */
    private void awaitCalls(int more) {
        int settled = callers.books.settled() + more;
        await("calls").until(() -> callers.books.settled() >= settled);
    }

    /** Until one is answered. */
    private void awaitPing() {
        await("a ping")
                .until(() ->
                        Outcome.value(bus.mongo().ping().transform(told -> Future.succeededFuture(told.succeeded()))));
    }

    private void verify() {
        Outcome.value(callers.end());
        System.out.println(callers);
        JsonObject all = new JsonObject().put("find", MongoCallers.COLLECTION).put("batchSize", 100_000);
        awaitPing();
        JsonObject cursor = Outcome.value(bus.mongo().command(MongoCallers.DATABASE, "find", all, null))
                .getJsonObject("cursor");
        assertEquals(0, cursor.getLong("id"), "all in one batch");
        Set<String> ids = new TreeSet<>();
        cursor.getJsonArray("firstBatch").forEach(each -> assertTrue(ids.add(((JsonObject) each).getString("_id"))));
        callers.verify(ids);
        callers.writes().forEach(count -> assertTrue(count > 0, callers::toString));
    }

    @Test
    void killedInTheMiddle() {
        deploy();
        begin(11);
        SplittableRandom random = new SplittableRandom(11);
        for (int kill = 0; kill < KILLS; kill++) {
            awaitCalls(random.nextInt(100, 300));
            bus.server.kill();
            bus.server.again();
        }
        awaitCalls(200);
        verify();
    }

    /** What is in flight is not waited for until its deadline, and what the server does with it when it goes on is not known. */
    @Test
    void stoppedInTheMiddle() {
        deploy();
        begin(12);
        awaitCalls(300);
        bus.server.stand();
        try {
            long stoppedMillis = clock.millis();
            MongoService patient = MongoService.proxy(bus.vertx, "polywire.mongodb", 60_000);
            JsonArray one = new JsonArray().add(new JsonObject().put("_id", "patient"));
            Future<JsonObject> write = patient.command(
                    MongoCallers.DATABASE,
                    "insert",
                    new JsonObject().put("insert", "others").put("documents", one),
                    null);
            Future<JsonObject> read = patient.ping();
            Set<String> written = Set.of("UNKNOWN_OUTCOME mayHaveExecuted", "CONNECTION_LOST retryable");
            String told = Stage.failure(write);
            assertTrue(written.contains(told), told);
            assertEquals("CONNECTION_LOST retryable", Stage.failure(read));
            long foundMillis = clock.millis() - stoppedMillis;
            assertTrue(
                    foundMillis <= HEARTBEAT_MILLIS + CONNECT_TIMEOUT_MILLIS + SLACK_MILLIS,
                    "found after " + foundMillis + " ms");
            awaitCalls(100);
        } finally {
            bus.server.goOn();
        }
        awaitCalls(500);
        verify();
    }

    /** FerretDB ends a cursor with the connection that has opened it, and another connection is told so. */
    @Test
    void aCursorEndsWithTheConnectionThatOpenedIt() {
        try (Relay relay = new Relay(bus.server.port())) {
            bus.deploy(settings().put("port", relay.port()));
            JsonArray documents = new JsonArray();
            for (int i = 0; i < 10; i++) {
                documents.add(new JsonObject().put("_id", i));
            }
            Outcome.value(bus.mongo()
                    .command("db", "insert", new JsonObject().put("insert", "c").put("documents", documents), null));
            JsonObject find = new JsonObject().put("find", "c").put("batchSize", 2);
            JsonObject handle = Outcome.value(bus.mongo().open("db", "find", find, null));
            StreamService streams = StreamService.proxy(bus.vertx, handle.getString("address"));
            String id = handle.getString("id");
            assertEquals(
                    2,
                    Outcome.value(streams.next(id, 1, 2, 10_000L))
                            .getJsonArray("items")
                            .size());
            relay.reset();
            awaitPing();
            ServiceException gone = (ServiceException) Outcome.failure(streams.next(id, 2, 2, 10_000L));
            assertEquals("REFUSED_BY_SERVER", Stage.word(gone), gone.getMessage());
            assertEquals(43, gone.getDebugInfo().getJsonObject("server").getInteger("code"));
        }
    }
}
