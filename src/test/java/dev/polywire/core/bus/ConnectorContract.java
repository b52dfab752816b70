package dev.polywire.core.bus;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.Wing.Call;
import dev.polywire.core.bus.request.RequestTable;
import dev.polywire.core.bus.request.ServiceProxies;
import dev.polywire.testing.LoopbackCluster;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every connector promises to whoever sends it messages, whatever its protocol. Written once, run for each. */
public abstract class ConnectorContract {

    protected static final String DONE = "done";

    protected final Vertx vertx = Vertx.vertx();
    protected Wing wing;
    private final List<String> states = new CopyOnWriteArrayList<>();

    protected abstract Wing wing();

    @BeforeEach
    void begin() {
        wing = wing();
        Outcome.value(vertx.eventBus()
                .<JsonObject>consumer(wing.address() + ".events", event -> states.add(state(event.body())))
                .completion());
    }

    @AfterEach
    void end() {
        Outcome.value(vertx.close());
        wing.close();
    }

    @Test
    void itConnectsServesAndLeaves() {
        String id = wing.deploy(vertx, new JsonObject());
        succeeds();
        Outcome.value(ask(Call.of("ping")));
        isReady();
        Outcome.value(vertx.undeploy(id));
        assertEquals("NO_HANDLERS", outcome(ask(Call.of("status"))));
        await().until(() -> states.contains("closed"));
        assertTrue(states.indexOf("ready") < states.indexOf("closed"), states::toString);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nothingOfOurs | {}             | action: unknown",
                "''            | {}             | action: missing",
                "status        | {\"more\": 1}  | more: unknown field",
                "open          | {\"more\": 1}  | ",
            })
    void aBadRequestIsAnsweredWithWhatIsWrong(String action, String body, String complaint) {
        wing.deploy(vertx, new JsonObject());
        ServiceException bad = (ServiceException) Outcome.failure(ask(vertx, action, new JsonObject(body)));
        assertEquals(4400, bad.failureCode());
        assertEquals(
                new JsonObject("{\"name\":\"BAD_REQUEST\",\"retryable\":false,\"mayHaveExecuted\":false}"),
                bad.getDebugInfo());
        assertTrue(bad.getMessage().startsWith(complaint == null ? "" : complaint), bad.getMessage());
    }

    @Test
    void statusAndEventsHaveOneShape() {
        BlockingQueue<JsonObject> events = new LinkedBlockingQueue<>();
        vertx.eventBus().<JsonObject>consumer(wing.address() + ".events", event -> events.add(event.body()));
        wing.deploy(vertx, new JsonObject().put("name", "mine").put("address", wing.address()));
        succeeds();
        await().until(() -> !events.isEmpty());
        assertTrue(status().getJsonObject("memory").getLong("heldBytes") >= 0);
        for (JsonObject each : List.of(status(), events.remove())) {
            assertEquals("mine", each.getString("name"));
            assertEquals(wing.address(), each.getString("address"));
            Set<String> missing = new HashSet<>(Set.of(
                    "name",
                    "protocol",
                    "address",
                    "instance",
                    "target",
                    "state",
                    "since",
                    "inFlight",
                    "streams",
                    "counters"));
            missing.removeAll(each.fieldNames());
            assertEquals(Set.of(), missing);
            assertTrue(each.getJsonObject("counters")
                    .fieldNames()
                    .containsAll(Set.of("requests", "refusedRequests", "lateAnswers", "lapsedStreams")));
        }
    }

    /** Another node of a cluster, that has nothing of ours but the codec of failures. */
    @Test
    void aNodeThatOnlyInstalledUsIsServedAsWell() {
        try (LoopbackCluster cluster = new LoopbackCluster(2)) {
            Vertx serving = cluster.node(0);
            Vertx third = Polywire.install(cluster.node(1));
            wing.deploy(serving, new JsonObject());
            await().until(() -> outcome(
                            ask(third, wing.harmless().action(), wing.harmless().body()))
                    .equals(DONE));
            ServiceException bad = (ServiceException) Outcome.failure(ask(third, "nothingOfOurs", new JsonObject()));
            assertEquals("BAD_REQUEST", bad.getDebugInfo().getString("name"));
            assertServed(third);
        }
    }

    /** What it promises beside, to another node. */
    protected void assertServed(Vertx caller) {}

    // ---- what subclasses say it with

    protected final List<String> states() {
        return states;
    }

    /** The harmless request succeeds, sooner or later: a peer may be on its way. */
    protected final void succeeds() {
        await().until(() -> outcome(ask(wing.harmless())).equals(DONE));
    }

    /** Now or soon: of several connections one may have answered while another was still on its way. */
    protected final void isReady() {
        await().until(() -> state(status()).equals("ready"));
    }

    protected final Future<Object> ask(Call call) {
        return ask(vertx, call.action(), call.body());
    }

    protected final Future<Object> ask(Call call, long deadlineMillis) {
        return ask(vertx, wing.address(), call.action(), call.body(), deadlineMillis);
    }

    protected final Future<Object> ask(Vertx caller, String action, JsonObject body) {
        return ask(caller, wing.address(), action, body);
    }

    protected static Future<Object> ask(Vertx caller, String address, String action, JsonObject body) {
        return ask(caller, address, action, body, RequestTable.DEFAULT_DEADLINE_MILLIS);
    }

    private static Future<Object> ask(
            Vertx caller, String address, String action, JsonObject body, long deadlineMillis) {
        DeliveryOptions options = ServiceProxies.options(deadlineMillis);
        if (!action.isEmpty()) {
            options.addHeader("action", action);
        }
        return Polywire.install(caller)
                .eventBus()
                .request(address, body, options)
                .map(reply -> reply.body());
    }

    protected final JsonObject status() {
        return (JsonObject) Outcome.value(ask(Call.of("status")));
    }

    protected static String state(JsonObject status) {
        return status.getString("state");
    }

    /** {@code done}, or the name of the failure: ours, or the bus's. */
    protected static String outcome(Future<Object> asked) {
        return Outcome.value(asked.map(DONE).otherwise(ConnectorContract::name));
    }

    private static String name(Throwable failure) {
        if (failure instanceof ServiceException typed) {
            assertEquals(
                    List.of("mayHaveExecuted", "name", "retryable"),
                    Stream.of("mayHaveExecuted", "name", "retryable")
                            .filter(typed.getDebugInfo()::containsKey)
                            .toList());
            return typed.getDebugInfo().getString("name");
        }
        ReplyFailure bus = ((ReplyException) failure).failureType();
        return bus == ReplyFailure.TIMEOUT ? "no outcome" : bus.name();
    }
}
