package dev.polywire.core.bus;

import dev.polywire.core.net.Monotonic;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * A stream behind a handle, page by page: for whoever has a demand of his own, and nothing is asked for ahead of it. Asks
 * again when a reply is lost, keeps the lease while nobody asks. One question at a time, on one context;
 * {@link StreamReader} is the same as a {@link io.vertx.core.streams.ReadStream}.
 */
public final class StreamPages {

    /** Of a handle that does not say. */
    public static final long DEFAULT_LEASE_MILLIS = 30_000;

    /** On top of the time the service waits for a first item: the way there and back. */
    private static final long HOP_MILLIS = 2_000;

    private final Vertx vertx;
    private final String address;
    private final String id;
    private final long silenceMillis;
    private final DeliveryOptions next;
    private final DeliveryOptions close;
    private final long keepAlive;
    private long number = 1;
    private long askedSinceTick;
    private boolean over;

    /**
     * @param handle what {@code open} gave
     * @param silenceMillis how long the service may answer nothing at all, at least 1
     */
    public StreamPages(Vertx vertx, JsonObject handle, long silenceMillis) {
        this.vertx = Polywire.install(vertx);
        this.address = handle.getString("address");
        this.id = handle.getString("id");
        this.silenceMillis = silenceMillis;
        long deadlineMillis = Math.min(silenceMillis, StreamService.DEFAULT_WAIT_MILLIS + HOP_MILLIS);
        this.next = Batch.wanted(options("next", deadlineMillis));
        this.close = options("close", deadlineMillis);
        long leaseMillis = handle.getLong("leaseMillis", DEFAULT_LEASE_MILLIS);
        this.keepAlive = vertx.setPeriodic(Math.max(1, leaseMillis / 3), t -> keepLease());
    }

    /**
     * The next items, as soon as there are some.
     *
     * @param max 1 to 10,000
     * @return at most so many; none only at the end. Fails with what ended the stream, NODE_LOST when nobody is there any
     *     more, TIMEOUT when it was silent for too long
     */
    public Future<StreamSource.Page> pull(int max) {
        return pull(max, Monotonic.millis() + silenceMillis);
    }

    /** What is there when it is asked for once; a page without items when nothing comes at once, or no answer at all. */
    public Future<StreamSource.Page> poll(int max) {
        return over
                ? closed()
                : ask(number, max, StreamService.DEFAULT_WAIT_MILLIS)
                        .compose(
                                this::took,
                                cause -> StreamReader.lost(cause)
                                        ? Future.succeededFuture(new StreamSource.Page(new JsonArray(), false))
                                        : failed(cause));
    }

    /** Releases the stream; whoever waits for a page hears CANCELLED. Closing it again does nothing. */
    public Future<Void> close() {
        if (over) {
            return Future.succeededFuture();
        }
        end();
        return vertx.eventBus()
                .request(address, new JsonObject().put("id", id), close)
                .mapEmpty();
    }

    private Future<StreamSource.Page> pull(int max, long dueMillis) {
        if (over) {
            return closed();
        }
        return ask(number, max, StreamService.DEFAULT_WAIT_MILLIS)
                .compose(
                        batch -> batch.items().isEmpty() && !batch.done() ? pull(max) : took(batch),
                        // The same question gets the same answer.
                        cause -> StreamReader.lost(cause) && Monotonic.millis() < dueMillis
                                ? pull(max, dueMillis)
                                : failed(cause));
    }

    private Future<StreamSource.Page> took(Batch batch) {
        if (!batch.items().isEmpty()) {
            number++;
        }
        if (batch.done()) {
            close();
        }
        return Future.succeededFuture(new StreamSource.Page(batch.items(), batch.done()));
    }

    private Future<StreamSource.Page> failed(Throwable cause) {
        boolean gone = cause instanceof ReplyException reply && reply.failureType() == ReplyFailure.NO_HANDLERS;
        close();
        return Future.failedFuture(
                gone ? Failure.NODE_LOST.because("nobody at the stream's address") : Failure.of(cause));
    }

    private static Future<StreamSource.Page> closed() {
        return Future.failedFuture(Failure.CANCELLED.because("the stream was closed"));
    }

    private Future<Batch> ask(long batch, int max, long waitMillis) {
        askedSinceTick++;
        JsonObject question = new JsonObject()
                .put("id", id)
                .put("batch", batch)
                .put("max", max)
                .put("waitMillis", waitMillis);
        return vertx.eventBus().request(address, question, next).map(Batch::of);
    }

    /** Whether it was heard does not matter: who has lost the stream says so to the next question. */
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

    private static DeliveryOptions options(String action, long deadlineMillis) {
        return new DeliveryOptions()
                .addHeader("action", action)
                .addHeader(RequestTable.TIMEOUT, Long.toString(deadlineMillis))
                .setSendTimeout(deadlineMillis);
    }
}
