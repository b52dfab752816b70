package dev.polywire.amqp.service;

import static dev.polywire.amqp.service.AmqpBus.failure;
import static dev.polywire.amqp.service.AmqpBus.name;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.amqp.wire.ConnectionMethod;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.amqp.wire.ReplyCode;
import dev.polywire.testing.Canary;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** F07: a broker that does not let us in is told once, not for each call; and each call is told at once. */
@Timeout(60)
class AmqpLoginTest {

    /** To what the broker answers with a close, and how. */
    private record Refusal(int to, ReplyCode code, String text) {}

    private static final Refusal LOGIN = new Refusal(
            ConnectionMethod.StartOk.ID, ReplyCode.ACCESS_REFUSED, "ACCESS_REFUSED - Login was refused using PLAIN");
    private static final Refusal HOST =
            new Refusal(ConnectionMethod.Open.ID, ReplyCode.NOT_ALLOWED, "NOT_ALLOWED - vhost other not found");

    private final AtomicReference<Refusal> refusal = new AtomicReference<>();
    private final Scripted broker = new Scripted((client, asked) -> {
        Refusal now = refusal.get();
        if (now != null && asked.method().id() == now.to) {
            client.closeConnection(now.code, now.text);
            return true;
        }
        // Nothing is confirmed.
        return asked.method() instanceof ContentMethod.Publish;
    });
    private final AmqpBus bus = new AmqpBus(broker);

    @AfterEach
    void close() {
        bus.close();
        broker.close();
    }

    private void deploy() {
        bus.deploy(new JsonObject().put("password", Canary.of("amqp")).put("republish", true));
    }

    private void awaitReason(String words) {
        await().until(() -> status().getString("reason", "").contains(words));
    }

    private JsonObject status() {
        return Outcome.value(bus.service.status());
    }

    private List<Future<?>> calls() {
        return List.of(
                bus.service.ping(),
                bus.service.publish(AmqpBus.message("q", "text")),
                bus.service.basicPublish(AmqpBus.message("q", "text")),
                bus.service.queueDeclare("q", null),
                bus.service.basicGet("q", null),
                bus.service.consume("q", null),
                bus.service.request(AmqpBus.message("q", "text")),
                bus.service.begin());
    }

    private void assertRefused(Future<?> call, String name, Refusal by, String what) {
        ServiceException refused = failure(call);
        assertEquals(name, name(refused));
        assertTrue(
                refused.getMessage().contains("127.0.0.1:" + broker.port() + " refuses " + what), refused::getMessage);
        JsonObject info = refused.getDebugInfo();
        assertEquals(false, info.getBoolean("retryable"));
        assertEquals(false, info.getBoolean("mayHaveExecuted"));
        assertEquals(by.code.code(), info.getJsonObject("server").getInteger("replyCode"));
        assertEquals(by.text, info.getJsonObject("server").getString("replyText"));
        assertFalse((refused.getMessage() + info).contains(Canary.SONG));
    }

    @Test
    void aWrongPassword() {
        refusal.set(LOGIN);
        deploy();
        awaitReason("refuses the login");
        for (int i = 0; i < 10; i++) {
            calls().forEach(call -> assertRefused(call, "UNAUTHENTICATED", LOGIN, "the login"));
        }
        assertEquals("connecting", status().getString("state"));
        assertTrue(broker.asked(ConnectionMethod.StartOk.class).size() <= 2, "one login for each connection");
        assertTrue(
                bus.events.stream().filter(event -> event.containsKey("reason")).count() <= 2, bus.events::toString);
        assertFalse(status().encode().contains(Canary.SONG));
    }

    @Test
    void aVirtualHostThatIsNotOurs() {
        refusal.set(HOST);
        deploy();
        awaitReason("refuses the virtual host");
        calls().forEach(call -> assertRefused(call, "FORBIDDEN", HOST, "the virtual host"));
        assertTrue(broker.asked(ConnectionMethod.Open.class).size() <= 2, "one for each connection");
    }

    /** What waits when the refusal comes has its outcome then, and what was sent before may be in the queue. */
    @Test
    void aPasswordThatIsNotValidAnyMore() {
        deploy();
        Outcome.value(bus.service.ping());
        Future<Void> sent = bus.service.publish(AmqpBus.message("q", "text"));
        await().until(() -> broker.asked(ContentMethod.Publish.class).size() == 1);
        refusal.set(LOGIN);
        broker.publishing().abort();
        ServiceException unknown = failure(sent);
        assertEquals("UNKNOWN_OUTCOME", name(unknown));
        assertTrue(unknown.getMessage().contains("refuses the login"), unknown::getMessage);
        assertRefused(bus.service.publish(AmqpBus.message("q", "text")), "UNAUTHENTICATED", LOGIN, "the login");
        // The other connection stands.
        Outcome.value(bus.service.queueDeclare("q", null));
    }
}
