package dev.polywire.mongodb.server;

import dev.polywire.mongodb.store.DocumentCursor;
import dev.polywire.mongodb.store.MongoErrorCode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The open cursors of a server. Any connection may read one. */
final class CursorTable {

    private final int maxCursors;
    private final boolean owns;
    private final RandomGenerator random;
    private final Map<Long, OpenCursor> cursors = new HashMap<>();

    /** @param owns whether a cursor ends with the connection that has opened it */
    CursorTable(int maxCursors, boolean owns, RandomGenerator random) {
        this.maxCursors = maxCursors;
        this.owns = owns;
        this.random = random;
    }

    /** Keeps one that is not exhausted. @return its id; 0: it is exhausted */
    long keep(ScriptedPeer owner, DocumentCursor cursor) {
        return cursor.isExhausted() ? 0 : keep(new OpenCursor(owner, cursor, false));
    }

    long keep(OpenCursor cursor) {
        if (cursors.size() == maxCursors) {
            throw MongoErrorCode.EXCEEDED_MEMORY_LIMIT.with("cursors: more (expected: <= " + maxCursors + ")");
        }
        long id = random.nextLong(1, Long.MAX_VALUE);
        while (cursors.containsKey(id)) {
            id = random.nextLong(1, Long.MAX_VALUE);
        }
        cursors.put(id, cursor);
        return id;
    }

    /** Null: there is none of this number and collection. */
    @Nullable
    OpenCursor find(long id, String namespace) {
        OpenCursor found = cursors.get(id);
        return found == null || !found.documents().namespace().equals(namespace) ? null : found;
    }

    /** Ends one, and who waits for its documents. @return whether there was one */
    boolean kill(long id) {
        OpenCursor killed = cursors.remove(id);
        if (killed != null) {
            killed.killed();
        }
        return killed != null;
    }

    /** A connection has ended, and its cursors with it when they are owned. */
    void ended(ScriptedPeer owner) {
        if (owns) {
            List<Long> ended = cursors.entrySet().stream()
                    .filter(each -> each.getValue().owner() == owner)
                    .map(Map.Entry::getKey)
                    .toList();
            ended.forEach(this::kill);
        }
    }

    int size() {
        return cursors.size();
    }
}
