package dev.polywire.eventstore.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.polywire.core.bus.Polywire;
import dev.polywire.core.bus.stream.StreamReader;
import dev.polywire.eventstore.server.LocalEventStore;
import dev.polywire.testing.Esjc;
import dev.polywire.testing.Outcome;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** esjc 2.6.0 and our connector at the same server: what one appends the other reads, and both are in one group. */
@Timeout(180)
class EsjcBesideUsIT {

    private static final long NO_STREAM = -1;
    private static final long ANY = -2;
    private static final int SHARED = 40;

    private final LocalEventStore store = LocalEventStore.start();
    private final Vertx vertx = Polywire.install(Vertx.vertx());
    private final EventStoreService service = EventStoreService.proxy(vertx, "polywire.eventstore");
    private Esjc esjc;

    @BeforeEach
    void start() {
        esjc = Esjc.at(store.port());
        JsonObject config =
                new JsonObject().put("port", store.port()).put("user", "admin").put("password", "changeit");
        Outcome.value(vertx.deployVerticle(new EventStoreVerticle(), new DeploymentOptions().setConfig(config)));
    }

    @AfterEach
    void stop() {
        Outcome.value(vertx.close());
        store.close();
        if (esjc != null) {
            esjc.close();
        }
    }

    @Test
    void readsWhatEsjcAppends() {
        assertEquals("1", esjc.outcome("beside: append"));
        JsonArray events = Outcome.value(service.readStream("of esjc", null)).getJsonArray("events");
        List<String> ponies = IntStream.range(0, events.size())
                .mapToObj(events::getJsonObject)
                .map(event -> event.getString("eventType") + " "
                        + event.getJsonObject("json").getString("Pony"))
                .toList();
        assertEquals(List.of("PonyJumped Derpy Hooves", "PonyJumped Berry Punch"), ponies);
    }

    /** esjc 2.6.0 reads ids in the order of Java's bytes, where servers and .NET's client have that of .NET. */
    @Test
    void appendsWhatEsjcReads() {
        List<JsonObject> events = List.of(
                new JsonObject(
                        "{'eventId':'7a8c472c-c92e-4520-990d-a749f6020ba1','eventType':'a','json':{'b':[1,true]},"
                                        .replace('\'', '"')
                                + "\"metadataJson\":{\"$correlationId\":\"7\"}}"),
                new JsonObject()
                        .put("eventId", "00000000-0000-4000-8000-000000000001")
                        .put("eventType", "é")
                        .put("text", "ü"));
        Outcome.value(service.append("of polywire", NO_STREAM, events, null));
        assertEquals(
                "0 a 2c478c7a-2ec9-2045-990d-a749f6020ba1 JSON {\"b\":[1,true]} {\"$correlationId\":\"7\"}; "
                        + "1 é 00000000-0000-0040-8000-000000000001 binary ü ",
                esjc.outcome("beside: read"));
    }

    /** Each event goes to one of the two. */
    @Test
    void isInOneGroupWithEsjc() {
        Outcome.value(service.createPersistentSubscription(
                "beside", "both", new JsonObject().put("startFrom", 0).put("strategy", "RoundRobin")));
        assertEquals("joined", esjc.outcome("beside: join"));
        JsonObject handle = Outcome.value(service.consume("beside", "both", null));
        ConcurrentLinkedQueue<Long> ours = new ConcurrentLinkedQueue<>();
        StreamReader reader = new StreamReader(vertx, handle);
        reader.handler(item -> {
            ours.add(((JsonObject) item).getLong("eventNumber"));
            reader.settle(new JsonObject().put("ack", new JsonArray().add(ours.size())));
        });
        List<JsonObject> events = Stream.generate(
                        () -> new JsonObject().put("eventType", "Shared").put("json", new JsonObject()))
                .limit(SHARED)
                .toList();
        Outcome.value(service.append("beside", ANY, events, null));
        Awaitility.await().until(() -> ours.size() + theirs().size() >= SHARED);
        assertFalse(ours.isEmpty());
        assertFalse(theirs().isEmpty());
        TreeSet<Long> all = new TreeSet<>(ours);
        all.addAll(theirs());
        assertEquals(LongStream.range(0, SHARED).boxed().toList(), List.copyOf(all));
        assertEquals(SHARED, ours.size() + theirs().size());
        Outcome.value(reader.close());
    }

    private List<Long> theirs() {
        String took = esjc.outcome("beside: took");
        return took.isEmpty()
                ? List.of()
                : Stream.of(took.split(" ")).map(Long::valueOf).toList();
    }
}
