package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The connector is undeployed under load: every request gets one outcome, and the one that is true. */
class MongoLeavingTest {

    private static final int IN_FLIGHT = 64;

    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    /** Reads and writes in turn. */
    private List<Future<JsonObject>> load(int count) {
        return IntStream.range(0, count)
                .mapToObj(n -> n % 2 == 0 ? Stage.find(stage.mongo(), n) : Stage.insert(stage.mongo(), n))
                .toList();
    }

    private List<Asked> arrived() {
        return IntStream.range(0, IN_FLIGHT)
                .mapToObj(n -> stage.next(n % 2 == 0 ? "find" : "insert"))
                .toList();
    }

    @Test
    void slowServerIsWaitedFor() {
        String id = stage.deploy();
        List<Future<JsonObject>> calls = load(IN_FLIGHT);
        List<Asked> arrived = arrived();
        Future<Void> leaving = stage.vertx.undeploy(id);
        Awaitility.await().until(() -> neverRan(stage.mongo().status()));
        arrived.forEach(Asked::ok);
        calls.forEach(Outcome::value);
        Outcome.value(leaving);
        stage.nextGone();
        assertEquals(0, stage.waiting());
    }

    /** Nobody is at the address any more, or somebody who is leaving. */
    private static boolean neverRan(Future<JsonObject> status) {
        Throwable cause = Outcome.value(status.transform(ended -> Future.succeededFuture(ended.cause())));
        return cause instanceof ServiceException typed && Set.of(4503, 4530).contains(typed.failureCode());
    }

    @Test
    void silentServerIsNotWaitedForLong() {
        String id = stage.deploy(new JsonObject().put("drainMillis", 100));
        List<Future<JsonObject>> calls = load(IN_FLIGHT + 4);
        arrived();
        Outcome.value(stage.vertx.undeploy(id));
        List<String> expected = new ArrayList<>();
        for (int n = 0; n < IN_FLIGHT; n++) {
            expected.add(n % 2 == 0 ? "CONNECTION_LOST retryable" : "UNKNOWN_OUTCOME mayHaveExecuted");
        }
        for (int n = 0; n < 4; n++) {
            expected.add("SHUTTING_DOWN retryable");
        }
        assertEquals(expected, calls.stream().map(Stage::failure).toList());
        stage.nextGone();
        assertEquals(0, stage.waiting());
    }

    @Test
    void neverConnected() {
        JsonObject nowhere =
                new JsonObject().put("drainMillis", 100).put("port", 1).put("failFast", false);
        String id = stage.deploy(nowhere);
        List<Future<JsonObject>> calls = load(4);
        assertEquals(5, stage.status().getInteger("inFlight"));
        Outcome.value(stage.vertx.undeploy(id));
        calls.forEach(call -> assertEquals("SHUTTING_DOWN retryable", Stage.failure(call)));
    }

    /** It does not read either, so that what was written cannot be taken for done. */
    @Test
    void serverThatDoesNotRead() {
        String id = stage.deploy(new JsonObject().put("drainMillis", 100).put("pipeline", 1_000));
        Future<JsonObject> ping = stage.mongo().ping();
        Asked first = stage.next("ping");
        first.peer().pause();
        first.ok();
        Outcome.value(ping);
        JsonObject insert = new JsonObject().put("insert", "things").put("text", "x".repeat(1_000_000));
        List<Future<JsonObject>> calls = IntStream.range(0, 40)
                .mapToObj(n -> stage.mongo().command("db", "insert", insert, null))
                .toList();
        assertEquals(41, stage.status().getInteger("inFlight"));
        Future<Void> leaving = stage.vertx.undeploy(id);
        List<String> outcomes = calls.stream().map(Stage::failure).distinct().toList();
        assertEquals(List.of("UNKNOWN_OUTCOME mayHaveExecuted", "SHUTTING_DOWN retryable"), outcomes);
        // What was written when it left is still to be read, and would be waited for.
        first.peer().resume();
        Outcome.value(leaving);
    }

    @Test
    void eventsTellOfIt() {
        List<String> states = new ArrayList<>();
        Promise<Void> closed = Promise.promise();
        stage.vertx.eventBus().<JsonObject>consumer("polywire.mongodb.events", event -> {
            states.add(event.body().getString("state"));
            if (event.body().getString("state").equals("closed")) {
                closed.tryComplete();
            }
        });
        String id = stage.deploy(new JsonObject());
        Outcome.value(stage.vertx.undeploy(id));
        Outcome.value(closed.future());
        assertEquals(
                List.of("connecting", "ready", "closed"),
                states.stream().distinct().toList());
    }
}
