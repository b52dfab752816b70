package dev.polywire.eventstore.service;

import dev.polywire.core.bus.BytesJson;
import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.TypedValues;
import dev.polywire.core.net.Deadline;
import dev.polywire.eventstore.client.EventStoreException;
import dev.polywire.eventstore.session.Repetition;
import dev.polywire.eventstore.wire.EventRecord;
import dev.polywire.eventstore.wire.NewEvent;
import dev.polywire.eventstore.wire.ReadMessage;
import dev.polywire.eventstore.wire.WriteMessage;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Metadata of streams, and the default access lists: each the last event of a stream of the system. */
final class StreamSettings {

    private static final String METASTREAM = "$$";
    private static final String METADATA_TYPE = "$metadata";
    private static final String SETTINGS_STREAM = "$settings";
    private static final String SETTINGS_TYPE = "settings";
    private static final long LAST = -1;
    private static final long ANY = -2;

    private final ServerCalls calls;

    StreamSettings(ServerCalls calls) {
        this.calls = calls;
    }

    /** {@code {metastreamVersion, isStreamDeleted, metadata}} */
    Future<JsonObject> metadata(String streamId, boolean requireLeader, Deadline deadline) {
        return last(metastream(streamId), requireLeader, deadline)
                .map(read -> read == null
                        ? metadata(LAST, false, null)
                        : metadata(read.eventNumber(), false, document(read)))
                .recover(cause -> isDeleted(cause)
                        ? Future.succeededFuture(metadata(Long.MAX_VALUE, true, null))
                        : Future.failedFuture(cause));
    }

    Future<JsonObject> setMetadata(
            String streamId,
            long expectedVersion,
            JsonObject metadata,
            boolean requireLeader,
            boolean retryAny,
            Deadline deadline) {
        return replace(
                metastream(streamId), METADATA_TYPE, expectedVersion, metadata, requireLeader, retryAny, deadline);
    }

    Future<@Nullable JsonObject> systemSettings(boolean requireLeader, Deadline deadline) {
        return last(SETTINGS_STREAM, requireLeader, deadline).map(read -> read == null ? null : document(read));
    }

    Future<JsonObject> setSystemSettings(
            JsonObject settings, boolean requireLeader, boolean retryAny, Deadline deadline) {
        return replace(SETTINGS_STREAM, SETTINGS_TYPE, ANY, settings, requireLeader, retryAny, deadline);
    }

    private Future<JsonObject> replace(
            String streamId,
            String type,
            long expectedVersion,
            JsonObject document,
            boolean requireLeader,
            boolean retryAny,
            Deadline deadline) {
        NewEvent event = new NewEvent(UUID.randomUUID(), type, NewEvent.JSON, document.toBuffer(), Buffer.buffer());
        WriteMessage.WriteEvents write = new WriteMessage.WriteEvents(
                streamId, WriteJson.expected(expectedVersion), List.of(event), requireLeader);
        return calls.ask(
                        write,
                        WriteMessage.WriteEventsCompleted.class,
                        WriteJson.repetition(expectedVersion, retryAny),
                        deadline)
                .map(WriteJson::json);
    }

    /** The last event; null: there is none. The server answers with success and no event when only the other stream is there. */
    private Future<@Nullable EventRecord> last(String streamId, boolean requireLeader, Deadline deadline) {
        ReadMessage.ReadEvent read = new ReadMessage.ReadEvent(streamId, LAST, false, requireLeader);
        return calls.ask(read, ReadMessage.ReadEventCompleted.class, Repetition.READ, deadline)
                .<@Nullable EventRecord>map(done -> done.event().event())
                .recover(cause -> isNothing(cause) ? Future.succeededFuture() : Future.failedFuture(cause));
    }

    private static boolean isNothing(Throwable cause) {
        return cause instanceof EventStoreException refused
                && (refused.reason() == EventStoreException.Reason.NO_STREAM
                        || refused.reason() == EventStoreException.Reason.NOT_FOUND);
    }

    private static boolean isDeleted(Throwable cause) {
        return cause instanceof EventStoreException refused
                && refused.reason() == EventStoreException.Reason.STREAM_DELETED;
    }

    private static JsonObject metadata(long version, boolean deleted, @Nullable JsonObject metadata) {
        return new JsonObject()
                .put("metastreamVersion", TypedValues.exact(version))
                .put("isStreamDeleted", deleted)
                .put("metadata", metadata);
    }

    /** Null when it is no object: servers ignore such metadata, too. */
    private static @Nullable JsonObject document(EventRecord event) {
        return BytesJson.document(event.data()) instanceof JsonObject object ? object : null;
    }

    private static String metastream(String streamId) {
        if (streamId.startsWith(METASTREAM)) {
            throw new FieldException("streamId", "of metadata (expected: of a stream that has metadata)");
        }
        return METASTREAM + WriteJson.stream("streamId", streamId);
    }
}
