package dev.polywire.core.bus;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.Wing.Call;
import dev.polywire.testing.LoopbackCluster;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
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

    protected static final int LOAD = 64;
    private static final long SHORT_MILLIS = 500;
    private static final String DONE = "done";

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
        wing.gate().speak();
        Outcome.value(vertx.close());
        wing.close();
    }

    @Test
    void itConnectsServesAndLeaves() {
        String id = wing.deploy(vertx, new JsonObject());
        succeeds();
        Outcome.value(ask(Call.of("ping")));
        assertEquals("ready", state(status()));
        Outcome.value(vertx.undeploy(id));
        assertEquals("NO_HANDLERS", outcome(ask(Call.of("status"))));
        await().until(() -> states.contains("closed"));
        assertTrue(states.indexOf("ready") < states.indexOf("closed"), states::toString);
    }

    @Test
    void aResetIsHeardAtOnceByAllInFlight() {
        wing.deploy(vertx, new JsonObject());
        succeeds();
        List<Future<Object>> load = load(RequestTable.DEFAULT_DEADLINE_MILLIS);
        wing.gate().reset();
        wing.gate().speak();
        assertOutcomes(load, wing.lost());
        succeeds();
        assertEquals("ready", state(status()));
    }

    @Test
    void aSilentPeerCostsNobodyMoreThanHisDeadline() {
        wing.deploy(vertx, new JsonObject());
        succeeds();
        assertOutcomes(load(SHORT_MILLIS), wing.late());
        wing.gate().speak();
        succeeds();
    }

    @Test
    void leavingUnderLoadGivesEachRequestOneOutcome() {
        String id = wing.deploy(vertx, new JsonObject().put("drainMillis", 50));
        succeeds();
        List<Future<Object>> load = load(RequestTable.DEFAULT_DEADLINE_MILLIS);
        Outcome.value(vertx.undeploy(id));
        Set<String> leaving = new TreeSet<>(wing.lost());
        leaving.add("SHUTTING_DOWN");
        assertOutcomes(load, leaving);
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
    void aStreamIsOpenedReadAndClosed() {
        wing.deploy(vertx, new JsonObject());
        assertStream(vertx);
    }

    /** The same question has the same answer; what is closed is gone, and closing it again is no failure. */
    private void assertStream(Vertx caller) {
        wing.produce(3);
        JsonObject handle = (JsonObject)
                Outcome.value(ask(caller, wing.open().action(), wing.open().body()));
        assertTrue(handle.fieldNames().containsAll(Set.of("address", "id", "leaseMillis")), handle::toString);
        assertTrue(handle.getString("address").startsWith(wing.address() + ".streams."));
        JsonArray items = new JsonArray();
        for (int batch = 1; items.size() < 3; batch++) {
            JsonObject first = next(caller, handle, batch);
            assertEquals(Set.of("batch", "items", "done"), first.fieldNames());
            assertEquals(first, next(caller, handle, batch));
            items.addAll(first.getJsonArray("items"));
        }
        JsonObject close = new JsonObject().put("id", handle.getString("id"));
        Outcome.value(ask(caller, handle.getString("address"), "close", close));
        Outcome.value(ask(caller, handle.getString("address"), "close", close));
        assertEquals("NOT_FOUND", outcome(asking(caller, handle, 1)));
    }

    @Test
    void aStreamThatNobodyReadsLapses() {
        wing.deploy(vertx, new JsonObject().put("leaseMillis", 100));
        wing.produce(1);
        JsonObject handle = (JsonObject) Outcome.value(ask(wing.open()));
        await().until(() -> status().getJsonObject("counters").getInteger("lapsedStreams") == 1);
        assertEquals(0, status().getInteger("streams"));
        assertEquals("NOT_FOUND", outcome(asking(vertx, handle, 1)));
    }

    @Test
    void leavingEndsStreams() {
        String id = wing.deploy(vertx, new JsonObject());
        JsonObject handle = (JsonObject) Outcome.value(ask(wing.open()));
        JsonObject renew = new JsonObject()
                .put("id", handle.getString("id"))
                .put("batch", 1)
                .put("max", 0);
        Outcome.value(ask(vertx, handle.getString("address"), "next", renew));
        Outcome.value(vertx.undeploy(id));
        assertEquals("NO_HANDLERS", outcome(ask(vertx, handle.getString("address"), "next", renew)));
    }

    @Test
    void statusAndEventsHaveOneShape() {
        BlockingQueue<JsonObject> events = new LinkedBlockingQueue<>();
        vertx.eventBus().<JsonObject>consumer(wing.address() + ".events", event -> events.add(event.body()));
        wing.deploy(vertx, new JsonObject().put("name", "mine").put("address", wing.address()));
        succeeds();
        await().until(() -> !events.isEmpty());
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
            assertStream(third);
        }
    }

    // ---- what subclasses say it with

    protected final List<String> states() {
        return states;
    }

    /** The harmless request succeeds, sooner or later: a peer may be on its way. */
    protected final void succeeds() {
        await().until(() -> outcome(ask(wing.harmless())).equals(DONE));
    }

    /** Requests of which some are in flight, and remain so, in a silence that has begun. */
    private List<Future<Object>> load(long deadlineMillis) {
        List<Call> calls = wing.load(LOAD);
        wing.gate().silence();
        List<Future<Object>> load = calls.stream()
                .map(call -> ask(vertx, wing.address(), call.action(), call.body(), deadlineMillis))
                .toList();
        // Messages of one address are taken in order: with this answer all of them were.
        status();
        return load;
    }

    /** Each has one; some are failures, and all of these are among {@code failures}. */
    private static void assertOutcomes(List<Future<Object>> load, Set<String> failures) {
        List<String> outcomes =
                new ArrayList<>(load.stream().map(ConnectorContract::outcome).toList());
        outcomes.removeIf(DONE::equals);
        assertFalse(outcomes.isEmpty(), "all were done");
        assertTrue(failures.containsAll(outcomes), outcomes::toString);
    }

    protected final Future<Object> ask(Call call) {
        return ask(vertx, call.action(), call.body());
    }

    protected final Future<Object> ask(Call call, long deadlineMillis) {
        return ask(vertx, wing.address(), call.action(), call.body(), deadlineMillis);
    }

    private Future<Object> ask(Vertx caller, String action, JsonObject body) {
        return ask(caller, wing.address(), action, body);
    }

    private static Future<Object> ask(Vertx caller, String address, String action, JsonObject body) {
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

    private static JsonObject next(Vertx caller, JsonObject handle, int batch) {
        return (JsonObject) Outcome.value(asking(caller, handle, batch));
    }

    private static Future<Object> asking(Vertx caller, JsonObject handle, int batch) {
        JsonObject body = new JsonObject()
                .put("id", handle.getString("id"))
                .put("batch", batch)
                .put("max", 2)
                .put("waitMillis", 10_000);
        return ask(caller, handle.getString("address"), "next", body);
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
