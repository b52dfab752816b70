package dev.polywire.mongodb.service;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** A cursor whose getMores take any connection of the pool. */
record PooledCursor(CursorCalls calls) implements CursorBatches {

    @Override
    public Future<Buffer> next(int max, @Nullable Object request) {
        return calls.getMore(max, request);
    }

    @Override
    public void close() {}
}
