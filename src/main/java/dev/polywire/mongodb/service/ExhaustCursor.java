package dev.polywire.mongodb.service;

import dev.polywire.mongodb.client.MongoCall;
import dev.polywire.mongodb.client.MongoConnection;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A cursor whose batches the server sends one after the other, without being asked for each. There is no credit in the
 * protocol: while {@link #MAX_WAITING} of them wait here, the connection is not read.
 *
 * <pre>
 *   getMore, exhaustAllowed ->
 *                           <- batch, moreToCome
 *                           <- batch, moreToCome      two wait: the connection is held, until the reader has taken one
 *                           <- batch                  the cursor is over; if not, the server does not know exhaust,
 *   getMore ->              <- batch                  and each further batch is asked for, on the same connection
 * </pre>
 */
final class ExhaustCursor implements CursorBatches {

    /** So that one is there when the reader has used up the other. */
    static final int MAX_WAITING = 2;

    private final MongoConnection connection;
    private final CursorCalls calls;
    private final ArrayDeque<Buffer> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private boolean started;
    private boolean over;
    private @Nullable Throwable failure;
    private @Nullable Promise<Buffer> asked;

    ExhaustCursor(MongoConnection connection, CursorCalls calls) {
        this.connection = connection;
        this.calls = calls;
    }

    @Override
    public Future<Buffer> next(int max, @Nullable Object request) {
        Buffer first = waiting.poll();
        if (first != null) {
            count(-first.length());
            connection.hold(false);
            return Future.succeededFuture(first);
        } else if (failure != null) {
            return Future.failedFuture(failure);
        } else if (over) {
            return calls.getMore(connection, max, request);
        }
        Promise<Buffer> promise = Promise.promise();
        asked = promise;
        if (!started) {
            started = true;
            MongoCall call = calls.exhaust(max);
            connection.exhaust(call, batch -> came(batch.body()));
            call.document().onComplete(this::last);
        }
        return promise.future();
    }

    private void last(AsyncResult<Buffer> last) {
        over = true;
        if (last.succeeded()) {
            came(last.result());
            return;
        }
        failure = last.cause();
        Promise<Buffer> reader = asked;
        asked = null;
        if (reader != null) {
            reader.fail(last.cause());
        }
    }

    private void came(Buffer batch) {
        Promise<Buffer> reader = asked;
        asked = null;
        if (reader != null) {
            reader.complete(batch);
            return;
        }
        waiting.add(batch);
        count(batch.length());
        if (waiting.size() == MAX_WAITING) {
            connection.hold(true);
        }
    }

    private void count(int more) {
        waitingBytes += more;
        connection.keeps(waitingBytes);
    }

    @Override
    public void close() {
        waiting.clear();
        WaitingCursor.close(connection);
    }
}
