package dev.polywire.amqp.service;

import static dev.polywire.amqp.service.AmqpBus.failure;
import static dev.polywire.amqp.service.AmqpBus.message;
import static dev.polywire.amqp.service.AmqpBus.name;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.amqp.server.ScriptedClient;
import dev.polywire.amqp.wire.AmqpServerEvent;
import dev.polywire.amqp.wire.ConnectionMethod;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code connection.blocked}: told, waited for up to a bound, and over when the broker says so or its connection is lost. */
@Timeout(60)
class AmqpBlockedTest {

    private final Scripted broker = new Scripted(this::asked);
    private final AmqpBus bus = new AmqpBus(broker);

    private final CompletableFuture<Runnable> kept = new CompletableFuture<>();
    private volatile boolean keepsBack;

    @BeforeEach
    void block() {
        bus.deploy(new JsonObject().put("maxWaitingPublishes", 2));
        bus.publish("q", "before");
        broker.publishing().send(0, new ConnectionMethod.Blocked("low on memory"));
        await().until(() -> state().equals("blocked"));
    }

    /** Keeps a login back. */
    private boolean asked(ScriptedClient client, AmqpServerEvent.Method asked) {
        boolean waits = keepsBack && asked.method() instanceof ConnectionMethod.StartOk;
        if (waits) {
            kept.complete(() -> client.answer(asked));
        }
        return waits;
    }

    @AfterEach
    void close() {
        bus.close();
        broker.close();
    }

    @Test
    void publishesWaitAndFurtherOnesAreRefused() {
        List<Future<Void>> waiting = publishes(2);
        ServiceException beyond = failure(bus.service.publish(message("q", "beyond")));
        assertEquals("OVERLOADED", name(beyond));
        assertTrue(beyond.getMessage().contains("broker blocked: low on memory"), beyond::getMessage);
        JsonObject status = status();
        assertEquals("low on memory", status.getString("blocked"));
        assertEquals("low on memory", status.getString("reason"));
        assertEquals(2, status.getJsonObject("counters").getInteger("waitingPublishes"));
        assertEquals(1, broker.asked(ContentMethod.Publish.class).size());
        assertEquals("idle", status.getString("declaring"));
        Outcome.value(bus.service.queuePurge("q"));
        assertEquals("ready", status().getString("declaring"));
        broker.publishing().send(0, new ConnectionMethod.Unblocked());
        waiting.forEach(Outcome::value);
        assertFalse(status().containsKey("blocked"));
        awaitStates("connecting", "ready", "blocked", "ready");
    }

    @Test
    void theirDeadlinesHoldAllTheSame() {
        ServiceException late =
                failure(AmqpService.proxy(bus.vertx, AmqpBus.ADDRESS, 300).publish(message("q", "late")));
        assertEquals("UNAVAILABLE", name(late));
        assertTrue(late.getMessage().contains("broker blocked: low on memory"), late::getMessage);
        assertEquals(0, status().getJsonObject("counters").getInteger("waitingPublishes"));
    }

    /** Another connection is not blocked until it says so. */
    @Test
    void theConnectionThatPublishesIsLost() {
        List<Future<Void>> waiting = publishes(2);
        broker.publishing().abort();
        waiting.forEach(Outcome::value);
        await().until(() -> state().equals("ready"));
        awaitStates("connecting", "ready", "blocked", "recovering", "ready");
    }

    @Test
    void theOtherConnectionIsLost() {
        List<Future<Void>> waiting = publishes(2);
        broker.consuming().abort();
        awaitStates("connecting", "ready", "blocked", "recovering", "blocked");
        assertEquals("low on memory", status().getString("blocked"));
        broker.publishing().send(0, new ConnectionMethod.Unblocked());
        waiting.forEach(Outcome::value);
        assertEquals("ready", state());
    }

    /** Blocked or not, it is not ready. */
    @Test
    void theOtherConnectionIsLostForAWhile() throws Exception {
        keepsBack = true;
        broker.consuming().abort();
        Runnable login = kept.get(20, TimeUnit.SECONDS);
        broker.publishing().send(0, new ConnectionMethod.Unblocked());
        await().until(() -> !status().containsKey("blocked"));
        assertEquals("recovering", state());
        broker.publishing().send(0, new ConnectionMethod.Blocked("again"));
        await().until(() -> status().containsKey("blocked"));
        assertEquals("recovering", state());
        login.run();
        await().until(() -> state().equals("blocked"));
        assertEquals("again", status().getString("reason"));
        awaitStates("connecting", "ready", "blocked", "recovering", "blocked");
    }

    private List<Future<Void>> publishes(int count) {
        List<Future<Void>> all = Stream.generate(() -> bus.service.publish(message("q", "waits")))
                .limit(count)
                .toList();
        await().until(() -> status().getJsonObject("counters").getInteger("waitingPublishes") == count);
        return all;
    }

    private JsonObject status() {
        return Outcome.value(bus.service.status());
    }

    private String state() {
        return status().getString("state");
    }

    /** The events come on their own way, and not before the answer to a question about the state. */
    private void awaitStates(String... expected) {
        await().until(this::states, List.of(expected)::equals);
    }

    /** Without repetitions. */
    private List<String> states() {
        List<String> all =
                bus.events.stream().map(event -> event.getString("state")).toList();
        return IntStream.range(0, all.size())
                .filter(i -> i == 0 || !all.get(i).equals(all.get(i - 1)))
                .mapToObj(all::get)
                .toList();
    }
}
