package dev.polywire.eventstore.service;

import dev.polywire.core.json.TypedValues;
import dev.polywire.eventstore.session.ReceivedEvent;
import dev.polywire.eventstore.wire.EventRecord;
import dev.polywire.eventstore.wire.Position;
import dev.polywire.eventstore.wire.ReadDirection;
import dev.polywire.eventstore.wire.ReadMessage;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A slice as JSON, cut where its events have enough bytes: then it ends before the first event that is not in it, as if that had not been
 * asked for. The first event is always in it.
 */
final class SliceJson {

    /** Names, numbers and quotes of an event, about. */
    private static final int FRAME_BYTES = 300;

    private final int maxBytes;
    private final boolean text;

    /** @param text whether data that are no JSON are given as text */
    SliceJson(int maxBytes, boolean text) {
        this.maxBytes = maxBytes;
        this.text = text;
    }

    JsonObject of(ReadMessage.ReadStreamEventsCompleted read) {
        List<ReceivedEvent> events =
                read.events().stream().map(ReceivedEvent::of).toList();
        JsonArray given = given(events);
        boolean whole = given.size() == events.size();
        long next = whole
                ? read.nextEventNumber()
                : events.get(given.size()).original().eventNumber();
        return new JsonObject()
                .put("events", given)
                .put("nextEventNumber", TypedValues.exact(next))
                .put("lastEventNumber", TypedValues.exact(read.lastEventNumber()))
                .put("isEndOfStream", whole && read.isEndOfStream());
    }

    JsonObject of(ReadMessage.ReadAllEventsCompleted read) {
        List<ReceivedEvent> events =
                read.events().stream().map(ReceivedEvent::of).toList();
        // The protocol has no word for the end: a read that finds nothing.
        return all(read.direction(), read.position(), events, read.next(), events.isEmpty());
    }

    JsonObject of(ReadMessage.FilteredReadAllEventsCompleted read) {
        List<ReceivedEvent> events =
                read.events().stream().map(ReceivedEvent::of).toList();
        return all(read.direction(), read.position(), events, read.next(), read.isEndOfStream());
    }

    private JsonObject all(
            ReadDirection direction, Position from, List<ReceivedEvent> events, Position next, boolean end) {
        JsonArray given = given(events);
        boolean whole = given.size() == events.size();
        return new JsonObject()
                .put("events", given)
                .put("position", EventJson.position(from))
                .put("nextPosition", EventJson.position(whole ? next : cut(direction, events, given.size())))
                .put("isEndOfStream", whole && end);
    }

    /** A read goes on with the event at its position, backward with the one before it. */
    private static Position cut(ReadDirection direction, List<ReceivedEvent> events, int given) {
        Position position = events.get(direction == ReadDirection.FORWARD ? given : given - 1)
                .position();
        return position == null ? Position.BEGINNING : position;
    }

    private JsonArray given(List<ReceivedEvent> events) {
        JsonArray given = new JsonArray();
        long bytes = 0;
        for (ReceivedEvent each : events) {
            bytes += bytes(each.event()) + bytes(each.link());
            if (bytes > maxBytes && !given.isEmpty()) {
                break;
            }
            given.add(EventJson.of(each, text));
        }
        return given;
    }

    /** About what it has on the wire: bytes in base64. */
    private static long bytes(@Nullable EventRecord event) {
        return event == null
                ? 0
                : FRAME_BYTES
                        + (event.data().length() + (long) event.metadata().length()) * 4 / 3
                        + event.eventStreamId().length()
                        + event.eventType().length();
    }
}
