package dev.polywire.eventstore.service;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import dev.polywire.core.json.TypedValues;
import dev.polywire.eventstore.session.Repetition;
import dev.polywire.eventstore.wire.NewEvent;
import dev.polywire.eventstore.wire.Position;
import dev.polywire.eventstore.wire.WriteMessage;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.IntStream;

/** The arguments and answers of writes. */
final class WriteJson {

    private static final int MAX_EVENTS = 10_000;

    private static final long NO_STREAM = -1;
    private static final long STREAM_EXISTS = -4;

    private WriteJson() {}

    static List<NewEvent> events(List<JsonObject> events) {
        if (events.size() > MAX_EVENTS) {
            throw new FieldException("events", events.size() + " (expected: at most " + MAX_EVENTS + ")");
        }
        return IntStream.range(0, events.size())
                .mapToObj(i -> EventJson.read(Fields.at("events[" + i + "]", events.get(i))))
                .toList();
    }

    /** The name of a stream; {@code $all} cannot be written to, as the server says. */
    static String stream(String name, String streamId) {
        if (streamId.isEmpty()) {
            throw new FieldException(name, "empty (expected: 1 character or more)");
        }
        return streamId;
    }

    /** The number of an event, or what the protocol has in its place. */
    static long expected(long expectedVersion) {
        if (expectedVersion < STREAM_EXISTS || expectedVersion == STREAM_EXISTS + 1) {
            throw new FieldException("expectedVersion", expectedVersion + " (expected: a number, or -1, -2 or -4)");
        }
        return expectedVersion;
    }

    /** Whether a write may be sent again after a lost answer. */
    static Repetition repetition(long expectedVersion, boolean retryAny) {
        return expectedVersion >= NO_STREAM || retryAny ? Repetition.SAME_IDS : Repetition.ONCE;
    }

    static JsonObject json(WriteMessage.WriteEventsCompleted done) {
        return written(
                done.firstEventNumber(),
                done.lastEventNumber(),
                new Position(done.commitPosition(), done.preparePosition()));
    }

    static JsonObject json(WriteMessage.TransactionCommitCompleted done) {
        return written(
                done.firstEventNumber(),
                done.lastEventNumber(),
                new Position(done.commitPosition(), done.preparePosition()));
    }

    static JsonObject json(WriteMessage.DeleteStreamCompleted done) {
        return put(new JsonObject(), new Position(done.commitPosition(), done.preparePosition()));
    }

    private static JsonObject written(long first, long last, Position position) {
        JsonObject json = new JsonObject()
                .put("firstEventNumber", TypedValues.exact(first))
                .put("lastEventNumber", TypedValues.exact(last));
        return put(json, position);
    }

    /** 5.0.11 has no position for what it had already, and followers have none for a commit. */
    private static JsonObject put(JsonObject json, Position position) {
        return position.commit() <= 0 ? json : json.put("position", EventJson.position(position));
    }
}
