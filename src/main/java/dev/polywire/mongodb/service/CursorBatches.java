package dev.polywire.mongodb.service;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** Where the batches of a cursor come from, behind its first one. Asked for one at a time, while there are more. */
interface CursorBatches {

    /**
     * The next answer of the server, {@code ok: 0} included.
     *
     * @param max the reader's room
     * @param request the reader's, for the observer of requests
     */
    Future<Buffer> next(int max, @Nullable Object request);

    /** There is no more, or nobody wants it: releases what is held for it here, but not the cursor itself. Repeating it does nothing. */
    void close();
}
