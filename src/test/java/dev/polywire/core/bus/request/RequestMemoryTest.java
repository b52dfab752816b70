package dev.polywire.core.bus.request;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.MemoryBudget;
import dev.polywire.core.net.MemoryLoan;
import dev.polywire.testing.Heap;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.probe.ProbeService;
import dev.polywire.testing.probe.ProbeVerticle;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The bodies of requests that wait for an answer, in the memory budget. */
class RequestMemoryTest {

    private static final int MEBIBYTE = 1024 * 1024;

    private Vertx vertx;
    private MemoryBudget budget;
    private ProbeVerticle probe;
    private ProbeService service;

    @BeforeEach
    void deploy() {
        vertx = Vertx.vertx();
        budget = MemoryBudget.of(vertx);
        probe = new ProbeVerticle(new JsonObject());
        Outcome.value(vertx.deployVerticle(probe));
        service = ProbeService.proxy(vertx, ProbeVerticle.ADDRESS);
    }

    @AfterEach
    void close() {
        probe.hanging.forEach(Promise::tryComplete);
        Outcome.value(vertx.close());
    }

    @Test
    void theyCountUntilTheirAnswer() {
        budget.limit(200 * MEBIBYTE);
        List<Future<JsonObject>> asked = new ArrayList<>();
        long heapBytes = Heap.bytesOf(() -> {
            for (int i = 0; i < 100; i++) {
                asked.add(service.hang("x".repeat(100_000 + i)));
            }
            await().until(() -> probe.hanging.size() == 100);
            return asked;
        });
        Heap.requireNear(heapBytes, budget.heldBytes());
        probe.hanging.forEach(each -> each.complete(new JsonObject()));
        asked.forEach(Outcome::value);
        await().until(() -> budget.heldBytes() == 0);
    }

    @Test
    void smallOnesDoNotCount() {
        Future<JsonObject> small = service.hang("x".repeat(3_000));
        await().until(() -> probe.hanging.size() == 1);
        assertEquals(0, budget.heldBytes());
        probe.hanging.remove().complete(new JsonObject());
        Outcome.value(small);
    }

    @Test
    void farAboveTheLimitLargeOnesAreRefusedAndSmallOnesAreNot() {
        budget.limit(MEBIBYTE);
        Future<JsonObject> first = service.hang("x".repeat(900_000));
        await().until(() -> probe.hanging.size() == 1);
        ServiceException refused = failure(service.hang("x".repeat(900_000)));
        assertEquals(Failure.OVERLOADED.code(), refused.failureCode());
        assertTrue(refused.getDebugInfo().getBoolean("retryable"));
        Future<JsonObject> small = service.hang("small");
        await().until(() -> probe.hanging.size() == 2);
        probe.hanging.forEach(each -> each.complete(new JsonObject()));
        Outcome.value(first);
        Outcome.value(small);
    }

    /** F43: the largest holder ends, and its requests have their outcome; the others have theirs. */
    @Test
    void whenTheyAreTheLargestHolderTheyEnd() {
        Future<JsonObject> large = service.hang("x".repeat(900_000));
        Future<JsonObject> small = service.hang("small");
        await().until(() -> probe.hanging.size() == 2);
        budget.limit(500_000);
        vertx.runOnContext(v -> new MemoryLoan(vertx, "another").take(1));

        ServiceException dropped = failure(large);
        assertEquals(Failure.OVERLOADED.code(), dropped.failureCode());
        assertFalse(dropped.getDebugInfo().getBoolean("retryable"));
        assertTrue(dropped.getDebugInfo().getBoolean("mayHaveExecuted"));
        assertTrue(dropped.getMessage().startsWith("memory: requests of polywire.probe holds"), dropped.getMessage());
        assertEquals(
                "requests of " + ProbeVerticle.ADDRESS,
                budget.status().getJsonObject("lastDropped").getString("name"));
        assertFalse(small.isComplete());
        probe.hanging.forEach(each -> each.complete(new JsonObject()));
        Outcome.value(small);
    }

    private static ServiceException failure(Future<?> request) {
        return (ServiceException) Outcome.failure(request);
    }
}
