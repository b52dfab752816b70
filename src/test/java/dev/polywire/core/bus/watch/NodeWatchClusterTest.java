package dev.polywire.core.bus.watch;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.bus.request.RequestTable;
import dev.polywire.testing.Books;
import dev.polywire.testing.LoggedTraces;
import dev.polywire.testing.LoopbackCluster;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.probe.ProbeService;
import dev.polywire.testing.probe.ProbeVerticle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The watch between nodes, those of one JVM: node 0 calls, the others serve. */
class NodeWatchClusterTest {

    /** As a connector's room, so that it can swallow what a connector would hold. */
    private static final String LOST = "polywire.probe.streams.1";

    private final LoggedTraces log = new LoggedTraces();
    private final LoopbackCluster cluster = new LoopbackCluster(3);
    private final Vertx calling = cluster.node(0);
    private final ProbeService service = ProbeService.proxy(calling, ProbeVerticle.ADDRESS);
    private final AtomicInteger questions = new AtomicInteger();

    @AfterEach
    void close() {
        cluster.close();
        log.close();
    }

    @Test
    void aLostNodeFailsWhatNobodyHolds() {
        NodeWatch watch = watch();
        ProbeVerticle stays = deploy(2);
        swallow(1, LOST);
        Books slow = new Books();
        Books lost = new Books();
        for (int i = 0; i < 10; i++) {
            slow.note(service.hang(null));
            lost.note(request(LOST));
        }
        await().until(() -> stays.hanging.size() == 10);
        assertEquals(20, watch.size());
        assertEquals(0, questions.get());
        Outcome.value(cluster.node(1).close());
        await().until(() -> lost.settled() == 10);
        assertEquals("{NODE_LOST=10}", lost.toString());
        assertUntouched(slow);
        stays.hanging.forEach(each -> each.complete(new JsonObject()));
        await().until(() -> slow.settled() == 10);
        assertEquals("{ok=10}", slow.toString());
        assertEquals(0, watch.size());
        assertEquals(10, watch.lost());
    }

    @Test
    void aConnectorThatLeavesAnotherNodeSaysSo() {
        NodeWatch watch = watch();
        Outcome.value(Holders.of(cluster.node(2)).ready());
        swallow(2, LOST);
        String id = Outcome.value(cluster.node(1).deployVerticle(new ProbeVerticle()));
        Books lost = new Books();
        lost.note(request(LOST));
        Outcome.value(cluster.node(1).undeploy(id));
        await().until(() -> lost.settled() == 1);
        assertEquals("{SHUTTING_DOWN=1}", lost.toString());
        assertEquals(0, watch.size());
    }

    /** A node that is silent may have run it: nobody may say that it never ran. */
    @Test
    void whileAMemberIsSilentALostRequestMayHaveRun() {
        watch();
        swallow(2, LOST);
        String id = Outcome.value(cluster.node(1).deployVerticle(new ProbeVerticle()));
        Books lost = new Books();
        lost.note(request(LOST));
        Outcome.value(cluster.node(1).undeploy(id));
        await().until(() -> lost.settled() == 1);
        assertEquals("{NODE_LOST=1}", lost.toString());
    }

    @Test
    void withoutAMembershipItHearsConnectorsLeave() {
        Outcome.value(NodeWatch.install(calling).ready());
        swallow(2, LOST);
        String id = Outcome.value(cluster.node(1).deployVerticle(new ProbeVerticle()));
        Books lost = new Books();
        lost.note(request(LOST));
        Outcome.value(cluster.node(1).undeploy(id));
        await().until(() -> lost.settled() == 1);
        assertEquals("{SHUTTING_DOWN=1}", lost.toString());
    }

    /** Who calls and serves needs no other node to answer for its own. */
    @Test
    void requestsOfANodeToItselfAreSafe() {
        watch();
        ProbeVerticle own = deploy(0);
        Books slow = new Books();
        for (int i = 0; i < 10; i++) {
            slow.note(service.hang(null));
        }
        await().until(() -> own.hanging.size() == 10);
        Outcome.value(cluster.node(1).close());
        await().until(() -> questions.get() > 0);
        assertUntouched(slow);
        own.hanging.forEach(each -> each.complete(new JsonObject()));
        await().until(() -> slow.settled() == 10);
        assertEquals("{ok=10}", slow.toString());
    }

    @Test
    void aClusterOfCallsCostsNothingOnTheWire() {
        NodeWatch watch = watch();
        deploy(1);
        deploy(2);
        Books books = new Books();
        books.load(1_000, 64, service::status);
        await().until(() -> books.settled() == 1_000);
        assertEquals("{ok=1000}", books.toString());
        assertEquals(0, watch.size());
        assertEquals(List.of(0, 0L), List.of(questions.get(), watch.lost()));
    }

    /** Until all questions have been asked and closed. */
    private static void assertUntouched(Books held) {
        await().during(Duration.ofSeconds(2)).until(() -> held.settled() == 0);
    }

    private NodeWatch watch() {
        NodeWatch watch = NodeWatch.install(calling, cluster.membership(0));
        Outcome.value(watch.ready());
        Outcome.value(calling.eventBus()
                .consumer(Holders.ADDRESS, question -> questions.incrementAndGet())
                .completion());
        return watch;
    }

    private ProbeVerticle deploy(int node) {
        ProbeVerticle probe = new ProbeVerticle();
        Outcome.value(cluster.node(node).deployVerticle(probe));
        return probe;
    }

    private void swallow(int node, String address) {
        Outcome.value(
                cluster.node(node).eventBus().consumer(address, unread -> {}).completion());
    }

    private Future<?> request(String address) {
        return calling.eventBus()
                .request(address, new JsonObject(), new DeliveryOptions().addHeader(RequestTable.TIMEOUT, "30000"));
    }
}
