package dev.polywire.mongodb.service;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.MemoryAccount;
import dev.polywire.core.net.MemoryBudget;
import dev.polywire.core.net.MemoryHolder;
import dev.polywire.mongodb.client.MongoCall;
import dev.polywire.mongodb.client.MongoConnection;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
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
 *
 * <p>A batch that a reader has waited for in vain for 25 s ends it: TIMEOUT, and the connection is dropped.
 */
final class ExhaustCursor implements CursorBatches, MemoryHolder {

    /** So that one is there when the reader has used up the other. */
    static final int MAX_WAITING = 2;

    private final MongoConnection connection;
    private final CursorCalls calls;
    private final ArrayDeque<Buffer> waiting = new ArrayDeque<>();
    /** Of what waits, also when its connection is gone. */
    private final MemoryAccount memory;

    private @Nullable MongoCall call;
    private boolean over;
    private boolean closed;
    private @Nullable Throwable failure;
    private @Nullable Promise<Buffer> asked;

    ExhaustCursor(Vertx vertx, MongoConnection connection, CursorCalls calls) {
        this.connection = connection;
        this.calls = calls;
        this.memory = MemoryBudget.of(vertx).open("unread batches of " + connection.target(), this);
    }

    @Override
    public Future<Buffer> next(int max, @Nullable Object request) {
        Buffer first = waiting.poll();
        if (first != null) {
            count();
            return Future.succeededFuture(first);
        } else if (failure != null) {
            return Future.failedFuture(failure);
        } else if (over) {
            return calls.getMore(connection, max, request);
        }
        Promise<Buffer> promise = Promise.promise();
        asked = promise;
        MongoCall running = call;
        if (running == null) {
            running = calls.exhaust(max);
            call = running;
            connection.exhaust(running, batch -> came(batch.body()));
            running.document().onComplete(this::last);
        }
        if (asked == promise) {
            watch(running, promise, request);
        }
        return promise.future();
    }

    /** We only read: that the server is gone shows in its silence, and in nothing else. */
    private void watch(MongoCall running, Promise<Buffer> reader, @Nullable Object request) {
        Deadline patience = calls.patience(request);
        patience.whenExpired(() -> silent(running, reader, request));
        reader.future().onComplete(told -> patience.met());
    }

    private void silent(MongoCall running, Promise<Buffer> reader, @Nullable Object request) {
        if (!connection.isRead()) {
            // There is no memory for what the server sends, so the silence may be ours.
            watch(running, reader, request);
            return;
        }
        // Told when the connection is gone: it closes it.
        asked = null;
        running.expired();
        connection.drop(CallException.lost("closed by us: the answer was too late"));
        running.answer().onFailure(reader::fail);
    }

    private void last(AsyncResult<Buffer> last) {
        over = true;
        if (last.succeeded()) {
            came(last.result());
            return;
        }
        Throwable why = failure == null ? last.cause() : failure;
        failure = why;
        Promise<Buffer> reader = asked;
        asked = null;
        if (reader != null) {
            reader.fail(why);
        }
    }

    private void came(Buffer batch) {
        Promise<Buffer> reader = asked;
        asked = null;
        if (reader != null) {
            reader.complete(batch);
            return;
        }
        if (!closed) {
            waiting.add(batch);
            count();
        }
    }

    private void count() {
        memory.holds(waiting.stream().mapToLong(Buffer::length).sum());
        hold();
    }

    private void hold() {
        connection.hold(waiting.size() >= MAX_WAITING || !waiting.isEmpty() && !memory.mayRead());
    }

    @Override
    public void read(boolean on) {
        hold();
    }

    @Override
    public void drop(CallException why) {
        failure = why;
        waiting.clear();
        count();
        WaitingCursor.close(connection);
    }

    @Override
    public void close() {
        closed = true;
        waiting.clear();
        memory.close();
        WaitingCursor.close(connection);
    }
}
