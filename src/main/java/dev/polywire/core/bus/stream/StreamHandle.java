package dev.polywire.core.bus.stream;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.bus.request.RequestTable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;

/** The reader's side of a stream's handle: its requests, and the meaning of a missing reply. */
final class StreamHandle {

    /** In addition to the time that the service waits for a first item: the way there and back. */
    static final long HOP_MILLIS = 2_000;

    private final EventBus bus;
    private final String address;
    private final String id;
    private final long leaseMillis;
    private final DeliveryOptions next;
    private final DeliveryOptions settle;
    private final DeliveryOptions close;

    /**
     * @param handle the reply of {@code open}
     * @param deadlineMillis of each request
     */
    StreamHandle(Vertx vertx, JsonObject handle, long deadlineMillis) {
        this.bus = Batch.install(Failure.install(vertx)).eventBus();
        this.address = handle.getString("address");
        this.id = handle.getString("id");
        this.leaseMillis = handle.getLong("leaseMillis", StreamPages.DEFAULT_LEASE_MILLIS);
        this.next = Batch.wanted(options("next", deadlineMillis));
        this.settle = options("settle", deadlineMillis);
        this.close = options("close", deadlineMillis);
    }

    long leaseMillis() {
        return leaseMillis;
    }

    /** A reader without a request for this time, a third of the lease, renews the lease. */
    long keepAliveMillis() {
        return Math.max(1, leaseMillis / 3);
    }

    /** A repeated request gets the same reply. */
    Future<Batch> next(long batch, int max, long waitMillis) {
        JsonObject question = new JsonObject()
                .put("id", id)
                .put("batch", batch)
                .put("max", max)
                .put("waitMillis", waitMillis);
        return bus.request(address, question, next).map(Batch::of);
    }

    Future<Integer> settle(JsonObject settlement) {
        return bus.<JsonObject>request(address, settlement.copy().put("id", id), settle)
                .map(answer -> answer.body().getInteger("settled"));
    }

    Future<Void> close() {
        return bus.request(address, new JsonObject().put("id", id), close)
                .<Void>mapEmpty()
                .recover(cause -> Future.failedFuture(end(cause)));
    }

    /** Whether the reply was lost: the service's own failures are typed. */
    static boolean isLost(Throwable cause) {
        return cause instanceof ReplyException reply
                && reply.failureType() == ReplyFailure.TIMEOUT
                && !Failure.discarded(reply);
    }

    /** The failure that ended the stream, typed. */
    static Throwable end(Throwable cause) {
        boolean gone = cause instanceof ReplyException reply && reply.failureType() == ReplyFailure.NO_HANDLERS;
        return gone ? Failure.NODE_LOST.because("nobody at the address of the handle") : Failure.of(cause);
    }

    private static DeliveryOptions options(String action, long deadlineMillis) {
        return new DeliveryOptions()
                .addHeader("action", action)
                .addHeader(RequestTable.TIMEOUT, Long.toString(deadlineMillis))
                .setSendTimeout(deadlineMillis);
    }
}
