package dev.polywire.mongodb.server;

import dev.polywire.mongodb.store.DocumentCursor;
import org.jspecify.annotations.Nullable;

/** A cursor that a client can read on, and the getMore that reads it now. */
final class OpenCursor {

    private final ScriptedPeer owner;
    private final DocumentCursor documents;
    private final boolean awaits;
    /** Told when the cursor is killed; null: nobody waits for it. */
    private @Nullable Runnable reader;

    OpenCursor(ScriptedPeer owner, DocumentCursor documents, boolean awaits) {
        this.owner = owner;
        this.documents = documents;
        this.awaits = awaits;
    }

    /** The connection that has opened it. */
    ScriptedPeer owner() {
        return owner;
    }

    DocumentCursor documents() {
        return documents;
    }

    /** Whether a getMore waits for documents at the end ({@code awaitData}). */
    boolean awaits() {
        return awaits;
    }

    boolean isRead() {
        return reader != null;
    }

    /** @param killed of who waits for documents; null: nobody does any more */
    void read(@Nullable Runnable killed) {
        reader = killed;
    }

    /** Tells who waits. */
    void killed() {
        Runnable waiting = reader;
        reader = null;
        if (waiting != null) {
            waiting.run();
        }
    }
}
