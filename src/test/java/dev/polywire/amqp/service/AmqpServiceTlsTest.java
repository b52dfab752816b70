package dev.polywire.amqp.service;

import static dev.polywire.amqp.service.AmqpBus.failure;
import static dev.polywire.amqp.service.AmqpBus.name;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.amqp.wire.ConnectionMethod;
import dev.polywire.core.net.TlsOptions;
import dev.polywire.testing.Certificates;
import dev.polywire.testing.Outcome;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS as a configuration says it: {@code amqps}, {@code tls}, and who we are by our certificate. */
@Timeout(60)
class AmqpServiceTlsTest {

    @TempDir
    private Path directory;

    private Scripted broker;
    private AmqpBus bus;

    @AfterEach
    void close() {
        bus.close();
        broker.close();
    }

    /** @param trust whose certificate the broker asks for; null: nobody's */
    private void open(Certificates own, String trust) {
        broker = new Scripted(new TlsOptions(trust, own.certificate(), own.key(), true), (client, asked) -> false);
        bus = new AmqpBus(broker);
    }

    private JsonObject settings(JsonObject tls) {
        return new JsonObject().put("uri", "amqps://127.0.0.1:" + broker.port()).put("tls", tls);
    }

    private static JsonObject trust(Certificates broker) {
        return new JsonObject().put("trust", broker.certificate());
    }

    @Test
    void theBrokerIsWhoWeTrust() {
        Certificates own = Certificates.make(directory, "broker", "ip:127.0.0.1");
        open(own, null);
        bus.deploy(settings(trust(own)));
        bus.publish("q", "secret");
        String target = Outcome.value(bus.service.status()).getString("target");
        assertEquals("amqps://127.0.0.1:" + broker.port(), target);
        assertEquals(
                "PLAIN", broker.asked(ConnectionMethod.StartOk.class).get(0).mechanism());
    }

    /** A field {@code tls} is enough. */
    @Test
    void withoutTheWordInTheUri() {
        Certificates own = Certificates.make(directory, "broker", "ip:127.0.0.1");
        open(own, null);
        bus.deploy(new JsonObject().put("tls", trust(own)));
        bus.publish("q", "secret");
    }

    @Test
    void weAreWhoOurCertificateSays() {
        Certificates own = Certificates.make(directory, "broker", "ip:127.0.0.1");
        Certificates ours = Certificates.make(directory, "client", "dns:client");
        open(own, ours.certificate());
        bus.deploy(settings(trust(own).put("certificate", ours.certificate()).put("key", ours.key()))
                .put("mechanism", "external"));
        bus.publish("q", "secret");
        assertEquals(
                "EXTERNAL", broker.asked(ConnectionMethod.StartOk.class).get(0).mechanism());
    }

    /** No login goes to one that is not who we dialled, nor to one whom nobody we trust knows. */
    @Test
    void aStranger() {
        Certificates own = Certificates.make(directory, "broker", "dns:elsewhere");
        Certificates other = Certificates.make(directory, "other", "ip:127.0.0.1");
        open(own, null);
        AmqpService hasty = AmqpService.proxy(bus.vertx, AmqpBus.ADDRESS, 50);
        for (Certificates known : new Certificates[] {own, other}) {
            bus.deploy(settings(trust(known)));
            String reason =
                    await().until(() -> Outcome.value(bus.service.status()).getString("reason"), told -> told != null);
            assertTrue(reason.startsWith("TLS with 127.0.0.1:"), reason);
            assertEquals("UNAUTHENTICATED", name(failure(hasty.ping())));
            Outcome.value(bus.vertx.undeploy(bus.deployment));
        }
        assertEquals(0, broker.asked.size());
        bus.deploy(settings(trust(own).put("verifyHost", false)));
        Outcome.value(bus.service.ping());
    }
}
