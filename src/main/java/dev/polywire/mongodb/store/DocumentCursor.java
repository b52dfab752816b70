package dev.polywire.mongodb.store;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.PrimitiveIterator;
import org.jspecify.annotations.Nullable;

/**
 * A place in a collection, for one reader. It keeps no document: one that is deleted before its turn is not given. One that is
 * tailable stays open at the end, where other documents may follow.
 */
public final class DocumentCursor {

    private final StoredCollection collection;
    private final DocumentFilter filter;
    private final PrimitiveIterator.OfLong places;
    private final boolean tailable;
    private long last = -1;
    private long left = Long.MAX_VALUE;
    private long given;
    private @Nullable StoredDocument next;
    private boolean exhausted;

    /** @param tailable its places go on behind their end */
    DocumentCursor(
            StoredCollection collection, DocumentFilter filter, PrimitiveIterator.OfLong places, boolean tailable) {
        this.collection = collection;
        this.filter = filter;
        this.places = places;
        this.tailable = tailable;
    }

    /** The name of the collection that it reads. */
    public String namespace() {
        return collection.name();
    }

    /** The collection that it reads. */
    public StoredCollection collection() {
        return collection;
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
     * @throws CommandErrorException QUERY_PLAN_KILLED when the collection was dropped; CAPPED_POSITION_LOST when a tailable cursor's
     *     last document was pushed out or deleted
     */
    public List<Buffer> batch(int maxDocuments, int maxBytes) {
        requirePlace();
        List<Buffer> batch = new ArrayList<>();
        long bytes = 0;
        while (left > 0 && batch.size() < maxDocuments) {
            StoredDocument document = found();
            if (document == null) {
                exhausted = !tailable;
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
        exhausted |= left == 0 && !tailable;
        return batch;
    }

    /** Whether it is known that no document follows; never of a tailable one. */
    public boolean isExhausted() {
        return exhausted;
    }

    /** Whether it goes on behind the last document. */
    public boolean isTailable() {
        return tailable;
    }

    /** How many it has given. */
    public long given() {
        return given;
    }

    private void requirePlace() {
        if (collection.isDropped()) {
            throw MongoErrorCode.QUERY_PLAN_KILLED.with("collection dropped");
        }
        if (tailable && last >= 0 && !collection.has(last)) {
            throw MongoErrorCode.CAPPED_POSITION_LOST.with(
                    "CollectionScan died due to position in capped collection being deleted");
        }
    }

    private @Nullable StoredDocument found() {
        while (next == null && places.hasNext()) {
            last = places.nextLong();
            next = collection.matching(last, filter);
        }
        return next;
    }
}
