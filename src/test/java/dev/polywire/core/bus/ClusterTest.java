package dev.polywire.core.bus;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

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
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The contract between nodes: one serves, one calls through proxies, one knows nothing of ours but the codec. */
class ClusterTest {

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

    /** A room that is not known everywhere fails the first call on its first handles. */
    @Test
    void theFirstCallOnAFreshHandleNeverFails() {
        int tries = 200;
        int perDeployment = 4;
        String address = "";
        String deployment = "";
        for (int i = 0; i < tries; i++) {
            if (i % perDeployment == 0) {
                address = "polywire.fresh" + i;
                deployment = Outcome.value(
                        serving.deployVerticle(new ProbeVerticle(new JsonObject().put("address", address))));
            }
            assertEquals(
                    new JsonObject()
                            .put("batch", 1)
                            .put("items", new JsonArray().add(1))
                            .put("done", true),
                    Outcome.value(ProbeService.proxy(calling, address)
                            .open(1, false)
                            .compose(handle -> new StreamServiceVertxEBProxy(calling, handle.getString("address"))
                                    .next(handle.getString("id"), 1, 1, null))),
                    "try " + i);
            if (i % perDeployment == perDeployment - 1) {
                Outcome.value(serving.undeploy(deployment));
            }
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
                code(ProbeService.proxy(calling, ProbeVerticle.ADDRESS, 50).hang()));
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
