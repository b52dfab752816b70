package dev.polywire.mongodb.store;

import io.vertx.core.buffer.Buffer;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * The documents of one collection, in the order of their insertion and by their {@code _id}. A capped one loses its oldest documents
 * when it grows beyond its size.
 */
public final class StoredCollection {

    private final String name;
    private final DocumentStore store;
    private final @Nullable CappedSize capped;
    private final NavigableMap<Long, StoredDocument> documents = new TreeMap<>();
    private final Map<Object, Long> places = new HashMap<>();
    /** Who waits for documents, in the order in which they came. */
    private final Set<Runnable> watchers = new LinkedHashSet<>();

    private long nextPlace;
    private long bytes;
    private boolean dropped;

    StoredCollection(String name, DocumentStore store, @Nullable CappedSize capped) {
        this.name = name;
        this.store = store;
        this.capped = capped;
    }

    /** Database, dot, collection. */
    public String name() {
        return name;
    }

    public int size() {
        return documents.size();
    }

    /** Null: it is not capped. */
    public @Nullable CappedSize capped() {
        return capped;
    }

    /**
     * Tells of each insertion, and when the collection is dropped, in the middle of that work.
     *
     * @param watcher until {@link #leave}; it changes nothing here
     */
    public void watch(Runnable watcher) {
        watchers.add(watcher);
    }

    public void leave(Runnable watcher) {
        watchers.remove(watcher);
    }

    /**
     * @return the document as it is now, with an {@code _id}
     * @throws CommandErrorException DUPLICATE_KEY; INVALID_ID_FIELD; BAD_VALUE for one that is larger than a capped collection; at
     *     a bound
     */
    public StoredDocument insert(Buffer checked) {
        StoredDocument document = store.document(checked);
        Object key = BsonOrder.key(document.id());
        if (places.containsKey(key)) {
            throw MongoErrorCode.DUPLICATE_KEY.with(
                    "E11000 duplicate key error collection: " + name + " index: _id_ dup key");
        }
        if (capped != null && document.length() > capped.bytes()) {
            throw MongoErrorCode.BAD_VALUE.with("object to insert exceeds cappedMaxSize");
        }
        store.requireRoom(this, document.length());
        used(document.length());
        places.put(key, nextPlace);
        documents.put(nextPlace++, document);
        while (capped != null && capped.isOver(bytes, documents.size())) {
            remove(documents.firstKey());
        }
        watchers.forEach(Runnable::run);
        return document;
    }

    /** Documents as they are when the cursor comes to them. @param order null: that of insertion */
    public DocumentCursor find(DocumentFilter filter, @Nullable Comparator<StoredDocument> order) {
        return new DocumentCursor(this, filter, order == null ? places(filter) : sorted(filter, order), false);
    }

    /**
     * The documents of a capped collection in the order of their insertion, and those that are still to come.
     *
     * @throws CommandErrorException BAD_VALUE when it is not capped
     */
    public DocumentCursor tail(DocumentFilter filter) {
        if (capped == null) {
            throw MongoErrorCode.BAD_VALUE.with(
                    "error processing query: tailable cursor requested on non capped collection " + name);
        }
        return new DocumentCursor(this, filter, new Scan(), true);
    }

    /** @throws CommandErrorException as {@link #insert}, and when an {@code _id} would change: earlier changes stay */
    public UpdateOutcome update(DocumentFilter filter, DocumentUpdate update, boolean multi, boolean upsert) {
        int matched = 0;
        int modified = 0;
        for (PrimitiveIterator.OfLong each = places(filter); each.hasNext(); ) {
            long place = each.nextLong();
            StoredDocument document = matching(place, filter);
            if (document == null) {
                continue;
            }
            matched++;
            modified += replace(place, document, update.applied(document));
            if (!multi) {
                break;
            }
        }
        BsonValue upserted =
                matched == 0 && upsert ? insert(update.inserted(filter)).id() : null;
        return new UpdateOutcome(matched, modified, upserted);
    }

    private int replace(long place, StoredDocument document, @Nullable Buffer changed) {
        if (changed == null) {
            return 0;
        }
        StoredDocument next = store.document(changed);
        store.requireRoom(null, next.length() - document.length());
        used(next.length() - document.length());
        documents.put(place, next);
        return 1;
    }

    /** @param limit 0: all that match @return how many there were */
    public int delete(DocumentFilter filter, int limit) {
        int deleted = 0;
        for (PrimitiveIterator.OfLong each = places(filter); each.hasNext() && (limit == 0 || deleted < limit); ) {
            long place = each.nextLong();
            StoredDocument document = matching(place, filter);
            if (document != null) {
                remove(place);
                deleted++;
            }
        }
        return deleted;
    }

    /** How many match. */
    public int count(DocumentFilter filter) {
        int count = 0;
        for (PrimitiveIterator.OfLong each = places(filter); each.hasNext(); ) {
            count += matching(each.nextLong(), filter) == null ? 0 : 1;
        }
        return count;
    }

    /** Null: there is no document at this place any more, or it does not match. */
    @Nullable
    StoredDocument matching(long place, DocumentFilter filter) {
        StoredDocument document = documents.get(place);
        return document != null && filter.matches(document) ? document : null;
    }

    boolean has(long place) {
        return documents.containsKey(place);
    }

    boolean isDropped() {
        return dropped;
    }

    void drop() {
        used(-bytes);
        documents.clear();
        places.clear();
        dropped = true;
        watchers.forEach(Runnable::run);
    }

    private void remove(long place) {
        StoredDocument document = documents.remove(place);
        if (document != null) {
            places.remove(BsonOrder.key(document.id()));
            used(-document.length());
        }
    }

    private void used(long more) {
        bytes += more;
        store.used(more);
    }

    /** Where a document that matches can be; documents may come and go meanwhile. */
    private PrimitiveIterator.OfLong places(DocumentFilter filter) {
        BsonValue id = filter.id();
        if (id != null) {
            Long place = places.get(BsonOrder.key(id));
            return (place == null ? LongStream.empty() : LongStream.of(place)).iterator();
        }
        return new Scan();
    }

    /** All places, one after the other; there may be a next one where there was none before. */
    private final class Scan implements PrimitiveIterator.OfLong {

        private long last = -1;

        @Override
        public boolean hasNext() {
            return documents.higherKey(last) != null;
        }

        @Override
        public long nextLong() {
            last = documents.higherKey(last);
            return last;
        }
    }

    private PrimitiveIterator.OfLong sorted(DocumentFilter filter, Comparator<StoredDocument> order) {
        return documents.entrySet().stream()
                .filter(each -> filter.matches(each.getValue()))
                .sorted(Map.Entry.comparingByValue(order))
                .mapToLong(Map.Entry::getKey)
                .iterator();
    }
}
