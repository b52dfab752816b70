package dev.polywire.bolt.service;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.bolt.client.ScriptedBolt;
import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.BoltServerEvent;
import dev.polywire.core.net.MemoryBudget;
import dev.polywire.testing.Heap;
import dev.polywire.testing.InSmallJvm;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a connector holds above its connections: queries that wait for one, records that are gathered or kept. */
class BoltMemoryTest {

    private static final int MEBIBYTE = 1024 * 1024;
    private static final int ROWS = 2_000;
    /** Each row is eight values: the record, the map, its four fields, and two items. */
    private static final long VALUE_BYTES = ROWS * 8L * 128;

    private final BoltBus bus = new BoltBus();
    private final MemoryBudget budget = MemoryBudget.of(bus.vertx);
    /** The server's ends of results, which the test sends. */
    private final Queue<Runnable> ends = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        bus.close();
    }

    private void unfinished() {
        bus.server.script((peer, request) -> request.request() instanceof BoltRequest.Pull && rows(peer, request));
    }

    private boolean rows(ScriptedBolt.Peer peer, BoltServerEvent.Request pull) {
        for (int i = 0; i < ROWS; i++) {
            peer.machine.record(
                    pull.number(),
                    List.of(Map.of(
                            "id",
                            (long) i,
                            "name",
                            "somebody " + i,
                            "price",
                            0.5 + i,
                            "tags",
                            List.of("a", "bc" + i))));
        }
        ends.add(() -> peer.success(pull, Map.of("type", "r")));
        return true;
    }

    private Future<JsonObject> run(int number) {
        return bus.service.run("RETURN " + number, new JsonObject(), null);
    }

    private Future<JsonObject> parameter(int bytes, int number) {
        return bus.service.run(
                "RETURN $x", new JsonObject().put("x", "x".repeat(bytes - 10) + (1_000_000_000 + number)), null);
    }

    private static List<String> failures(List<Future<JsonObject>> runs) {
        return runs.stream()
                .filter(Future::failed)
                .map(run -> BoltBus.name((ServiceException) run.cause()))
                .toList();
    }

    @Test
    @InSmallJvm
    void recordsThatAreGatheredForAReplyAreHeld() {
        budget.limit(200 * MEBIBYTE);
        unfinished();
        bus.deploy();
        Outcome.value(bus.service.ping());
        List<Future<JsonObject>> runs = new ArrayList<>();
        long heapBytes = Heap.bytesOf(() -> {
            IntStream.range(0, 10).forEach(n -> runs.add(run(n)));
            await().until(() -> budget.heldBytes() > 10 * VALUE_BYTES);
            return runs;
        });
        Heap.requireNear(heapBytes, budget.heldBytes());
        bus.serving(() -> ends.forEach(Runnable::run));
        runs.forEach(run ->
                assertEquals(ROWS, Outcome.value(run).getJsonArray("records").size()));
        await().until(() -> budget.heldBytes() < 10 * 64 * 1024);
    }

    @Test
    void aReplyThatOutgrowsTheBudgetIsDroppedWithItsConnection() {
        budget.limit(MEBIBYTE);
        unfinished();
        bus.deploy();
        ServiceException dropped = BoltBus.failure(run(1));
        assertEquals("UNKNOWN_OUTCOME", BoltBus.name(dropped));
        assertTrue(dropped.getMessage().startsWith("memory: bolt 127.0.0.1:"), dropped::getMessage);
        await().until(() -> budget.heldBytes() == 0);
        assertEquals(1, budget.status().getInteger("dropped"));
    }

    @Test
    @InSmallJvm
    void queriesThatWaitForAConnectionAreHeld() {
        budget.limit(200 * MEBIBYTE);
        unfinished();
        bus.deploy(new JsonObject().put("maxConnections", 1));
        Future<JsonObject> first = run(0);
        await().until(() -> budget.heldBytes() > VALUE_BYTES);
        long heldBytes = budget.heldBytes();
        List<Future<JsonObject>> waiting = new ArrayList<>();
        long heapBytes = Heap.bytesOf(() -> {
            IntStream.range(0, 100).forEach(n -> waiting.add(parameter(200_000, n)));
            await().until(() -> budget.heldBytes() > heldBytes + 20_000_000);
            return waiting;
        });
        Heap.requireNear(heapBytes, budget.heldBytes() - heldBytes);
        bus.server.script((peer, request) -> false);
        bus.serving(() -> ends.remove().run());
        Outcome.value(first);
        waiting.forEach(Outcome::value);
        await().until(() -> budget.heldBytes() < 64 * 1024);
    }

    @Test
    void aboveTheLimitNoQueryWaits() {
        budget.limit(8 * MEBIBYTE);
        unfinished();
        bus.deploy(new JsonObject().put("maxConnections", 1));
        Future<JsonObject> first = run(0);
        await().until(() -> budget.heldBytes() > VALUE_BYTES);
        List<Future<JsonObject>> waiting =
                IntStream.range(0, 20).mapToObj(n -> parameter(MEBIBYTE, n)).toList();
        await().until(() -> failures(waiting).size() == 15);
        failures(waiting).forEach(failure -> assertEquals("OVERLOADED", failure));
        bus.server.script((peer, request) -> false);
        bus.serving(() -> ends.remove().run());
        Outcome.value(first);
        waiting.stream().filter(each -> !each.failed()).forEach(Outcome::value);
    }

    /** In a transaction, rows behind a full page wait in the stream. */
    @Test
    @InSmallJvm
    void recordsThatAStreamKeepsAreHeld() {
        budget.limit(200 * MEBIBYTE);
        bus.server.script((peer, request) -> {
            if (!(request.request() instanceof BoltRequest.Pull)) {
                return false;
            }
            for (int i = 0; i < 100; i++) {
                peer.machine.record(request.number(), List.of("x".repeat(100 * 1024 - 10) + (1_000_000_000 + i)));
            }
            peer.success(request, Map.of("type", "r"));
            return true;
        });
        bus.deploy();
        JsonObject transaction = Outcome.value(bus.service.begin(null));
        JsonObject stream = (JsonObject) Outcome.value(bus.ask(
                transaction.getString("address"),
                "open",
                new JsonObject().put("id", transaction.getString("id")).put("query", "RETURN x"),
                20_000));
        long heapBytes = Heap.bytesOf(
                () -> bus.next(stream, 1, 1_000).getJsonArray("items").size());
        Heap.requireNear(heapBytes, budget.heldBytes());
        assertTrue(
                budget.report().contains("stream of polywire.bolt"),
                () -> "the stream is the largest holder: " + budget.report());
        bus.close(stream);
        await().until(() -> budget.heldBytes() < 64 * 1024);
    }
}
