package dev.polywire.core.bus;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.bus.stream.StreamService;
import dev.polywire.core.bus.stream.StreamServiceVertxEBProxy;
import dev.polywire.core.net.Monotonic;
import dev.polywire.testing.LoggedTraces;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.probe.ProbeService;
import dev.polywire.testing.probe.ProbeVerticle;
import dev.polywire.testing.probe.ScriptedSource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A connector that leaves loses no request silently. */
class LeavingTest {

    private static final int REQUESTS = 64;

    /** The bus warns of each message that it discards. */
    private LoggedTraces log;

    private Vertx vertx;
    private ProbeService service;

    @BeforeEach
    void start() {
        log = new LoggedTraces();
        vertx = Vertx.vertx();
        service = ProbeService.proxy(vertx, ProbeVerticle.ADDRESS);
    }

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
        log.close();
        assertEquals(List.of(), log.traces());
    }

    @Test
    void whatIsAnsweredWhileItDrainsIsAnAnswer() {
        ProbeVerticle probe = new ProbeVerticle();
        String id = Outcome.value(vertx.deployVerticle(probe));
        List<Future<JsonObject>> held = hang(probe);
        Future<Void> left = vertx.undeploy(id);
        Future<?> late = refused();
        int refusal = Failure.of(Outcome.failure(late)).failureCode();
        assertTrue(Set.of(4503, 4530).contains(refusal), () -> "nobody there, or discarded: " + refusal);
        probe.hanging.forEach(each -> each.complete(new JsonObject()));
        Outcome.value(left);
        assertEquals(Map.of("value", REQUESTS), outcomes(held));
    }

    @Test
    void whatIsNotAnsweredInTimeIsSaidToBeUnknown() {
        ProbeVerticle probe = new ProbeVerticle(new JsonObject().put("drainMillis", 50));
        String id = Outcome.value(vertx.deployVerticle(probe));
        List<Future<JsonObject>> held = hang(probe);
        probe.hanging.remove().complete(new JsonObject());
        Outcome.value(vertx.undeploy(id));
        assertEquals(Map.of("value", 1, "UNKNOWN_OUTCOME", REQUESTS - 1), outcomes(held));
    }

    /** One connector after the other: who is the last has what is left. */
    @Test
    void allThatLeavesTogetherHasOneTime() {
        ProbeVerticle probe = new ProbeVerticle(new JsonObject().put("drainMillis", 600_000));
        String id = Outcome.value(vertx.deployVerticle(probe));
        List<Future<JsonObject>> held = hang(probe);
        Polywire.endsAt(vertx, Monotonic.millis() + 50);
        Outcome.value(vertx.undeploy(id));
        assertEquals(Map.of("UNKNOWN_OUTCOME", REQUESTS), outcomes(held));
    }

    @Test
    void theReleaseSaysWhatIsTrueForEach() {
        Promise<Void> release = Promise.promise();
        ProbeVerticle probe = new ProbeVerticle(new JsonObject().put("drainMillis", 0)).releasing(release.future());
        String id = Outcome.value(vertx.deployVerticle(probe));
        List<Future<JsonObject>> held = hang(probe);
        Future<Void> left = vertx.undeploy(id);
        Promise<JsonObject> first = probe.hanging.remove();
        first.fail(Failure.CONNECTION_LOST.because("it only reads"));
        assertFalse(left.isComplete());
        release.fail("the peer was gone before");
        Outcome.value(left);
        assertEquals(Map.of("CONNECTION_LOST", 1, "UNKNOWN_OUTCOME", REQUESTS - 1), outcomes(held));
    }

    /** Sent on the connector's own context just before it leaves, so that all of them lie unread at its address. */
    @Test
    void whatWasNotReadYetIsDiscardedAndNeverRan() {
        ProbeVerticle probe = new ProbeVerticle();
        Outcome.value(vertx.deployVerticle(probe));
        List<Future<JsonObject>> sent = new ArrayList<>();
        Outcome.on(probe.home(), () -> {
            for (int i = 0; i < REQUESTS; i++) {
                sent.add(service.hang(null));
            }
            return probe.stop();
        });
        assertEquals(Map.of("SHUTTING_DOWN", REQUESTS), outcomes(sent));
        assertEquals(0, probe.hanging.size());
    }

    /** Requests keep coming from this thread while one connector after the other leaves. */
    @Test
    void everyRequestHasOneOutcomeWheneverItIsSent() {
        Map<String, Integer> outcomes = new TreeMap<>();
        int sent = 0;
        for (int round = 0; round < 20; round++) {
            ProbeVerticle probe = new ProbeVerticle(new JsonObject().put("drainMillis", 1));
            String id = Outcome.value(vertx.deployVerticle(probe));
            List<Future<JsonObject>> all = new ArrayList<>();
            Future<Void> left = Future.succeededFuture();
            for (int i = 0; i < 4 * REQUESTS; i++) {
                all.add(i % 2 == 0 ? service.hang(null) : service.status());
                if (i == REQUESTS) {
                    left = vertx.undeploy(id);
                }
            }
            Outcome.value(left);
            sent += all.size();
            outcomes(all).forEach((outcome, count) -> outcomes.merge(outcome, count, Integer::sum));
        }
        assertEquals(
                sent, outcomes.values().stream().mapToInt(Integer::intValue).sum());
        assertTrue(
                List.of("SHUTTING_DOWN", "UNAVAILABLE", "UNKNOWN_OUTCOME", "value")
                        .containsAll(outcomes.keySet()),
                outcomes::toString);
    }

    @Test
    void openStreamsEndTypedAndAreReleased() {
        ScriptedSource source = new ScriptedSource();
        ProbeVerticle probe = new ProbeVerticle().reading(count -> source);
        String id = Outcome.value(vertx.deployVerticle(probe));
        JsonObject handle = Outcome.value(service.open(1, false));
        StreamService room = new StreamServiceVertxEBProxy(vertx, handle.getString("address"));
        Future<JsonObject> waiting = room.next(handle.getString("id"), 1, 1, 10_000L);
        await().until(() -> source.pending() == 1);
        Outcome.value(vertx.undeploy(id));
        assertEquals(Map.of("SHUTTING_DOWN", 1), outcomes(List.of(waiting)));
        assertEquals(1, source.closed());
    }

    @Test
    void aStreamThatOpensWhileItLeavesIsReleased() {
        ProbeVerticle probe = new ProbeVerticle();
        String id = Outcome.value(vertx.deployVerticle(probe));
        Future<JsonObject> opening = service.open(1, true);
        await().until(() -> probe.opening.size() == 1);
        Future<Void> left = vertx.undeploy(id);
        Outcome.failure(refused());
        probe.opening.remove().complete();
        Outcome.value(left);
        assertEquals(Map.of("SHUTTING_DOWN", 1), outcomes(List.of(opening)));
        assertEquals(1, probe.closedSources.get());
    }

    @Test
    void aPeerThatDoesNotLetGoHoldsNobodyUp() {
        ProbeVerticle probe = new ProbeVerticle(new JsonObject().put("drainMillis", 0))
                .releasing(Promise.<Void>promise().future());
        String id = Outcome.value(vertx.deployVerticle(probe));
        List<Future<JsonObject>> held = hang(probe);
        Outcome.value(vertx.undeploy(id));
        assertEquals(Map.of("UNKNOWN_OUTCOME", REQUESTS), outcomes(held));
    }

    @Test
    void aConnectorThatNeverServedLeavesToo() {
        Outcome.on(
                vertx,
                () -> new Connector(vertx, new ProbeVerticle().options(), "probe", "nobody:0")
                        .leave(Future::succeededFuture));
    }

    /** Completes when the address is gone. */
    private Future<JsonObject> refused() {
        return service.status().compose(stillThere -> refused());
    }

    private List<Future<JsonObject>> hang(ProbeVerticle probe) {
        List<Future<JsonObject>> held = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            held.add(service.hang(null));
        }
        await().until(() -> probe.hanging.size() == REQUESTS);
        return held;
    }

    private static Map<String, Integer> outcomes(List<Future<JsonObject>> requests) {
        Map<String, Integer> outcomes = new TreeMap<>();
        for (Future<JsonObject> request : requests) {
            String outcome = Outcome.value(request.map("value")
                    .otherwise(cause -> Failure.of(cause).getDebugInfo().getString("name")));
            outcomes.merge(outcome, 1, Integer::sum);
        }
        return outcomes;
    }
}
