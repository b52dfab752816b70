package dev.polywire.mongodb.service;

import dev.polywire.core.net.CallException;
import dev.polywire.mongodb.client.MongoConnection;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** A cursor whose getMores wait at the server, on a connection of their own, so that nobody waits behind them. */
record WaitingCursor(MongoConnection connection, CursorCalls calls, long awaitMillis) implements CursorBatches {

    @Override
    public Future<Buffer> next(int max, @Nullable Object request) {
        return calls.await(connection, max, awaitMillis, request);
    }

    @Override
    public void close() {
        close(connection);
    }

    /** What waits on it is not wanted any more. */
    static void close(MongoConnection own) {
        own.close(CallException.lost("closed by us: its cursor is not read any more"));
    }
}
