package dev.polywire.mongodb.server;

import dev.polywire.mongodb.store.DocumentCursor;
import dev.polywire.mongodb.store.MongoErrorCode;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The open cursors of a server. Any connection may read one; it ends with the connection that has opened it. */
final class CursorTable {

    private record Entry(ScriptedPeer owner, DocumentCursor cursor) {}

    private final int maxCursors;
    private final RandomGenerator random;
    private final Map<Long, Entry> cursors = new HashMap<>();

    CursorTable(int maxCursors, RandomGenerator random) {
        this.maxCursors = maxCursors;
        this.random = random;
    }

    /** Keeps one that is not exhausted. @return its id; 0: it is exhausted */
    long keep(ScriptedPeer owner, DocumentCursor cursor) {
        if (cursor.isExhausted()) {
            return 0;
        }
        if (cursors.size() == maxCursors) {
            throw MongoErrorCode.EXCEEDED_MEMORY_LIMIT.with("cursors: more (expected: <= " + maxCursors + ")");
        }
        long id = random.nextLong(1, Long.MAX_VALUE);
        while (cursors.containsKey(id)) {
            id = random.nextLong(1, Long.MAX_VALUE);
        }
        cursors.put(id, new Entry(owner, cursor));
        return id;
    }

    /** Null: there is none of this number and collection. */
    @Nullable
    DocumentCursor find(long id, String namespace) {
        Entry found = cursors.get(id);
        return found == null || !found.cursor().namespace().equals(namespace) ? null : found.cursor();
    }

    /** Ends one. @return whether there was one */
    boolean kill(long id) {
        return cursors.remove(id) != null;
    }

    /** Ends those of a connection. */
    void ended(ScriptedPeer owner) {
        cursors.values().removeIf(each -> each.owner() == owner);
    }

    int size() {
        return cursors.size();
    }
}
