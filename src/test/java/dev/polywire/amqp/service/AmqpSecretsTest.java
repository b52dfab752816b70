package dev.polywire.amqp.service;

import static dev.polywire.amqp.service.AmqpBus.failure;
import static dev.polywire.amqp.service.AmqpBus.message;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.amqp.server.ScriptedClient;
import dev.polywire.amqp.wire.AmqpServerEvent;
import dev.polywire.amqp.wire.ConnectionMethod;
import dev.polywire.amqp.wire.ReplyCode;
import dev.polywire.testing.Canary;
import dev.polywire.testing.LoggedTraces;
import dev.polywire.testing.Outcome;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The password of a URI is for the broker only: it is in no status, event, failure or log. */
@Timeout(60)
class AmqpSecretsTest {

    private static final String PASSWORD = Canary.of("amqp");

    /** What a broker does with a login. */
    private enum Login {
        TAKEN,
        REFUSED,
        DROPPED
    }

    private final Logger ours = Logger.getLogger("dev.polywire");
    private final LoggedTraces logged = new LoggedTraces();
    private final Scripted broker = new Scripted(this::asked);
    private final AmqpBus bus = new AmqpBus(broker);
    private volatile Login login = Login.TAKEN;

    @BeforeEach
    void logAll() {
        ours.setLevel(Level.ALL);
    }

    @AfterEach
    void nothingIsLogged() {
        bus.close();
        broker.close();
        ours.setLevel(null);
        logged.close();
        hasNone(logged.text());
    }

    private boolean asked(ScriptedClient client, AmqpServerEvent.Method asked) {
        if (!(asked.method() instanceof ConnectionMethod.StartOk) || login == Login.TAKEN) {
            return false;
        } else if (login == Login.REFUSED) {
            client.closeConnection(ReplyCode.ACCESS_REFUSED, "ACCESS_REFUSED - Login was refused");
        } else {
            client.abort();
        }
        return true;
    }

    private JsonObject config(String password) {
        return new JsonObject().put("uri", "amqp://user:" + password + "@127.0.0.1:" + broker.port());
    }

    @ParameterizedTest
    @EnumSource
    void whateverTheBrokerSays(Login login) {
        this.login = login;
        bus.deployAs(config(PASSWORD), 1);
        AmqpService hasty = AmqpService.proxy(bus.vertx, AmqpBus.ADDRESS, 100);
        await().until(() -> !broker.asked(ConnectionMethod.StartOk.class).isEmpty());
        if (login == Login.TAKEN) {
            Outcome.value(bus.service.publish(message("q", "text")));
            broker.publishing().abort();
            // What is published before it is known may be lost with it.
            await().until(() -> bus.events.stream().anyMatch(event -> "recovering".equals(event.getString("state"))));
            broker.consuming().closeConnection(ReplyCode.CONNECTION_FORCED, "shutdown");
            Outcome.value(bus.service.publish(message("q", "text")));
        } else {
            hasNone(failure(hasty.publish(message("q", "text"))));
            hasNone(failure(hasty.consume("q", null)));
        }
        String said =
                broker.asked(ConnectionMethod.StartOk.class).get(0).response().toString();
        assertTrue(said.endsWith(PASSWORD), "the broker hears it");
        await().until(() -> bus.events.size() > 1);
        hasNone(Outcome.value(bus.service.status()).encode());
        bus.events.forEach(event -> hasNone(event.encode()));
    }

    /** A deployment that fails says why, and no more. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "@127.0.0.1:70000",
                "@127.0.0.1:1/%zz",
                "@127.0.0.1:1?heartbeat=x",
                "@[",
                "%zz@127.0.0.1",
                "/1@127.0.0.1",
                ""
            })
    void aUriThatIsNone(String rest) {
        JsonObject config = new JsonObject().put("uri", "amqp://user:" + PASSWORD + rest);
        hasNone(assertThrows(AssertionError.class, () -> bus.deployAs(config, 1))
                .getCause());
    }

    @Test
    void theFirstLoginIsRefusedAndFailsTheDeployment() {
        login = Login.REFUSED;
        JsonObject config = config(PASSWORD).put("failFast", true);
        hasNone(assertThrows(AssertionError.class, () -> bus.deployAs(config, 1))
                .getCause());
    }

    private static void hasNone(Throwable failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        hasNone(trace.toString());
        if (failure instanceof ServiceException typed) {
            hasNone(typed.getDebugInfo().encode());
        }
    }

    private static void hasNone(String text) {
        assertFalse(text.contains(PASSWORD), "a secret");
    }
}
