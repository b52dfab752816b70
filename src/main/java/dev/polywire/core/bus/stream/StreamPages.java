package dev.polywire.core.bus.stream;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.net.Monotonic;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * A stream behind a handle, page by page, for a reader with its own demand: it requests nothing in advance. It repeats a
 * request whose reply was lost, and renews the lease while no page is requested. One request at a time, on one context;
 * {@link StreamReader} is the same as a {@link io.vertx.core.streams.ReadStream}.
 */
public final class StreamPages {

    /** The lease of a handle without this field. */
    public static final long DEFAULT_LEASE_MILLIS = 30_000;

    private final Vertx vertx;
    private final StreamHandle stream;
    private final long silenceMillis;
    private final long keepAlive;
    private long number = 1;
    private long askedSinceTick;
    private boolean over;
    private @Nullable JsonObject resumePoint;

    /**
     * @param handle the reply of {@code open}
     * @param silenceMillis how long the service may send no reply at all, at least 1
     */
    public StreamPages(Vertx vertx, JsonObject handle, long silenceMillis) {
        this.vertx = vertx;
        this.silenceMillis = silenceMillis;
        long deadlineMillis = Math.min(silenceMillis, StreamService.DEFAULT_WAIT_MILLIS + StreamHandle.HOP_MILLIS);
        this.stream = new StreamHandle(vertx, handle, deadlineMillis);
        this.keepAlive = vertx.setPeriodic(stream.keepAliveMillis(), t -> keepLease());
    }

    /**
     * The next items, as soon as there is at least one.
     *
     * @param max 1 to 10,000
     * @return at most {@code max} items; none only at the end. Fails with the failure that ended the stream, NODE_LOST when
     *     the stream's address has no consumer any more, TIMEOUT when the service was silent for too long
     */
    public Future<StreamSource.Page> pull(int max) {
        Promise<StreamSource.Page> page = Promise.promise();
        pull(max, Monotonic.millis() + silenceMillis, page);
        return page.future();
    }

    /** The items that one request gets; a page without items when none arrive at once, or when there is no reply at all. */
    public Future<StreamSource.Page> poll(int max) {
        return over
                ? closed()
                : ask(number, max, StreamService.DEFAULT_WAIT_MILLIS)
                        .compose(
                                batch -> Future.succeededFuture(took(batch)),
                                cause -> StreamHandle.isLost(cause)
                                        ? Future.succeededFuture(new StreamSource.Page(new JsonArray(), false))
                                        : failed(cause));
    }

    /** Where a new stream goes on behind all items that were pulled; null: not known, or the protocol has no such place. */
    public @Nullable JsonObject resumePoint() {
        return resumePoint;
    }

    /** Releases the stream; a pending request for a page fails with CANCELLED. Closing it again does nothing. */
    public Future<Void> close() {
        if (over) {
            return Future.succeededFuture();
        }
        end();
        return stream.close();
    }

    /** One promise for all requests: a chain of futures would grow with each reply without items. */
    private void pull(int max, long dueMillis, Promise<StreamSource.Page> page) {
        if (over) {
            closed().onComplete(page);
            return;
        }
        ask(number, max, StreamService.DEFAULT_WAIT_MILLIS).onComplete((batch, cause) -> {
            if (cause == null) {
                StreamSource.Page got = took(batch);
                if (got.items().isEmpty() && !got.done()) {
                    pull(max, Monotonic.millis() + silenceMillis, page);
                } else {
                    page.complete(got);
                }
            } else if (StreamHandle.isLost(cause) && Monotonic.millis() < dueMillis) {
                // A repeated request gets the same reply.
                pull(max, dueMillis, page);
            } else {
                failed(cause).onComplete(page);
            }
        });
    }

    private StreamSource.Page took(Batch batch) {
        if (!batch.items().isEmpty()) {
            number++;
        }
        if (batch.resume() != null) {
            resumePoint = batch.resume();
        }
        if (batch.done()) {
            close();
        }
        return new StreamSource.Page(batch.items(), batch.done(), -1, batch.resume());
    }

    private Future<StreamSource.Page> failed(Throwable cause) {
        close();
        return Future.failedFuture(StreamHandle.end(cause));
    }

    private static Future<StreamSource.Page> closed() {
        return Future.failedFuture(Failure.CANCELLED.because("the stream was closed"));
    }

    private Future<Batch> ask(long batch, int max, long waitMillis) {
        askedSinceTick++;
        return stream.next(batch, max, waitMillis);
    }

    /** The outcome of this request does not matter: if the stream is lost, the next request fails. */
    private void keepLease() {
        if (askedSinceTick == 0) {
            ask(number, 0, 0);
        }
        askedSinceTick = 0;
    }

    private void end() {
        over = true;
        vertx.cancelTimer(keepAlive);
    }
}
