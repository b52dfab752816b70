package dev.polywire.core.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.MemoryBudget;
import dev.polywire.core.net.MemoryOptions;
import dev.polywire.examples.Readme;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.probe.ProbeService;
import dev.polywire.testing.probe.ProbeVerticle;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import io.vertx.serviceproxy.ServiceExceptionMessageCodec;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an application says to all connectors of its Vert.x together. */
class PolywireTest {

    private static final PolywireOptions SMALL = new PolywireOptions(new MemoryOptions(2_097_152));

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    @Test
    void withoutOptionsAQuarterOfTheHeapMayBeHeld() {
        Polywire.install(vertx);
        assertEquals(
                Runtime.getRuntime().maxMemory() / 4, MemoryBudget.of(vertx).maxBytes());
        assertEquals(MemoryOptions.DEFAULT, PolywireOptions.DEFAULT.memory());
    }

    @Test
    void theLimitIsTheOneThatWasInstalledWhateverIsDeployedAfterwards() {
        Polywire.install(vertx, SMALL);
        Outcome.value(vertx.deployVerticle(new ProbeVerticle(new JsonObject().put("name", "mine"))));
        Polywire.install(vertx);
        assertEquals(2_097_152, maxBytes());
        Polywire.install(vertx, new PolywireOptions(new MemoryOptions(4_194_304)));
        assertEquals(4_194_304, maxBytes(), "at once, for what runs");
        Polywire.install(vertx, PolywireOptions.DEFAULT);
        assertEquals(MemoryOptions.DEFAULT.maxBytes(), maxBytes());
    }

    @Test
    void theOptionsAreReadFromALargerObject() {
        JsonObject json = new JsonObject("{\"memory\": {\"maxBytes\": \"2097152\"}, \"other\": 1}");
        assertEquals(SMALL, PolywireOptions.fromJson(Fields.of(json)));
        assertEquals(PolywireOptions.DEFAULT, PolywireOptions.fromJson(Fields.of(new JsonObject())));
        json.getJsonObject("memory").put("maxByte", 1);
        FieldException unknown = assertThrows(FieldException.class, () -> PolywireOptions.fromJson(Fields.of(json)));
        assertEquals("memory.maxByte", unknown.path());
    }

    @Test
    void noLimitIsBeyondTheHeap() {
        long heap = Runtime.getRuntime().maxMemory();
        assertEquals(heap, new MemoryOptions(heap).maxBytes());
        for (long bad : new long[] {1_048_575, heap + 1}) {
            IllegalArgumentException refused =
                    assertThrows(IllegalArgumentException.class, () -> new MemoryOptions(bad));
            assertEquals("maxBytes: " + bad + " (expected: 1048576 to " + heap + ")", refused.getMessage());
        }
    }

    /** An application that has the codec of its own for failures registers it first; docs/application.md shows the message. */
    @Test
    void aCodecOfTheApplicationIsKeptIfItIsFirst() {
        vertx.eventBus().registerDefaultCodec(ServiceException.class, new ServiceExceptionMessageCodec());
        Outcome.value(vertx.deployVerticle(new ProbeVerticle(new JsonObject().put("name", "mine"))));
        assertEquals("mine", status().getString("name"));
    }

    @Test
    void aCodecOfTheApplicationIsRefusedByVertxIfItIsLater() {
        Outcome.value(vertx.deployVerticle(new ProbeVerticle(new JsonObject().put("name", "mine"))));
        IllegalStateException refused = assertThrows(
                IllegalStateException.class,
                () -> vertx.eventBus()
                        .registerDefaultCodec(ServiceException.class, new ServiceExceptionMessageCodec()));
        String said = String.valueOf(refused.getMessage());
        assertEquals("Already a default codec registered for class class io.vertx.serviceproxy.ServiceException", said);
        assertEquals(
                Readme.block("docs/application.md", "output: a second codec"),
                List.of(refused.getClass().getName() + ": " + said));
    }

    private JsonObject status() {
        return Outcome.value(ProbeService.proxy(vertx, "polywire.mine").status());
    }

    private long maxBytes() {
        return status().getJsonObject("memory").getLong("maxBytes");
    }
}
