package dev.polywire.eventstore.service;

import static dev.polywire.eventstore.service.EventStoreBus.event;
import static dev.polywire.eventstore.service.EventStoreBus.failure;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.eventstore.server.ServerVersion;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Parts of streams, and of all events: where they end, and where one goes on. */
@Timeout(60)
class EventStoreSlicesTest {

    private static final long NO_STREAM = -1;
    private static final int EVENTS = 20;
    /** Of 500 bytes and a frame each: one of them is larger than half a slice. */
    private static final JsonObject SMALL_SLICES = new JsonObject().put("maxSliceBytes", 2_048);

    private EventStoreBus bus = new EventStoreBus(ServerVersion.V20_10).deploy(SMALL_SLICES);

    @AfterEach
    void close() {
        bus.close();
    }

    @Test
    void aSliceEndsWithItsBytesAndTheNextOneGoesOn() {
        write("s");
        List<Long> forward = new ArrayList<>();
        int slices = read("forward", forward, "fromEventNumber", "nextEventNumber", bus("s"));
        assertEquals(LongStream.range(0, EVENTS).boxed().toList(), forward);
        assertTrue(slices > 3 && slices < EVENTS, () -> slices + " slices");
        List<Long> backward = new ArrayList<>();
        read("backward", backward, "fromEventNumber", "nextEventNumber", bus("s"));
        Collections.reverse(backward);
        assertEquals(forward, backward);
    }

    @Test
    void soDoAllEvents() {
        write("s");
        List<Long> forward = new ArrayList<>();
        int slices = read("forward", forward, "position", "nextPosition", bus.service::readAll);
        assertEquals(LongStream.range(0, EVENTS).boxed().toList(), forward);
        assertTrue(slices > 3, () -> slices + " slices");
        List<Long> backward = new ArrayList<>();
        read("backward", backward, "position", "nextPosition", bus.service::readAll);
        Collections.reverse(backward);
        assertEquals(forward, backward);
    }

    @Test
    void andThoseThatPassAFilter() {
        write("s");
        write("other");
        JsonObject filter = new JsonObject().put("streamIdPrefixes", List.of("s"));
        for (String direction : List.of("forward", "backward")) {
            List<Long> some = new ArrayList<>();
            read(
                    direction,
                    some,
                    "position",
                    "nextPosition",
                    options -> bus.service.readAll(options.put("filter", filter).put("maxSearchWindow", 1_000)));
            if (direction.equals("backward")) {
                Collections.reverse(some);
            }
            assertEquals(LongStream.range(0, EVENTS).boxed().toList(), some);
        }
    }

    /** The number that one goes on with is the link's. */
    @Test
    void andLinks() {
        write("s");
        link("l", IntStream.range(0, EVENTS).map(i -> EVENTS - 1 - i).mapToObj(i -> i + "@s"));
        List<Long> forward = new ArrayList<>();
        read("forward", forward, "fromEventNumber", "nextEventNumber", bus("l"));
        Collections.reverse(forward);
        assertEquals(LongStream.range(0, EVENTS).boxed().toList(), forward);
    }

    @Test
    void oneEventIsAlwaysInIt() {
        bus.append("s", NO_STREAM, event("x".repeat(10_000)), event("y".repeat(10_000)));
        JsonObject slice = Outcome.value(bus.service.readStream("s", null));
        assertEquals(1, slice.getJsonArray("events").size());
        assertEquals(1, slice.getInteger("nextEventNumber"));
        assertFalse(slice.getBoolean("isEndOfStream"));
    }

    @Test
    void whatASliceHas() {
        bus.append("s", NO_STREAM, event(), event(), event());
        JsonObject two = Outcome.value(bus.service.readStream("s", new JsonObject().put("maxCount", 2)));
        assertEquals(Set.of("events", "nextEventNumber", "lastEventNumber", "isEndOfStream"), two.fieldNames());
        assertEquals(2, two.getInteger("nextEventNumber"));
        assertEquals(2, two.getInteger("lastEventNumber"));
        assertFalse(two.getBoolean("isEndOfStream"));
        assertFalse(two.getJsonArray("events").getJsonObject(0).containsKey("position"));
        JsonObject last = Outcome.value(bus.service.readStream(
                "s", new JsonObject().put("direction", "backward").put("maxCount", 1)));
        assertEquals(2, last.getJsonArray("events").getJsonObject(0).getInteger("eventNumber"));
        JsonObject all = Outcome.value(bus.service.readAll(null));
        assertEquals(Set.of("events", "position", "nextPosition", "isEndOfStream"), all.fieldNames());
        assertTrue(all.getJsonArray("events").getJsonObject(0).containsKey("position"));
    }

    @Test
    void linksAreFollowedUnlessNotWanted() {
        bus.append("s", NO_STREAM, event());
        link("l", Stream.of("0@s", "7@s"));
        JsonArray followed = bus.events("l");
        assertEquals("s", followed.getJsonObject(0).getString("streamId"));
        assertEquals("l", followed.getJsonObject(0).getJsonObject("link").getString("streamId"));
        assertEquals(Set.of("link"), followed.getJsonObject(1).fieldNames());
        assertEquals(1, followed.getJsonObject(1).getJsonObject("link").getInteger("eventNumber"));
        JsonObject plain = new JsonObject().put("resolveLinkTos", false);
        assertEquals("l", Outcome.value(bus.service.readEvent("l", 1, plain)).getString("streamId"));
        assertEquals(
                Set.of("link"),
                Outcome.value(bus.service.readEvent("l", 1, null)).fieldNames());
    }

    @Test
    void oneEvent() {
        bus.append(
                "s",
                NO_STREAM,
                event("first"),
                new JsonObject().put("eventType", "raw").put("text", "words"));
        assertEquals("first", Outcome.value(bus.service.readEvent("s", 0, null)).getString("json"));
        JsonObject last = Outcome.value(bus.service.readEvent("s", -1, new JsonObject().put("text", true)));
        assertEquals("words", last.getString("text"));
        assertEquals(1, last.getInteger("eventNumber"));
    }

    @Test
    void filters() {
        bus.append("pony-1", NO_STREAM, event(), event().put("eventType", "born"));
        bus.append("horse-1", NO_STREAM, event().put("eventType", "born"));
        assertFiltered(3, "streamIdPrefixes", List.of("pony-", "horse-"));
        assertFiltered(2, "streamIdRegex", "^pony");
        assertFiltered(2, "eventTypePrefixes", List.of("bo"));
        assertFiltered(1, "eventTypeRegex", "^t$");
    }

    private void assertFiltered(int events, String condition, Object value) {
        JsonObject options = new JsonObject().put("filter", new JsonObject().put(condition, value));
        assertEquals(
                events,
                Outcome.value(bus.service.readAll(options))
                        .getJsonArray("events")
                        .size());
    }

    @Test
    void filtersAreOfLaterServers() {
        bus.close();
        bus = new EventStoreBus(ServerVersion.V5_0_11).deploy();
        JsonObject filter = new JsonObject().put("streamIdRegex", "^pony");
        assertEquals(
                "BAD_REQUEST",
                EventStoreBus.name(failure(bus.service.readAll(new JsonObject().put("filter", filter)))));
    }

    private Function<JsonObject, Future<JsonObject>> bus(String stream) {
        return options -> bus.service.readStream(stream, options);
    }

    /** Reads to the end. @param numbers gets those of events of users' streams. @return of slices */
    private static int read(
            String direction,
            List<Long> numbers,
            String from,
            String next,
            Function<JsonObject, Future<JsonObject>> asking) {
        JsonObject options = new JsonObject().put("direction", direction).put("maxCount", 100);
        for (int slices = 1; ; slices++) {
            JsonObject slice = Outcome.value(asking.apply(options.copy()));
            for (Object each : slice.getJsonArray("events")) {
                JsonObject event = (JsonObject) each;
                if (!event.getString("streamId").startsWith("$")) {
                    numbers.add(event.getLong("eventNumber"));
                }
            }
            if (slice.getBoolean("isEndOfStream")) {
                return slices;
            }
            options.put(from, slice.getValue(next));
        }
    }

    private void write(String stream) {
        List<JsonObject> events =
                IntStream.range(0, EVENTS).mapToObj(i -> event("x".repeat(500))).toList();
        Outcome.value(bus.service.append(stream, NO_STREAM, events, null));
    }

    private void link(String stream, Stream<String> targets) {
        List<JsonObject> links = targets.map(
                        target -> new JsonObject().put("eventType", "$>").put("text", target))
                .toList();
        Outcome.value(bus.service.append(stream, NO_STREAM, links, null));
    }
}
