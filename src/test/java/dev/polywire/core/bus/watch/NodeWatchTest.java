package dev.polywire.core.bus.watch;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.request.RequestTable;
import dev.polywire.testing.Books;
import dev.polywire.testing.LoggedTraces;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.probe.ProbeService;
import dev.polywire.testing.probe.ProbeVerticle;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The watch on one node, where it serves undeploys. */
class NodeWatchTest {

    private final LoggedTraces log = new LoggedTraces();
    private final Vertx vertx = Vertx.vertx();
    private final NodeWatch watch = NodeWatch.install(vertx);
    private final ProbeService service = ProbeService.proxy(vertx, ProbeVerticle.ADDRESS);
    private final AtomicInteger questions = new AtomicInteger();

    NodeWatchTest() {
        Outcome.value(watch.ready());
        Outcome.value(vertx.eventBus()
                .consumer(Holders.ADDRESS, question -> questions.incrementAndGet())
                .completion());
    }

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
        log.close();
        assertEquals(List.of(), log.traces());
    }

    @Test
    void whileAllIsWellNothingIsAskedAndNothingKept() {
        ProbeVerticle probe = deploy();
        List<Future<JsonObject>> sent = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            sent.add(service.hang(null));
        }
        await().until(() -> probe.hanging.size() == 100);
        assertEquals(100, watch.size());
        probe.hanging.forEach(each -> each.complete(new JsonObject()));
        Outcome.value(Future.all(sent));
        assertEquals(0, watch.size());
        assertEquals(0, questions.get());
    }

    /** Somebody at the address of a connector takes requests and holds none of them: as if they were lost on their way. */
    @Test
    void whatWasLostWhileItUnregisteredNeverRan() {
        swallow(ProbeVerticle.ADDRESS);
        ProbeVerticle probe = new ProbeVerticle();
        String id = Outcome.value(vertx.deployVerticle(probe));
        Books books = new Books();
        for (int i = 0; i < 20; i++) {
            books.note(service.hang(null));
        }
        await().until(() -> probe.hanging.size() == 10);
        Future<Void> left = vertx.undeploy(id);
        await().until(() -> books.settled() == 10);
        assertFalse(left.isComplete());
        probe.hanging.forEach(each -> each.complete(new JsonObject()));
        Outcome.value(left);
        assertEquals("{SHUTTING_DOWN=10, ok=10}", books.toString());
        assertEquals(10, watch.lost());
        assertEquals(0, watch.size());
    }

    /** Rooms and the raw door belong to the connector that leaves; another connector does not. */
    @Test
    void onlyRequestsToTheOneThatLeavesAreAskedFor() {
        swallow("polywire.probe.raw");
        swallow("polywire.probe.streams.1");
        swallow("polywire.probe2");
        ProbeVerticle probe = new ProbeVerticle();
        String id = Outcome.value(vertx.deployVerticle(probe));
        Books books = new Books();
        Books other = new Books();
        books.note(request("polywire.probe.raw", 30_000));
        books.note(request("polywire.probe.streams.1", 30_000));
        other.note(request("polywire.probe2", 30_000));
        Outcome.value(vertx.undeploy(id));
        await().until(() -> books.settled() == 2);
        assertEquals("{SHUTTING_DOWN=2}", books.toString());
        assertEquals(0, other.settled());
    }

    @Test
    void whatAnotherInstanceHoldsIsNotFailed() {
        ProbeVerticle stays = deploy();
        ProbeVerticle leaves = new ProbeVerticle();
        String id = Outcome.value(vertx.deployVerticle(leaves));
        swallow("polywire.probe.streams.1");
        Books slow = new Books();
        for (int i = 0; i < 10; i++) {
            slow.note(service.hang(null));
        }
        await().until(() -> stays.hanging.size() == 5 && leaves.hanging.size() == 5);
        leaves.hanging.forEach(each -> each.complete(new JsonObject()));
        Books lost = new Books();
        lost.note(request("polywire.probe.streams.1", 30_000));
        Outcome.value(vertx.undeploy(id));
        await().until(() -> lost.settled() == 1);
        assertEquals("{SHUTTING_DOWN=1}", lost.toString());
        assertTrue(questions.get() > 0);
        assertEquals("{ok=5}", slow.toString());
        stays.hanging.forEach(each -> each.complete(new JsonObject()));
        await().until(() -> slow.settled() == 10);
        assertEquals("{ok=10}", slow.toString());
    }

    /** One connector after the other leaves while requests come from several threads. */
    @Test
    void theBooksBalanceWhileConnectorsComeAndGo() throws InterruptedException {
        deploy();
        Books books = new Books();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Thread caller = new Thread(() -> books.load(2_000, 64, service::status));
            caller.start();
            callers.add(caller);
        }
        for (int i = 0; i < 20; i++) {
            Outcome.value(vertx.undeploy(Outcome.value(vertx.deployVerticle(new ProbeVerticle()))));
        }
        for (Thread caller : callers) {
            caller.join();
        }
        await().until(() -> books.settled() == books.sent());
        assertEquals(6_000, books.sent());
        assertEquals(books.sent(), books.ok() + books.of("SHUTTING_DOWN"), books::toString);
        await().until(() -> watch.size() == 0);
    }

    /** The bus fails a request by itself and tells nobody; its entry goes when it would have been answered long since. */
    @Test
    void entriesExpire() {
        request("polywire.nobody", 50);
        assertEquals(1, watch.size());
        await().until(() -> watch.size() == 0);
        assertEquals(0, watch.lost());
    }

    @Test
    void plainConsumersAreNotWatchedUnlessToldSo() {
        swallow("news.latest");
        request("news.latest", 30_000);
        request("newsletter", 30_000);
        request("polywirenews", 30_000);
        assertEquals(0, watch.size());
        watch.cover("news");
        request("news.latest", 30_000);
        request("newsletter", 30_000);
        assertEquals(1, watch.size());
    }

    @Test
    void itsMemoryIsBounded() {
        Outstanding two = new Outstanding(2);
        two.cover("polywire");
        two.attach(vertx.eventBus());
        swallow("polywire.x");
        for (int i = 0; i < 5; i++) {
            request("polywire.x", 30_000);
        }
        assertEquals(2, two.size());
        assertEquals(3, two.unwatched());
        two.detach(vertx.eventBus());
        assertEquals(0, two.size());
    }

    @Test
    void itIsInstalledOnce() {
        assertSame(watch, NodeWatch.install(vertx));
        assertSame(watch, NodeWatch.install(vertx));
        Outcome.value(watch.close());
        request("polywire.nobody", 30_000);
        assertEquals(0, watch.size());
        NodeWatch next = NodeWatch.install(vertx);
        assertNotSame(watch, next);
        request("polywire.nobody", 30_000);
        assertEquals(1, next.size());
    }

    /** It does not leave with the verticle that installed it. */
    @Test
    void aVerticleMayInstallIt() {
        Outcome.value(watch.close());
        String installer = Outcome.value(vertx.deployVerticle(new AbstractVerticle() {
            @Override
            public void start() {
                NodeWatch.install(vertx);
            }
        }));
        Outcome.value(NodeWatch.install(vertx).ready());
        Outcome.value(vertx.undeploy(installer));
        swallow("polywire.probe.streams.1");
        String id = Outcome.value(vertx.deployVerticle(new ProbeVerticle()));
        Books books = new Books();
        books.note(request("polywire.probe.streams.1", 30_000));
        Outcome.value(vertx.undeploy(id));
        await().until(() -> books.settled() == 1);
        assertEquals("{SHUTTING_DOWN=1}", books.toString());
    }

    private ProbeVerticle deploy() {
        ProbeVerticle probe = new ProbeVerticle();
        Outcome.value(vertx.deployVerticle(probe));
        return probe;
    }

    private void swallow(String address) {
        Outcome.value(vertx.eventBus().consumer(address, unread -> {}).completion());
    }

    private Future<?> request(String address, long timeoutMillis) {
        return vertx.eventBus()
                .request(
                        address,
                        new JsonObject(),
                        new DeliveryOptions().addHeader(RequestTable.TIMEOUT, Long.toString(timeoutMillis)));
    }
}
