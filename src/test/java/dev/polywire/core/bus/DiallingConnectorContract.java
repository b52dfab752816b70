package dev.polywire.core.bus;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.Wing.Call;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

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
        assertTrue(status().getString("reason").contains("cannot connect to 127.0.0.1:"));
        asking().gate().open();
        succeeds();
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

    /** Without repetitions: an attempt that failed is an event of the state that goes on. */
    private static List<String> changes(List<String> states) {
        return java.util.stream.IntStream.range(0, states.size())
                .filter(i -> i == 0 || !states.get(i).equals(states.get(i - 1)))
                .mapToObj(states::get)
                .toList();
    }
}
