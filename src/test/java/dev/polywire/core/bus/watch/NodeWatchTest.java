package dev.polywire.core.bus.watch;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.polywire.core.bus.request.RequestTable;
import dev.polywire.testing.Books;
import dev.polywire.testing.LoggedTraces;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.probe.ProbeService;
import dev.polywire.testing.probe.ProbeVerticle;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Future;
import io.vertx.core.Handler;
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
        await().until(() -> questions.get() > 0);
        await().until(() -> slow.settled() == 5);
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

    /** Somebody swallows a request, its caller is told so by the bus, and nobody else is. */
    @Test
    void whoWasToldByTheBusIsForgotten() {
        swallow("polywire.silent");
        Outcome.failure(
                vertx.eventBus().request("polywire.silent", new JsonObject(), new DeliveryOptions().setSendTimeout(1)));
        await().until(() -> watch.size() == 0);
        assertEquals(0, watch.lost());
    }

    /** More than the watch has places for, in a loop that repeats what fails; the requests to another service stay watched. */
    @Test
    void whatTheBusFailsTakesNoPlace() {
        swallow("polywire.probe.streams.1");
        ProbeVerticle probe = new ProbeVerticle();
        String id = Outcome.value(vertx.deployVerticle(probe));
        Books lost = new Books();
        lost.note(request("polywire.probe.streams.1", 30_000));
        for (int i = 0; i < 120_000; i++) {
            request("polywire.nobody", 30_000);
            assertEquals(1, watch.size());
        }
        assertEquals(0, watch.unwatched());
        Outcome.value(vertx.undeploy(id));
        await().until(() -> lost.settled() == 1);
        assertEquals("{SHUTTING_DOWN=1}", lost.toString());
        assertEquals(1, watch.lost());
    }

    /** The watch learns from its tick that the bus has failed a request; a connector leaves before. */
    @Test
    void onlyWhatACallerWasToldIsLost() {
        swallow("polywire.probe.streams.1");
        String id = Outcome.value(vertx.deployVerticle(new ProbeVerticle()));
        Books books = new Books();
        List<Handler<Void>> later = new ArrayList<>();
        vertx.eventBus().addOutboundInterceptor(delivery -> {
            if (delivery.message().address().equals("polywire.probe.streams.2")) {
                later.add(then -> delivery.next());
            } else {
                delivery.next();
            }
        });
        Outcome.on(vertx, () -> {
            for (int i = 0; i < 5; i++) {
                books.note(request("polywire.probe.streams.1", 30_000));
                books.note(request("polywire.probe.streams.2", 30_000));
            }
            later.forEach(each -> each.handle(null));
            return Future.succeededFuture();
        });
        Outcome.value(vertx.undeploy(id));
        await().until(() -> books.settled() == 10);
        assertEquals("{SHUTTING_DOWN=5, UNAVAILABLE=5}", books.toString());
        assertEquals(5, watch.lost());
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
        Outstanding two = new Outstanding(2, unknown -> true);
        two.cover("polywire");
        two.attach(vertx.eventBus());
        swallow("polywire.x");
        for (int i = 0; i < 5; i++) {
            request("polywire.x", 30_000);
        }
        assertEquals(2, two.size());
        assertEquals(3, two.unwatched());
        assertEquals(1, log.text().split("further ones are not watched", -1).length - 1, "one warning");
        two.detach(vertx.eventBus());
        assertEquals(0, two.size());
    }

    @Test
    void itIsInstalledOnce() {
        assertSame(watch, NodeWatch.install(vertx));
        assertSame(watch, NodeWatch.install(vertx));
        Outcome.value(watch.close());
        swallow("polywire.silent");
        request("polywire.silent", 30_000);
        assertEquals(0, watch.size());
        NodeWatch next = NodeWatch.install(vertx);
        assertNotSame(watch, next);
        request("polywire.silent", 30_000);
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
