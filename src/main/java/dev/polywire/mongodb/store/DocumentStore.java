package dev.polywire.mongodb.store;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/** All collections of a server. Not thread safe: it belongs to the context of its server. */
public final class DocumentStore {

    private static final int MAX_NAME_CHARACTERS = 255;

    private final DocumentBounds bounds;
    private final int maxDocumentBytes;
    private final Supplier<ObjectId> ids;
    private final Map<String, StoredCollection> collections = new TreeMap<>();
    private long bytes;

    /** @param maxDocumentBytes {@code maxBsonObjectSize} @param ids of documents that have none */
    public DocumentStore(DocumentBounds bounds, int maxDocumentBytes, Supplier<ObjectId> ids) {
        this.maxDocumentBytes = maxDocumentBytes;
        this.bounds = bounds;
        this.ids = ids;
    }

    /** Bytes of all documents. */
    public long bytes() {
        return bytes;
    }

    /** One to read, which is empty when there is none. @param name database, dot, collection */
    public StoredCollection collection(String name) {
        StoredCollection found = collections.get(name);
        return found == null ? new StoredCollection(name, this, null) : found;
    }

    /** One to write into, made when there is none. @throws CommandErrorException for a name that is none, and at a bound */
    public StoredCollection created(String name) {
        return created(name, null);
    }

    /** The same. @param capped of one that is made now; null: it is not capped */
    public StoredCollection created(String name, @Nullable CappedSize capped) {
        StoredCollection found = collections.get(name);
        if (found != null) {
            return found;
        }
        int dot = name.indexOf('.');
        if (dot < 1 || dot == name.length() - 1 || name.length() > MAX_NAME_CHARACTERS || name.indexOf('$') >= 0) {
            throw MongoErrorCode.INVALID_NAMESPACE.with("Invalid namespace specified");
        }
        if (collections.size() == bounds.maxCollections()) {
            throw full("collections", bounds.maxCollections());
        }
        StoredCollection made = new StoredCollection(name, this, capped);
        collections.put(name, made);
        return made;
    }

    public boolean has(String name) {
        return collections.containsKey(name);
    }

    /** @return how many documents it had; null: there was none of this name */
    public @Nullable Integer drop(String name) {
        StoredCollection dropped = collections.remove(name);
        if (dropped == null) {
            return null;
        }
        int documents = dropped.size();
        dropped.drop();
        return documents;
    }

    /** The names of a database's collections, without the database. */
    public List<String> names(String database) {
        return collections.keySet().stream()
                .filter(name -> name.startsWith(database + "."))
                .map(name -> name.substring(database.length() + 1))
                .toList();
    }

    StoredDocument document(Buffer checked) {
        return StoredDocument.of(checked, ids, maxDocumentBytes);
    }

    /** @param into what gets one more document; null: none does @param more bytes */
    void requireRoom(@Nullable StoredCollection into, long more) {
        if (into != null && into.size() == bounds.maxDocuments()) {
            throw full("documents", bounds.maxDocuments());
        }
        if (bytes + more > bounds.maxBytes()) {
            throw full("bytes", bounds.maxBytes());
        }
    }

    void used(long more) {
        bytes += more;
    }

    private static CommandErrorException full(String what, long most) {
        return MongoErrorCode.EXCEEDED_MEMORY_LIMIT.with(what + ": more (expected: <= " + most + ")");
    }
}
