package dev.polywire.bolt.service;

import static dev.polywire.bolt.service.BoltBus.failure;
import static dev.polywire.bolt.service.BoltBus.name;
import static dev.polywire.bolt.service.BoltBus.rows;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.bolt.wire.BoltLimits;
import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.BoltVersion;
import dev.polywire.bolt.wire.PackStreamReader;
import dev.polywire.bolt.wire.ValueDialect;
import dev.polywire.core.bus.stream.StreamReader;
import dev.polywire.testing.Outcome;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Results as streams. */
class BoltStreamTest {

    private final BoltBus bus = new BoltBus();
    private final List<Long> pulled = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        bus.close();
    }

    private JsonObject open(String query, JsonObject options) {
        return Outcome.value(bus.service.open(query, null, options));
    }

    @Test
    void whatTheReaderAsksForIsWhatTheServerIsAskedFor() {
        bus.server.script((peer, request) -> {
            if (request.request() instanceof BoltRequest.Pull pull) {
                pulled.add(pull.n());
            }
            return false;
        });
        bus.deploy(new JsonObject().put("fetchRecords", 2));
        JsonObject handle = open("rows 4", null);
        assertEquals(new JsonArray().add("value"), handle.getJsonArray("fields"));
        assertEquals(List.of(), pulled);
        assertEquals(rows(4), bus.next(handle, 1, 1).getValue("items"));
        assertEquals(rows(3, 2), bus.next(handle, 2, 3).getValue("items"));
        JsonObject last = bus.next(handle, 3, 10);
        assertEquals(rows(1), last.getValue("items"));
        assertEquals(true, last.getBoolean("done"));
        assertEquals(List.of(1L, 2L, 2L), pulled);
    }

    @Test
    void theSummaryIsTheLastItem() {
        bus.deploy();
        JsonObject handle = open("rows 2", new JsonObject().put("summary", true));
        List<Object> items = new ArrayList<>();
        Promise<Void> end = Promise.promise();
        new StreamReader(bus.vertx, handle)
                .exceptionHandler(end::fail)
                .endHandler(end::complete)
                .handler(items::add);
        Outcome.value(end.future());
        assertEquals(
                List.of(
                        new JsonArray().add(2),
                        new JsonArray().add(1),
                        new JsonObject().put("summary", new JsonObject().put("type", "r"))),
                items);
    }

    @Test
    void anEmptyResultHasASummaryAllTheSame() {
        bus.deploy();
        JsonObject handle = open("rows 0", new JsonObject().put("summary", true));
        JsonObject batch = bus.next(handle, 1, 10);
        assertEquals(
                "[{\"summary\":{\"type\":\"r\"}}]", batch.getJsonArray("items").encode());
        assertEquals(true, batch.getBoolean("done"));
    }

    @Test
    void rawFormIsPackStreamOneBehindTheOther() {
        bus.deploy();
        JsonObject handle = open("rows 2", new JsonObject().put("form", "raw").put("summary", true));
        Buffer batch = (Buffer) Outcome.value(bus.next(handle, 1, 10, 20_000));
        PackStreamReader in = new PackStreamReader(batch, ValueDialect.of(BoltVersion.V5_8), BoltLimits.DEFAULT);
        assertEquals(List.of(2L), in.value());
        assertEquals(List.of(1L), in.value());
        assertEquals(Map.of("type", "r", "fields", List.of("value")), in.value());
        in.finish();
    }

    @Test
    void largeRecordsEndABatchAndNoneIsLost() {
        bus.server.script((peer, request) -> {
            boolean pull = request.request() instanceof BoltRequest.Pull;
            if (pull) {
                for (int i = 0; i < 10; i++) {
                    peer.machine.record(request.number(), List.of(i + "x".repeat(400_000)));
                }
                peer.success(request, Map.of("type", "r"));
            }
            return pull;
        });
        bus.deploy();
        JsonObject handle = open("large", null);
        StringBuilder order = new StringBuilder();
        boolean done = false;
        int batches = 0;
        while (!done) {
            JsonObject batch = bus.next(handle, ++batches, 100);
            batch.getJsonArray("items")
                    .forEach(
                            item -> order.append(((JsonArray) item).getString(0).charAt(0)));
            done = batch.getBoolean("done");
        }
        assertEquals("0123456789", order.toString());
        assertTrue(batches >= 3, "batches: " + batches);
    }

    @Test
    void oneThatIsClosedEarlyGivesItsConnectionBack() {
        bus.deploy(new JsonObject().put("maxConnections", 1));
        JsonObject handle = open("rows 100", null);
        bus.next(handle, 1, 1);
        bus.close(handle);
        Outcome.value(bus.service.run("next", null, null));
        assertTrue(bus.asked().contains("DISCARD"));
        assertFalse(bus.asked().contains("RESET"));
    }

    @Test
    void oneThatNobodyReadsIsDiscarded() {
        bus.deploy(new JsonObject().put("maxConnections", 1).put("leaseMillis", 100));
        open("rows 100", null);
        Outcome.value(bus.service.run("next", null, null));
        assertEquals(1, bus.counter("lapsedStreams"));
    }

    @Test
    void aQueryThatCannotBeRunOpensNothing() {
        bus.deploy();
        var refused = failure(bus.service.open("fail Neo.ClientError.Statement.SyntaxError", null, null));
        assertEquals("REFUSED_BY_SERVER", name(refused));
        assertEquals(0, Outcome.value(bus.service.status()).getInteger("streams"));
    }

    @Test
    void whatFailsOnItsWayFailsTyped() {
        bus.server.script((peer, request) -> {
            boolean second = request.request() instanceof BoltRequest.Pull pull && pull.n() == 5;
            if (second) {
                peer.failure(request, "Neo.ClientError.Statement.ArithmeticError");
            }
            return second;
        });
        bus.deploy();
        JsonObject handle = open("rows 10", null);
        bus.next(handle, 1, 1);
        var broken = failure(bus.next(handle, 2, 5, 20_000));
        assertEquals("REFUSED_BY_SERVER", name(broken));
        assertEquals(
                "Neo.ClientError.Statement.ArithmeticError",
                broken.getDebugInfo().getJsonObject("server").getString("code"));
        await().until(() -> bus.asked().contains("RESET"));
    }

    @Test
    void aLostConnectionEndsIt() {
        bus.deploy();
        JsonObject handle = open("rows 10", new JsonObject().put("mode", "read"));
        bus.next(handle, 1, 1);
        bus.server.peers.forEach(peer -> bus.serving(peer::abort));
        assertEquals("CONNECTION_LOST", name(failure(bus.next(handle, 2, 1, 20_000))));
    }
}
