package dev.polywire.eventstore.store;

import dev.polywire.eventstore.wire.NewEvent;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a write takes besides its events. A stream that was deleted softly begins with it: metadata say so, which nobody has sent. And
 * of metadata, the access list is kept as objects.
 *
 * @param stream of the metadata that say where it begins
 * @param metadata null: none are written
 * @param moreAccessBytes what the new access list takes, less that of the list in whose place it comes
 */
record SideEffects(String stream, @Nullable Buffer metadata, long moreAccessBytes) {

    static final SideEffects NONE = new SideEffects("", null, 0);

    /** @param events that are going to be written */
    static SideEffects of(StreamStore store, String stream, List<NewEvent> events) {
        if (store.isSoftDeleted(stream)) {
            return new SideEffects(stream, beginning(store, stream), moreAccessBytes(store, stream, events));
        }
        if (!StreamNames.isMetadata(stream)) {
            return NONE;
        }
        String original = StreamNames.originalOf(stream);
        return new SideEffects(
                original,
                store.isSoftDeleted(original) ? beginning(store, original, events) : null,
                moreAccessBytes(store, stream, events));
    }

    /** @param newMetadata of the stream; empty: as they are */
    private static @Nullable Buffer beginning(StreamStore store, String stream, List<NewEvent> newMetadata) {
        if (newMetadata.isEmpty()) {
            return beginning(store, stream);
        }
        NewEvent last = newMetadata.get(newMetadata.size() - 1);
        return StreamMetadata.truncatedBefore(last.dataContentType(), last.data(), store.lastNumber(stream) + 1);
    }

    private static @Nullable Buffer beginning(StreamStore store, String stream) {
        String metadataStream = StreamNames.metadataOf(stream);
        StoredEvent last = store.written(metadataStream, store.lastNumber(metadataStream));
        return last == null
                ? null
                : StreamMetadata.truncatedBefore(last.contentType(), last.data(), store.lastNumber(stream) + 1);
    }

    private static long moreAccessBytes(StreamStore store, String stream, List<NewEvent> events) {
        if (events.isEmpty() || !StreamNames.isMetadata(stream)) {
            return 0;
        }
        NewEvent last = events.get(events.size() - 1);
        return StreamMetadata.of(last.dataContentType(), last.data()).access().bytes()
                - store.metadata(StreamNames.originalOf(stream)).access().bytes();
    }

    /** What metadata take in the log. */
    static long metadataBytes(String stream, Buffer metadata) {
        return StoreLog.bytes(StreamNames.metadataOf(stream), StoredEvent.METADATA, metadata.length());
    }

    int records() {
        return metadata == null ? 0 : 1;
    }

    long bytes() {
        return moreAccessBytes + (metadata == null ? 0 : metadataBytes(stream, metadata));
    }
}
