package dev.polywire.core.bus;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.Wing.Call;
import dev.polywire.core.bus.request.RequestTable;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a connector promises beside, when its service asks a peer: requests in flight, and streams. */
public abstract class AskingConnectorContract extends ConnectorContract {

    protected static final int LOAD = 64;
    private static final long SHORT_MILLIS = 500;

    @Override
    protected abstract AskingWing wing();

    protected final AskingWing asking() {
        return (AskingWing) wing;
    }

    @AfterEach
    void endSilence() {
        asking().gate().speak();
    }

    @Override
    protected void assertServed(Vertx caller) {
        assertStream(caller);
    }

    @Test
    void aResetIsHeardAtOnceByAllInFlight() {
        wing.deploy(vertx, new JsonObject());
        succeeds();
        List<Future<Object>> load = load(RequestTable.DEFAULT_DEADLINE_MILLIS);
        asking().gate().reset();
        asking().gate().speak();
        assertOutcomes(load, asking().lost());
        succeeds();
        isReady();
    }

    @Test
    void aSilentPeerCostsNobodyMoreThanHisDeadline() {
        wing.deploy(vertx, new JsonObject());
        succeeds();
        assertOutcomes(load(SHORT_MILLIS), asking().late());
        asking().gate().speak();
        succeeds();
    }

    @Test
    void leavingUnderLoadGivesEachRequestOneOutcome() {
        String id = wing.deploy(vertx, new JsonObject().put("drainMillis", 50));
        succeeds();
        List<Future<Object>> load = load(RequestTable.DEFAULT_DEADLINE_MILLIS);
        Outcome.value(vertx.undeploy(id));
        Set<String> leaving = new TreeSet<>(asking().lost());
        leaving.add("SHUTTING_DOWN");
        assertOutcomes(load, leaving);
    }

    @Test
    void aStreamIsOpenedReadAndClosed() {
        wing.deploy(vertx, new JsonObject());
        assertStream(vertx);
    }

    /** The same question has the same answer; what is closed is gone, and closing it again is no failure. */
    private void assertStream(Vertx caller) {
        asking().produce(3);
        JsonObject handle = (JsonObject) Outcome.value(
                ask(caller, asking().open().action(), asking().open().body()));
        assertTrue(handle.fieldNames().containsAll(Set.of("address", "id", "leaseMillis")), handle::toString);
        assertTrue(handle.getString("address").startsWith(wing.address() + ".streams."));
        JsonArray items = new JsonArray();
        for (int batch = 1; items.size() < 3; batch++) {
            JsonObject first = next(caller, handle, batch);
            assertEquals(Set.of("batch", "items", "done", "resume"), first.fieldNames());
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
        asking().produce(1);
        JsonObject handle = (JsonObject) Outcome.value(ask(asking().open()));
        await().until(() -> status().getJsonObject("counters").getInteger("lapsedStreams") == 1);
        assertEquals(0, status().getInteger("streams"));
        assertEquals("NOT_FOUND", outcome(asking(vertx, handle, 1)));
    }

    @Test
    void leavingEndsStreams() {
        String id = wing.deploy(vertx, new JsonObject());
        JsonObject handle = (JsonObject) Outcome.value(ask(asking().open()));
        JsonObject renew = new JsonObject()
                .put("id", handle.getString("id"))
                .put("batch", 1)
                .put("max", 0);
        Outcome.value(ask(vertx, handle.getString("address"), "next", renew));
        Outcome.value(vertx.undeploy(id));
        assertEquals("NO_HANDLERS", outcome(ask(vertx, handle.getString("address"), "next", renew)));
    }

    /** Requests of which some are in flight, and remain so, in a silence that has begun. */
    private List<Future<Object>> load(long deadlineMillis) {
        List<Call> calls = asking().load(LOAD);
        asking().gate().silence();
        List<Future<Object>> load =
                calls.stream().map(call -> ask(call, deadlineMillis)).toList();
        // Messages of one address are taken in order: with this answer all of them were, if not sent.
        status();
        await().until(asking().gate()::keepsBack);
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
}
