package dev.polywire.core.bus;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.bus.stream.StreamReader;
import dev.polywire.core.bus.stream.StreamService;
import dev.polywire.core.bus.stream.StreamServiceVertxEBProxy;
import dev.polywire.testing.LoopbackCluster;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.probe.Fault;
import dev.polywire.testing.probe.Numbers;
import dev.polywire.testing.probe.ProbeService;
import dev.polywire.testing.probe.ProbeVerticle;
import dev.polywire.testing.probe.ScriptedSource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The contract between nodes: one serves, one calls through proxies, one knows nothing of ours but the codec. */
class ClusterTest {

    private static final JsonObject ONE = new JsonObject()
            .put("batch", 1)
            .put("items", new JsonArray().add(1))
            .put("done", true)
            .put("resume", null);

    private static final long OPEN_MILLIS = 3_000;
    private static final Set<Integer> NOT_THERE = Set.of(Failure.UNAVAILABLE.code(), Failure.TIMEOUT.code());

    private static LoopbackCluster cluster;
    private static Vertx serving;
    private static Vertx calling;

    @BeforeAll
    static void start() {
        cluster = new LoopbackCluster(2);
        serving = cluster.node(0);
        calling = cluster.node(1);
    }

    @AfterAll
    static void close() {
        cluster.close();
    }

    /**
     * The other node asks for a handle before the service is there, again and again until it is, and then for the first
     * batch at once: its room must be known by then. A request for the handle may get lost while the cluster learns of the
     * service, and is repeated; the first call on the handle is not.
     */
    @Test
    void theFirstCallOnAFreshHandleNeverFails() {
        int deployments = 40;
        int perDeployment = 5;
        for (int i = 0; i < deployments; i++) {
            String address = "polywire.fresh" + i;
            Future<JsonObject> earliest = batch(openWhenThere(ProbeService.proxy(calling, address, OPEN_MILLIS)));
            String deployment =
                    Outcome.value(serving.deployVerticle(new ProbeVerticle(new JsonObject().put("address", address))));
            assertEquals(ONE, Outcome.value(earliest), address);
            for (int j = 1; j < perDeployment; j++) {
                assertEquals(
                        ONE, Outcome.value(batch(openWhenThere(ProbeService.proxy(calling, address, OPEN_MILLIS)))));
            }
            Outcome.value(serving.undeploy(deployment));
        }
    }

    private static Future<JsonObject> openWhenThere(ProbeService service) {
        return service.open(1, false)
                .recover(cause -> NOT_THERE.contains(Failure.of(cause).failureCode())
                        ? openWhenThere(service)
                        : Future.failedFuture(cause));
    }

    private static Future<JsonObject> batch(Future<JsonObject> opening) {
        return opening.compose(handle -> new StreamServiceVertxEBProxy(calling, handle.getString("address"))
                .next(handle.getString("id"), 1, 1, null));
    }

    /** What is held when its service leaves is answered over the wire, too. */
    @Test
    void undeployedUnderLoadEveryRequestHasItsOutcome() {
        ProbeVerticle probe = new ProbeVerticle(new JsonObject().put("drainMillis", 50));
        String id = Outcome.value(serving.deployVerticle(probe));
        ProbeService service = ProbeService.proxy(calling, ProbeVerticle.ADDRESS);
        List<Future<JsonObject>> held = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            held.add(service.hang(null));
        }
        await().until(() -> probe.hanging.size() == held.size());
        Outcome.value(serving.undeploy(id));
        for (Future<JsonObject> each : held) {
            assertEquals(Failure.UNKNOWN_OUTCOME.code(), code(each));
        }
    }

    @Test
    void failuresArriveWholeWhereOnlyTheCodecIs() {
        String id = Outcome.value(serving.deployVerticle(new ProbeVerticle()));
        Vertx third = Polywire.install(Polywire.install(cluster.join()));
        ReplyException failed = (ReplyException) Outcome.failure(third.eventBus()
                .request(
                        ProbeVerticle.ADDRESS,
                        new JsonObject().put("how", Fault.REFUSED.name()),
                        new DeliveryOptions().addHeader("action", "fail")));
        assertEquals(ReplyFailure.RECIPIENT_FAILURE, failed.failureType());
        assertEquals(4502, failed.failureCode());
        assertEquals("refusé \"x\"", failed.getMessage());
        JsonObject server = new JsonObject()
                .put("code", 11_000)
                .put("big", 9_007_199_254_740_993L)
                .put("labels", new JsonArray().add("a"));
        assertEquals(
                new JsonObject()
                        .put("name", "REFUSED_BY_SERVER")
                        .put("retryable", true)
                        .put("mayHaveExecuted", true)
                        .put("server", server),
                assertInstanceOf(ServiceException.class, failed).getDebugInfo());
        Outcome.value(serving.undeploy(id));
    }

    @Test
    void deadlinesAndNobodyAreTypedAsOnOneNode() {
        String id = Outcome.value(serving.deployVerticle(new ProbeVerticle()));
        assertEquals(
                4408,
                code(ProbeService.proxy(calling, ProbeVerticle.ADDRESS, 50).hang(null)));
        assertEquals(
                4503,
                code(ProbeService.proxy(calling, ProbeVerticle.ADDRESS, 50).expire(true)));
        Outcome.value(serving.undeploy(id));
        assertEquals(4503, code(ProbeService.proxy(calling, "polywire.nobody").status()));
    }

    @Test
    void aReaderReadsFromAnotherNodeAndHearsThatItsServiceLeaves() {
        ScriptedSource idle = new ScriptedSource();
        ProbeVerticle probe = new ProbeVerticle();
        probe.reading(count -> count == 0 ? idle : new Numbers(count, probe.closedSources));
        String id = Outcome.value(serving.deployVerticle(probe));
        ProbeService service = ProbeService.proxy(calling, ProbeVerticle.ADDRESS);

        List<Object> seen = new ArrayList<>();
        Outcome.value(read(service.open(10_000, false), seen));
        assertEquals(IntStream.rangeClosed(1, 10_000).boxed().toList(), seen);

        Future<Void> waiting = read(service.open(0, false), seen);
        await().until(() -> probe.seen().getInteger("inFlight") == 2);
        Outcome.value(serving.undeploy(id));
        assertEquals(4530, code(waiting));
    }

    private static Future<Void> read(Future<JsonObject> opening, List<Object> seen) {
        Promise<Void> ended = Promise.promise();
        JsonObject handle = Outcome.value(opening);
        calling.runOnContext(
                now -> new StreamReader(calling, handle, StreamReader.DEFAULT_MAX, StreamService.MAX_WAIT_MILLIS)
                        .endHandler(end -> ended.complete())
                        .exceptionHandler(ended::fail)
                        .handler(seen::add));
        return ended.future();
    }

    private static int code(Future<?> future) {
        return Failure.of(Outcome.failure(future)).failureCode();
    }
}
