package dev.polywire.eventstore.service;

import dev.polywire.core.bus.BytesJson;
import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import dev.polywire.core.json.TypedValues;
import dev.polywire.core.wire.Utf8;
import dev.polywire.eventstore.session.ReceivedEvent;
import dev.polywire.eventstore.wire.EventRecord;
import dev.polywire.eventstore.wire.NewEvent;
import dev.polywire.eventstore.wire.Position;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.UUID;

/**
 * An event as JSON.
 *
 * <pre>
 *   to append   {"eventType": "born", "json": {"name": "Derpy"}}
 *               {"eventType": "raw", "data": "aGVsbG8=", "metadataJson": {"$correlationId": "7"}, "eventId": "5e0cf...-..."}
 *   received    {"streamId": "ponies", "eventNumber": 0, "eventId": "...", "eventType": "born", "created": "2026-12-01T08:00:00.000Z",
 *                "json": {"name": "Derpy"}}
 *   by a link   ... "link": {"streamId": "$ce-pony", "eventNumber": 7, ...}, the event's own place is that of its stream
 *   dead link   {"link": {...}}
 * </pre>
 *
 * <p>Its data are one of {@code data} (base64), {@code text} (UTF-8) and {@code json}, its metadata one of {@code metadata}, {@code
 * metadataText} and {@code metadataJson}. To the server an event is JSON or not: it is when it is given as {@code json}, or with {@code
 * isJson: true}. A received event that is JSON has {@code json}; if it is not well-formed all the same, {@code data} and {@code
 * isJson}. Any other one has {@code data}, or with the option {@code text: true} the text, if it is UTF-8. Metadata that are a JSON object
 * are {@code metadataJson}, whatever the event is; empty ones are left out. {@code position} is there in reads and subscriptions that
 * know it.
 */
public final class EventJson {

    private EventJson() {}

    static JsonObject position(Position position) {
        return new JsonObject()
                .put("commit", TypedValues.exact(position.commit()))
                .put("prepare", TypedValues.exact(position.prepare()));
    }

    /** @param text whether data that are no JSON are given as text, if they are one */
    static JsonObject of(ReceivedEvent received, boolean text) {
        EventRecord event = received.event();
        JsonObject json = event == null ? new JsonObject() : event(event, text);
        if (received.position() != null) {
            json.put("position", position(received.position()));
        }
        EventRecord link = received.link();
        return link == null ? json : json.put("link", event(link, true));
    }

    private static JsonObject event(EventRecord event, boolean text) {
        JsonObject json = new JsonObject()
                .put("streamId", event.eventStreamId())
                .put("eventNumber", TypedValues.exact(event.eventNumber()))
                .put("eventId", event.eventId().toString())
                .put("eventType", event.eventType());
        Instant created = event.createdAt();
        if (created != null) {
            json.put("created", created.toString());
        }
        putData(json, event, text);
        putMetadata(json, event.metadata());
        return json;
    }

    private static void putData(JsonObject json, EventRecord event, boolean text) {
        if (event.dataContentType() == NewEvent.JSON) {
            Object value = BytesJson.document(event.data());
            if (value != null) {
                json.put("json", value);
                return;
            }
            json.put("isJson", true);
        } else if (text) {
            String words = Utf8.text(event.data());
            if (words != null) {
                json.put("text", words);
                return;
            }
        }
        json.put("data", TypedValues.text(event.data().getBytes()));
    }

    private static void putMetadata(JsonObject json, Buffer metadata) {
        if (metadata.length() > 0) {
            Object value = BytesJson.document(metadata);
            if (value instanceof JsonObject object) {
                json.put("metadataJson", object);
            } else {
                json.put("metadata", TypedValues.text(metadata.getBytes()));
            }
        }
    }

    /**
     * Reads an event to append; the whole object.
     *
     * @throws FieldException with the path of the bad value
     */
    static NewEvent read(Fields json) {
        UUID eventId = eventId(json);
        String type = json.text("eventType");
        if (type.isEmpty()) {
            throw json.complaint("eventType", "empty (expected: 1 character or more)");
        }
        BytesJson data = BytesJson.read(json, "data", "text", "json");
        BytesJson metadata = BytesJson.read(json, "metadata", "metadataText", "metadataJson");
        boolean isJson = json.flag("isJson", data.spelling() == BytesJson.Spelling.JSON);
        json.done();
        NewEvent event =
                new NewEvent(eventId, type, isJson ? NewEvent.JSON : NewEvent.BINARY, data.bytes(), metadata.bytes());
        if (event.countedBytes() > NewEvent.MAX_COUNTED_BYTES) {
            throw Failure.LIMIT_EXCEEDED.because(json.path() + ": " + event.countedBytes()
                    + " bytes with metadata and type (expected: at most " + NewEvent.MAX_COUNTED_BYTES
                    + ", the server's limit)");
        }
        return event;
    }

    private static UUID eventId(Fields json) {
        String text = json.textOrNull("eventId");
        if (text == null) {
            return UUID.randomUUID();
        }
        try {
            UUID id = UUID.fromString(text);
            if (id.toString().equalsIgnoreCase(text) && !id.equals(NewEvent.NO_ID)) {
                return id;
            }
        } catch (IllegalArgumentException none) {
            // Said below.
        }
        throw json.complaint("eventId", "no UUID (expected: 32 hexadecimal digits in five groups, not all zero)");
    }
}
