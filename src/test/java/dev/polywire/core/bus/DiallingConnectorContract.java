package dev.polywire.core.bus;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.Wing.Call;
import dev.polywire.testing.Certificates;
import dev.polywire.testing.NameServer;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.Porter;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a connector promises beside, when it is the one who connects. */
public abstract class DiallingConnectorContract extends AskingConnectorContract {

    private static final long SHORT_MILLIS = 300;

    @Test
    void requestsWaitForAPeerThatIsLate() {
        asking().gate().shut();
        wing.deploy(vertx, new JsonObject());
        List<Future<Object>> waiting =
                Stream.generate(() -> ask(wing.harmless())).limit(LOAD).toList();
        assertEquals("connecting", state(status()));
        asking().gate().open();
        waiting.forEach(Outcome::value);
        isReady();
    }

    @Test
    void theirDeadlinesHoldAllTheSame() {
        asking().gate().shut();
        wing.deploy(vertx, new JsonObject());
        assertEquals("UNAVAILABLE", outcome(ask(wing.harmless(), SHORT_MILLIS)));
        assertEquals("UNAVAILABLE", outcome(ask(Call.of("ping"), SHORT_MILLIS)));
        // The deadlines do not wait for the first attempt.
        await().until(() -> status().getString("reason", "").contains("cannot connect to 127.0.0.1:"));
        asking().gate().open();
        succeeds();
    }

    /** F36: two of its three addresses are dead. */
    @Test
    void aNameWithDeadAddressesIsConnectedTo() {
        try (NameServer names = new NameServer()) {
            names.has(
                    "many.test",
                    NameServer.Type.A,
                    NameServer.address("127.0.0.2"),
                    NameServer.address("127.0.0.3"),
                    NameServer.address("127.0.0.1"));
            Vertx resolving = names.vertx();
            wing.deploy(resolving, asking().at("many.test").put("failFast", true));
            Call harmless = wing.harmless();
            Outcome.value(ask(resolving, harmless.action(), harmless.body()));
            Outcome.value(resolving.close());
        }
    }

    @Test
    void failFastFailsTheDeployment() {
        asking().gate().shut();
        AssertionError failed = org.junit.jupiter.api.Assertions.assertThrows(
                AssertionError.class, () -> wing.deploy(vertx, new JsonObject().put("failFast", true)));
        assertTrue(failed.getCause().getMessage().contains("cannot connect to 127.0.0.1:"), failed::toString);
        assertEquals("NO_HANDLERS", outcome(ask(Call.of("status"))));
    }

    @Test
    void itComesBackAgainAndAgainAndSaysSo() {
        String id = wing.deploy(vertx, new JsonObject());
        succeeds();
        // One that was told late would be taken for the next.
        for (int told = 2; told < 8; told += 2) {
            int all = told;
            await().until(() -> changes(states()).size() == all);
            asking().gate().reset();
            await().until(() -> changes(states()).size() == all + 2);
            succeeds();
        }
        Outcome.value(vertx.undeploy(id));
        await().until(() -> states().contains("closed"));
        List<String> changes = changes(states());
        assertEquals(
                List.of(
                        "connecting",
                        "ready",
                        "recovering",
                        "ready",
                        "recovering",
                        "ready",
                        "recovering",
                        "ready",
                        "closed"),
                changes);
    }

    /** F06: no login goes to a peer that is not trusted, and its calls do not wait. */
    @Test
    void aPeerThatIsNotTrustedFailsCallsAtOnce(@TempDir Path directory) {
        Certificates known = Certificates.make(directory, "known", "ip:127.0.0.1");
        try (Porter stranger = Porter.tls(Certificates.make(directory, "stranger", "ip:127.0.0.1"))) {
            asking().gate().leadTo(stranger.port());
            JsonObject trust = new JsonObject().put("trust", known.certificate());
            wing.deploy(vertx, new JsonObject().put("tls", trust));
            assertRefused("TLS with 127.0.0.1:", "its certificate (CN=stranger) is self-signed, and not trusted");
            assertTrue(stranger.accepted() <= 2, "one attempt for each connection, then none for each call");
        }
    }

    /** The peer says so in an alert, which no protocol understands. */
    @Test
    void aPortForTlsIsNamed() {
        try (Porter tls = Porter.leaving(Porter.alert(10))) {
            asking().gate().leadTo(tls.port());
            wing.deploy(vertx, new JsonObject());
            // Where the peer is spoken to by the first request only.
            ask(wing.harmless());
            assertRefused("speaks TLS (expected: plain TCP; is tls missing here?)");
        }
    }

    private void assertRefused(String... words) {
        await().until(() -> status().getString("reason", "").contains(words[0]));
        for (int i = 0; i < 20; i++) {
            ServiceException refused = assertInstanceOf(ServiceException.class, Outcome.failure(ask(wing.harmless())));
            assertEquals(4401, refused.failureCode(), refused::getMessage);
            for (String each : words) {
                assertTrue(refused.getMessage().contains(each), refused::getMessage);
                assertTrue(status().getString("reason").contains(each), () -> status().encode());
            }
            assertEquals("connecting", state(status()).replace("recovering", "connecting"));
        }
    }

    /** Without repetitions: an attempt that failed is an event of the state that goes on. */
    private static List<String> changes(List<String> states) {
        return java.util.stream.IntStream.range(0, states.size())
                .filter(i -> i == 0 || !states.get(i).equals(states.get(i - 1)))
                .mapToObj(states::get)
                .toList();
    }
}
