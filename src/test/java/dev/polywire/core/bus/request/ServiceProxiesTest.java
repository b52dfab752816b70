package dev.polywire.core.bus.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.polywire.core.bus.binding.BindingService;
import dev.polywire.core.bus.stream.StreamReader;
import dev.polywire.core.bus.stream.StreamService;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.probe.ProbeService;
import dev.polywire.testing.probe.ProbeVerticle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.MessageConsumerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A caller hears failures of ours also when it is the bus that fails its call, and not a service. */
class ServiceProxiesTest {

    private static final String ROOM = ".00000000-0000-0000-0000-000000000000";

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    @Test
    void nobodyAtTheAddressOfAServiceIsUnavailable() {
        ServiceException nobody =
                failure(ProbeService.proxy(vertx, "polywire.nobody").status());
        assertEquals(4503, nobody.failureCode());
        assertEquals("nobody at the address", nobody.getMessage());
        assertEquals(
                new JsonObject()
                        .put("name", "UNAVAILABLE")
                        .put("retryable", true)
                        .put("mayHaveExecuted", false),
                nobody.getDebugInfo());
        assertEquals(
                4503,
                failure(ProbeService.proxy(vertx, "polywire.nobody", 1_000).hang(null))
                        .failureCode());
    }

    @Test
    void nobodyAtTheAddressOfARoomIsANodeThatIsLost() {
        String streams = "polywire.nobody.streams" + ROOM;
        assertEquals(
                4531, failure(StreamService.proxy(vertx, streams).close("x")).failureCode());
        String bindings = "polywire.nobody.bindings" + ROOM;
        assertEquals(
                4531, failure(BindingService.proxy(vertx, bindings).status("x")).failureCode());
        JsonObject handle = new JsonObject().put("address", streams).put("id", "x");
        StreamReader reader = Outcome.on(vertx, () -> Future.succeededFuture(new StreamReader(vertx, handle)));
        assertEquals(
                4531,
                failure(Outcome.on(vertx, () -> Future.succeededFuture(reader.close())))
                        .failureCode());
    }

    @Test
    void theBusSOwnTimeoutIsATimeout() {
        vertx.eventBus().consumer("polywire.silent", unread -> {});
        ProbeService silent = ServiceProxies.of(
                vertx,
                "polywire.silent",
                options -> new dev.polywire.testing.probe.ProbeServiceVertxEBProxy(
                        vertx, "polywire.silent", options.setSendTimeout(1)));
        assertEquals(4408, failure(silent.status()).failureCode());
    }

    @Test
    void whatAServiceSaysIsAsItSaidIt() {
        Outcome.value(vertx.deployVerticle(new ProbeVerticle()));
        ProbeService service = ProbeService.proxy(vertx, ProbeVerticle.ADDRESS);
        assertEquals("polywire.probe", Outcome.value(service.status()).getString("address"));
        assertEquals("collection: no such one", failure(service.fail("TYPED")).getMessage());
        vertx.eventBus()
                .consumer(
                        "polywire.foreign",
                        asked -> asked.reply(new ServiceException(77, "its own", new JsonObject())));
        assertEquals(
                77,
                failure(ProbeService.proxy(vertx, "polywire.foreign").status()).failureCode());
    }

    /** The first of two requests waits in the paused consumer, the second is discarded; the first when that consumer leaves. */
    @Test
    void whatAPausedConsumerDiscardsIsOverloadUnlessItLeft() {
        MessageConsumer<JsonObject> paused = vertx.eventBus()
                .consumer(new MessageConsumerOptions().setAddress("paused").setMaxBufferedMessages(1));
        paused.handler(unread -> {}).pause();
        Outcome.value(paused.completion());
        Future<Message<Object>> waits = vertx.eventBus().request("paused", new JsonObject());
        Throwable discarded = Outcome.failure(vertx.eventBus().request("paused", new JsonObject()));
        assertEquals("OVERLOADED", name(Failure.of(discarded)));
        assertEquals("OVERLOADED", name(Failure.of(discarded, vertx, "paused")));
        Outcome.value(paused.unregister());
        assertEquals("SHUTTING_DOWN", name(Failure.of(Outcome.failure(waits), vertx, "paused")));
    }

    private static String name(ServiceException typed) {
        return typed.getDebugInfo().getString("name");
    }

    private static ServiceException failure(Future<?> call) {
        return assertInstanceOf(ServiceException.class, Outcome.failure(call));
    }
}
