package dev.polywire.core.bus.binding;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.testing.Consumers;
import dev.polywire.testing.LoggedTraces;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.probe.Numbers;
import dev.polywire.testing.probe.ProbeService;
import dev.polywire.testing.probe.ProbeVerticle;
import dev.polywire.testing.probe.ScriptedSource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The room of bindings of a connector: made, asked, closed, and drained when it leaves. */
class BindingsTest {

    private static final String ORDERS = "orders";

    private final LoggedTraces log = new LoggedTraces();
    private final Vertx vertx = Vertx.vertx();
    private final ProbeService service = ProbeService.proxy(vertx, ProbeVerticle.ADDRESS);
    private final Consumers consumers = new Consumers(vertx, ORDERS);
    private final ScriptedSource source = new ScriptedSource();

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
        log.close();
        assertEquals(List.of(), log.traces());
    }

    @Test
    void aHandleIsAnAddressAndAnIdAndNoLease() {
        deploy("{\"drainMillis\":1}");
        consumers.join(delivery -> {});
        JsonObject handle = bind(5, "{\"prefetch\":3}");
        assertEquals(Set.of("address", "id"), handle.fieldNames());
        BindingService room = room(handle);
        await().until(() -> status(room, handle).getInteger("unanswered") == 3);
        assertEquals(
                new JsonObject("{\"address\":\"orders\",\"prefetch\":3,\"unanswered\":3,\"paused\":false}"),
                status(room, handle));
        assertEquals(
                List.of(status(room, handle)),
                Outcome.value(service.status()).getJsonArray("bindings").getList());
    }

    @Test
    void itOutlivesItsLeaseAndEndsWithItsSource() {
        ProbeVerticle probe = deploy("{\"leaseMillis\":100}");
        probe.reading(count -> source);
        Consumers.One consumer = consumers.join();
        JsonObject handle = bind(0, "{}");
        BindingService room = room(handle);
        Outcome.value(vertx.timer(350, java.util.concurrent.TimeUnit.MILLISECONDS));
        assertEquals(0, status(room, handle).getInteger("unanswered"));
        Outcome.on(probe.home(), () -> {
            source.giveLast("last");
            return Future.succeededFuture();
        });
        await().until(() -> consumer.items().equals(List.of("last")));
        await().until(() ->
                Outcome.value(service.status()).getJsonArray("bindings").isEmpty());
        assertEquals(4404, code(room.status(handle.getString("id"))));
        Outcome.value(room.close(handle.getString("id")));
    }

    @Test
    void closeReleasesTheSourceWhenAllIsAnswered() {
        ProbeVerticle probe = deploy("{}");
        Consumers.One consumer = consumers.join(delivery -> {});
        JsonObject handle = bind(1_000, "{\"prefetch\":2}");
        await().until(() -> consumer.seen.size() == 2);
        Future<Void> closed = room(handle).close(handle.getString("id"));
        consumer.seen.forEach(each -> each.reply(null));
        Outcome.value(closed);
        assertEquals(2, consumer.seen.size());
        assertEquals(1, probe.closedSources.get());
        assertEquals(2, counter("acknowledged"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "orders             | {'prefetch':0}       | options.prefetch: 0 (expected: 1 to 10000)",
                "orders             | {'timeoutMillis':'x'} | options.timeoutMillis: a string (expected: 1 to 86400000)",
                "orders             | {'onTimeout':'again'} | options.onTimeout: unknown (expected: one of [requeueOnce, requeue, reject])",
                "orders             | {'address':'a'}      | options.address: unknown field",
                "''                 | {}                   | options.address: empty, reserved, or at or below polywire (expected: an address that consumers have)",
                "__vertx.reply.1    | {}                   | options.address: empty, reserved, or at or below polywire (expected: an address that consumers have)",
                "polywire.holds     | {}                   | options.address: empty, reserved, or at or below polywire (expected: an address that consumers have)",
                "polywire.holds.x   | {}                   | options.address: empty, reserved, or at or below polywire (expected: an address that consumers have)",
                "polywire.leaving   | {}                   | options.address: empty, reserved, or at or below polywire (expected: an address that consumers have)",
                "polywire.reply.1   | {}                   | options.address: empty, reserved, or at or below polywire (expected: an address that consumers have)",
                "polywire           | {}                   | options.address: empty, reserved, or at or below polywire (expected: an address that consumers have)",
                "polywire.probe     | {}                   | options.address: empty, reserved, or at or below polywire (expected: an address that consumers have)",
                "polywire.probe.raw | {}                   | options.address: empty, reserved, or at or below polywire (expected: an address that consumers have)",
            })
    void whatTheCallerGotWrong(String address, String options, String complaint) {
        deploy("{}");
        Throwable cause = Outcome.failure(service.bind(1, address, new JsonObject(options.replace('\'', '"'))));
        assertEquals(4400, Failure.of(cause).failureCode());
        assertEquals(complaint, cause.getMessage());
    }

    @Test
    void whatOnlyBeginsLikeOursIsAnybodys() {
        deploy("{}");
        Consumers.One consumer = new Consumers(vertx, "polywires.orders").join();
        Outcome.value(service.bind(1, "polywires.orders", null));
        await().until(() -> consumer.seen.size() == 1);
    }

    @Test
    void thereIsABoundOnThem() {
        deploy("{\"maxStreams\":1,\"drainMillis\":1}");
        Consumers.One consumer = consumers.join(delivery -> {});
        JsonObject handle = bind(1, "{}");
        await().until(() -> consumer.seen.size() == 1);
        assertEquals(4429, code(service.bind(1, ORDERS, null)));
        consumer.seen.get(0).reply(null);
        Outcome.value(room(handle).close(handle.getString("id")));
        bind(1, "{}");
    }

    @Test
    void itStopsPullingWhenItLeavesWaitsForAnswersAndGivesNothingTwice() {
        ProbeVerticle probe = new ProbeVerticle();
        String id = Outcome.value(vertx.deployVerticle(probe));
        Consumers.One consumer = consumers.join(delivery -> {});
        bind(1_000, "{\"prefetch\":4}");
        await().until(() -> consumer.seen.size() == 4);
        Future<Void> left = vertx.undeploy(id);
        await().untilAsserted(() -> assertEquals(4503, code(service.status())));
        assertFalse(left.isComplete());
        consumer.seen.get(0).reply(null);
        consumer.seen.get(1).fail(4503, "again");
        consumer.seen.get(2).fail(4530, "not now");
        consumer.seen.get(3).reply(null);
        Outcome.value(left);
        assertEquals(4, consumer.seen.size());
        assertEquals(1, probe.closedSources.get());
        assertEquals(
                new JsonObject()
                        .put("delivered", 4L)
                        .put("acknowledged", 2L)
                        .put("requeued", 1L)
                        .put("noAnswers", 1L)
                        .put("returned", 2L)
                        .put("abandoned", 0L),
                counters(probe, "delivered", "acknowledged", "requeued", "noAnswers", "returned", "abandoned"));
    }

    @Test
    void whatIsNotAnsweredWhileItDrainsIsCounted() {
        ProbeVerticle probe = new ProbeVerticle(new JsonObject().put("drainMillis", 50));
        String id = Outcome.value(vertx.deployVerticle(probe));
        Consumers.One consumer = consumers.join(delivery -> {});
        bind(1_000, "{\"prefetch\":4}");
        await().until(() -> consumer.seen.size() == 4);
        Outcome.value(vertx.undeploy(id));
        assertEquals(
                new JsonObject().put("delivered", 4L).put("returned", 0L).put("abandoned", 4L),
                counters(probe, "delivered", "returned", "abandoned"));
        assertEquals(1, probe.closedSources.get());
    }

    /**
     * Consumers are redeployed while items flow: once with a gap, which loses not even the order, and once without, where
     * what is discarded may come back behind what was sent to the new one.
     */
    @Test
    void aDeploymentOfItsConsumersLosesNothing() {
        int items = 20_000;
        ProbeVerticle probe = deploy("{}");
        probe.reading(count -> new Numbers(count, probe.closedSources));
        Consumers.One first = consumers.join();
        bind(items, "{}");
        await().until(() -> first.seen.size() > 100);
        first.leave();
        await().until(() -> counter("pauses") > 0);
        Consumers.One second = consumers.join();
        await().until(() -> second.seen.size() > 100);
        second.leave();
        consumers.join();
        await().until(() -> counter("acknowledged") == items);
        assertEquals(items, consumers.items().stream().distinct().count());
        for (Consumers.One each : List.of(first, second)) {
            assertEquals(each.items().stream().sorted().toList(), each.items());
        }
        assertEquals(0, counter("rejected"));
        assertEquals(0, counter("requeued"));
        assertEquals(counter("delivered"), items + counter("noAnswers"));
    }

    private ProbeVerticle deploy(String config) {
        ProbeVerticle probe = new ProbeVerticle(new JsonObject(config));
        Outcome.value(vertx.deployVerticle(probe));
        return probe;
    }

    private JsonObject bind(int count, String options) {
        return Outcome.value(service.bind(count, ORDERS, new JsonObject(options)));
    }

    private BindingService room(JsonObject handle) {
        return BindingService.proxy(vertx, handle.getString("address"));
    }

    private static JsonObject status(BindingService room, JsonObject handle) {
        return Outcome.value(room.status(handle.getString("id")));
    }

    private long counter(String name) {
        return Outcome.value(service.status()).getJsonObject("counters").getLong(name);
    }

    private static JsonObject counters(ProbeVerticle probe, String... names) {
        JsonObject all = probe.seen().getJsonObject("counters");
        JsonObject some = new JsonObject();
        for (String name : names) {
            some.put(name, all.getLong(name));
        }
        return some;
    }

    private static int code(Future<?> future) {
        return Failure.of(Outcome.failure(future)).failureCode();
    }
}
