package dev.polywire.core.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.json.FieldException;
import dev.polywire.core.net.Spi;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.probe.ProbeService;
import dev.polywire.testing.probe.ProbeVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class InstancesTest {

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    @Test
    void eachInstanceIsAskedAndTheirNumbersAreAdded() {
        deploy("one");
        String leaver = deploy("many");
        deploy("many");
        for (int i = 0; i < 4; i++) {
            Outcome.value(request("polywire.many", "status", new JsonObject()));
        }
        JsonObject all = status(new JsonObject());
        assertEquals(List.of("polywire.many", "polywire.many", "polywire.one"), each(all, "instances", "address"));
        assertEquals(
                2,
                List.copyOf(each(all, "instances", "instance").subList(0, 2)).stream()
                        .distinct()
                        .count());
        assertEquals(List.of("polywire.many", "polywire.one"), each(all, "connectors", "address"));
        assertEquals(List.of(2L, 1L), each(all, "connectors", "instances"));
        JsonObject many = all.getJsonArray("connectors").getJsonObject(0);
        assertEquals(4, many.getJsonObject("counters").getLong("requests"));
        assertEquals("many", many.getString("name"));
        assertTrue(all.getJsonObject("memory").containsKey("maxBytes"), all::encode);

        Outcome.value(vertx.undeploy(leaver));
        assertEquals(List.of(1L, 1L), each(status(new JsonObject()), "connectors", "instances"));
    }

    private static final class NeverUp extends ConnectorVerticle<ConnectorOptions> {

        NeverUp() {
            super("probe", json -> ConnectorOptions.fromJson(json, "probe"), Spi.NONE);
        }

        @Override
        protected Future<Void> start(ConnectorOptions options) {
            Connector bus = connector(options, "probe", "nobody:0", Failure::of);
            leaving(() -> bus.leave(Future::succeededFuture));
            return bus.serve(ProbeService.class, new ProbeVerticle())
                    .compose(served -> Future.failedFuture("refused behind the doors"));
        }
    }

    /** Vert.x does not stop a verticle whose start has failed. */
    @Test
    void oneThatDoesNotStartIsNotThere() {
        deploy("one");
        JsonObject config = new JsonObject().put("name", "ghost");
        Throwable why = Outcome.failure(vertx.deployVerticle(new NeverUp(), new DeploymentOptions().setConfig(config)));
        assertEquals("refused behind the doors", why.getMessage());
        assertEquals(List.of("polywire.one"), each(status(new JsonObject()), "instances", "address"));
    }

    /** With one event loop the connector has started before the list is at its address, if nobody waits for that. */
    @RepeatedTest(5)
    void aConnectorThatHasStartedIsThere() {
        Vertx narrow = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        try {
            Outcome.value(narrow.deployVerticle(new ProbeVerticle(new JsonObject().put("name", "early")))
                    .compose(up -> narrow.eventBus()
                            .request(
                                    Instances.ADDRESS,
                                    new JsonObject(),
                                    new DeliveryOptions().addHeader("action", Instances.STATUS))));
        } finally {
            Outcome.value(narrow.close());
        }
    }

    @Test
    void onlyThoseAreShownThatAreAskedFor() {
        deploy("one");
        deploy("other");
        JsonObject some = status(new JsonObject()
                .put("addresses", new JsonArray().add("polywire.other").add("polywire.nowhere")));
        assertEquals(List.of("polywire.other"), each(some, "instances", "address"));
        JsonObject none = status(new JsonObject().put("addresses", new JsonArray()));
        assertEquals(List.of(), each(none, "instances", "address"));
    }

    @Test
    void anInstanceThatIsBusyIsShownWithoutAnAnswer() {
        ProbeVerticle busy = new ProbeVerticle(new JsonObject().put("name", "busy"));
        Outcome.value(vertx.deployVerticle(busy));
        deploy("idle");
        CountDownLatch free = new CountDownLatch(1);
        busy.home().runOnContext(now -> {
            try {
                free.await();
            } catch (InterruptedException told) {
                Thread.currentThread().interrupt();
            }
        });
        try {
            JsonObject all = status(new JsonObject());
            assertEquals("no answer", each(all, "instances", "state").get(0));
            assertEquals(List.of(1L, 1L), each(all, "connectors", "instances"));
            assertEquals(0L, each(all, "connectors", "ready").get(0));
        } finally {
            free.countDown();
        }
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {"stats,{}", "status,{'adresses': []}", "status,{'addresses': 'a'}", "status,{'addresses': [1]}"})
    void anythingElseIsABadRequest(String action, String body) {
        deploy("one");
        Throwable cause = Outcome.failure(request(Instances.ADDRESS, action, new JsonObject(body.replace('\'', '"'))));
        assertEquals(Failure.BAD_REQUEST.code(), ((ServiceException) cause).failureCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"polywire.instances", "polywire.holds", "polywire.leaving", "__vertx.reply.1"})
    void noConnectorHasAReservedAddress(String address) {
        JsonObject config = new JsonObject().put("address", address);
        assertTrue(assertThrows(FieldException.class, () -> new ProbeVerticle(config))
                .getMessage()
                .startsWith("address: reserved"));
    }

    private String deploy(String name) {
        return Outcome.value(vertx.deployVerticle(new ProbeVerticle(new JsonObject().put("name", name))));
    }

    private JsonObject status(JsonObject body) {
        return Outcome.value(request(Instances.ADDRESS, Instances.STATUS, body));
    }

    private Future<JsonObject> request(String address, String action, JsonObject body) {
        return vertx.eventBus()
                .<JsonObject>request(address, body, new DeliveryOptions().addHeader("action", action))
                .map(Message::body);
    }

    private static List<Object> each(JsonObject status, String list, String field) {
        JsonArray all = status.getJsonArray(list);
        return IntStream.range(0, all.size())
                .mapToObj(i -> all.getJsonObject(i).getValue(field))
                .toList();
    }
}
