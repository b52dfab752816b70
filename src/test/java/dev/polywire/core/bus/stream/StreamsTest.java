package dev.polywire.core.bus.stream;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.request.RequestTable;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.probe.ProbeService;
import dev.polywire.testing.probe.ProbeServiceVertxEBProxy;
import dev.polywire.testing.probe.ProbeVerticle;
import dev.polywire.testing.probe.ScriptedSource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stream handles over the bus. */
class StreamsTest {

    private static final long LEASE_MILLIS = 150;
    /** Of a handle that a test keeps: many times what a busy machine needs from one renewal to the next. */
    private static final long RENEWED_MILLIS = 1_500;

    private static final String UNKNOWN = "0123456789abcdef0123456789abcdef";

    private Vertx vertx;
    private ProbeService service;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        service = ProbeService.proxy(vertx, ProbeVerticle.ADDRESS);
    }

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    @Test
    void aHandleSaysWhereAndForHowLong() {
        ProbeVerticle probe = deploy(new JsonObject());
        JsonObject handle = Outcome.value(service.open(3, false));
        assertEquals(
                ProbeVerticle.ADDRESS + ".streams." + probe.seen().getString("instance"), handle.getString("address"));
        assertTrue(handle.getString("id").matches("[0-9a-f]{32}"), handle::encode);
        assertEquals(30_000, handle.getLong("leaseMillis"));
        assertEquals(
                new JsonObject()
                        .put("batch", 1)
                        .put("items", new JsonArray().add(1).add(2).add(3))
                        .put("done", true)
                        .put("resume", null),
                Outcome.value(room(handle).next(id(handle), 1, 10, null)));
        assertEquals(1, probe.seen().getInteger("streams"));
        Outcome.value(room(handle).close(id(handle)));
        assertEquals(0, probe.seen().getInteger("streams"));
        assertEquals(1, probe.closedSources.get());
    }

    @Test
    void anUnknownHandleMayBeClosedButNotRead() {
        deploy(new JsonObject());
        JsonObject handle = Outcome.value(service.open(3, false));
        Outcome.value(room(handle).close(UNKNOWN));
        assertEquals(4404, failure(room(handle).next(UNKNOWN, 1, 1, 0L)).failureCode());
        assertEquals(4404, failure(room(handle).next(UNKNOWN, 1, 0, 0L)).failureCode());
        Outcome.value(room(handle).close(id(handle)));
        Outcome.value(room(handle).close(id(handle)));
        assertEquals(4404, failure(room(handle).next(id(handle), 1, 1, 0L)).failureCode());
    }

    @ParameterizedTest
    @CsvSource({"-1, 0, max", "10001, 0, max", "1, -1, waitMillis", "1, 10001, waitMillis"})
    void numbersOutOfRangeAreRefused(int max, long waitMillis, String field) {
        deploy(new JsonObject());
        JsonObject handle = Outcome.value(service.open(3, false));
        ServiceException refused = failure(room(handle).next(id(handle), 1, max, waitMillis));
        assertEquals(4400, refused.failureCode());
        assertTrue(refused.getMessage().startsWith(field + ": "), refused::getMessage);
    }

    @Test
    void aLapsedStreamIsReleased() {
        ProbeVerticle probe = deploy(new JsonObject().put("leaseMillis", LEASE_MILLIS));
        JsonObject handle = Outcome.value(service.open(3, false));
        await().until(() -> probe.closedSources.get() == 1);
        ServiceException lapsed = failure(room(handle).next(id(handle), 1, 1, 0L));
        assertEquals(4404, lapsed.failureCode());
        assertEquals(1, probe.seen().getJsonObject("counters").getInteger("lapsedStreams"));
    }

    /** It is there while two others, each opened after the last, lapse. */
    @Test
    void askingForNothingRenewsTheLeaseAndPullsNothing() {
        ScriptedSource source = new ScriptedSource();
        ProbeVerticle probe =
                deploy(new JsonObject().put("leaseMillis", RENEWED_MILLIS)).reading(count -> source);
        JsonObject handle = Outcome.value(service.open(3, false));
        for (int other = 1; other <= 2; other++) {
            long lapsed = other;
            Outcome.value(service.open(0, false));
            await().until(() -> {
                JsonObject nothing = Outcome.value(room(handle).next(id(handle), 0, 0, null));
                assertEquals(
                        new JsonObject()
                                .put("batch", 0)
                                .put("items", new JsonArray())
                                .put("done", false)
                                .put("resume", null),
                        nothing);
                return probe.seen().getJsonObject("counters").getLong("lapsedStreams") == lapsed;
            });
        }
        assertEquals(List.of(), source.credits);
    }

    @Test
    void aStreamSomebodyWaitsForDoesNotLapse() {
        ScriptedSource idle = new ScriptedSource();
        deploy(new JsonObject().put("leaseMillis", LEASE_MILLIS)).reading(count -> idle);
        JsonObject handle = Outcome.value(service.open(3, false));
        JsonObject nothing = Outcome.value(room(handle).next(id(handle), 1, 1, 5 * LEASE_MILLIS));
        assertEquals(
                new JsonObject()
                        .put("batch", 1)
                        .put("items", new JsonArray())
                        .put("done", false)
                        .put("resume", null),
                nothing);
    }

    @Test
    void callersHaveLimitsOfTheirOwn() {
        deploy(new JsonObject().put("maxStreams", 4).put("maxStreamsPerCaller", 2));
        ProbeService ann = from("ann");
        JsonObject first = Outcome.value(ann.open(1, false));
        Outcome.value(ann.open(1, false));
        assertEquals(4429, failure(ann.open(1, false)).failureCode());
        Outcome.value(from("bob").open(1, false));
        Outcome.value(service.open(1, false));
        assertEquals(4429, failure(service.open(1, false)).failureCode());
        Outcome.value(room(first).close(id(first)));
        Outcome.value(ann.open(1, false));
    }

    /** The limit holds for what is being opened, too. */
    @Test
    void aSourceThatComesOverTheLimitIsReleased() {
        ProbeVerticle probe = deploy(new JsonObject().put("maxStreams", 1));
        Future<JsonObject> first = service.open(1, true);
        Future<JsonObject> second = service.open(1, true);
        await().until(() -> probe.opening.size() == 2);
        probe.opening.forEach(Promise::complete);
        Outcome.value(first);
        assertEquals(4429, failure(second).failureCode());
        assertEquals(1, probe.closedSources.get());
    }

    @Test
    void aSourceThatComesTooLateIsReleased() {
        ProbeVerticle probe = deploy(new JsonObject());
        assertEquals(
                4408,
                failure(ProbeService.proxy(vertx, ProbeVerticle.ADDRESS, 20).open(1, true))
                        .failureCode());
        assertEquals(0, probe.closedSources.get());
        probe.opening.forEach(Promise::complete);
        assertEquals(1, probe.closedSources.get());
        assertEquals(0, probe.seen().getInteger("streams"));
        assertEquals(1, probe.seen().getJsonObject("counters").getInteger("lateAnswers"));
    }

    /** Two batches wait for each idle stream: more than there may be requests. */
    /** Nobody would ever learn of the handle. */
    @Test
    void aSenderWithoutAReplyAddressOpensNothing() {
        AtomicInteger opened = new AtomicInteger();
        ProbeVerticle probe = deploy(new JsonObject()).reading(count -> {
            opened.incrementAndGet();
            return new ScriptedSource();
        });
        for (String action : List.of("open", "bind")) {
            JsonObject body = action.equals("open")
                    ? new JsonObject().put("count", 3).put("slowly", false)
                    : new JsonObject().put("count", 3).put("address", "orders");
            vertx.eventBus().send(ProbeVerticle.ADDRESS, body, new DeliveryOptions().addHeader("action", action));
        }
        Outcome.value(service.status());
        assertEquals(0, opened.get());
        assertEquals(0, probe.seen().getInteger("streams"));
        assertEquals(0, probe.seen().getJsonArray("bindings").size());
    }

    @Test
    void waitingReadersKeepNobodyOut() {
        ProbeVerticle probe = deploy(new JsonObject().put("maxRequests", 2)).reading(count -> new ScriptedSource());
        List<Future<JsonObject>> waiting = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            JsonObject handle = Outcome.value(service.open(0, false));
            waiting.add(room(handle).next(id(handle), 1, 1, 10_000L));
            waiting.add(room(handle).next(id(handle), 2, 1, 10_000L));
        }
        await().until(() -> probe.seen().getInteger("inFlight") == 6);
        Outcome.value(service.status());
    }

    private ProbeVerticle deploy(JsonObject config) {
        ProbeVerticle probe = new ProbeVerticle(config);
        Outcome.value(vertx.deployVerticle(probe));
        return probe;
    }

    private ProbeService from(String caller) {
        return new ProbeServiceVertxEBProxy(
                vertx, ProbeVerticle.ADDRESS, new DeliveryOptions().addHeader(RequestTable.CALLER, caller));
    }

    private StreamService room(JsonObject handle) {
        return new StreamServiceVertxEBProxy(vertx, handle.getString("address"));
    }

    private static String id(JsonObject handle) {
        return handle.getString("id");
    }

    private static ServiceException failure(Future<?> future) {
        Throwable cause = Outcome.failure(future);
        return assertInstanceOf(ServiceException.class, cause, cause::toString);
    }
}
