package dev.polywire.mongodb.store;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.PrimitiveIterator;
import org.jspecify.annotations.Nullable;

/** A place in a collection, for one reader. It keeps no document: one that is deleted before its turn is not given. */
public final class DocumentCursor {

    private final StoredCollection collection;
    private final DocumentFilter filter;
    private final PrimitiveIterator.OfLong places;
    private long left = Long.MAX_VALUE;
    private long given;
    private @Nullable StoredDocument next;
    private boolean exhausted;

    DocumentCursor(StoredCollection collection, DocumentFilter filter, PrimitiveIterator.OfLong places) {
        this.collection = collection;
        this.filter = filter;
        this.places = places;
    }

    /** The collection that it reads. */
    public String namespace() {
        return collection.name();
    }

    /** Leaves out the first documents. */
    public DocumentCursor skip(long documents) {
        for (long i = 0; i < documents && found() != null; i++) {
            next = null;
        }
        return this;
    }

    /** Ends behind so many. @param documents 0: all */
    public DocumentCursor limit(long documents) {
        left = documents == 0 ? Long.MAX_VALUE : documents;
        return this;
    }

    /**
     * The next documents.
     *
     * @param maxDocuments at most so many; whether others follow is not looked for
     * @param maxBytes of all of them; the first one may be longer
     */
    public List<Buffer> batch(int maxDocuments, int maxBytes) {
        List<Buffer> batch = new ArrayList<>();
        long bytes = 0;
        while (left > 0 && batch.size() < maxDocuments) {
            StoredDocument document = found();
            if (document == null) {
                exhausted = true;
                break;
            }
            bytes += document.length();
            if (bytes > maxBytes && !batch.isEmpty()) {
                break;
            }
            batch.add(document.bytes());
            next = null;
            left--;
            given++;
        }
        exhausted |= left == 0;
        return batch;
    }

    /** Whether it is known that no document follows. */
    public boolean isExhausted() {
        return exhausted;
    }

    /** How many it has given. */
    public long given() {
        return given;
    }

    private @Nullable StoredDocument found() {
        while (next == null && places.hasNext()) {
            next = collection.matching(places.nextLong(), filter);
        }
        return next;
    }
}
