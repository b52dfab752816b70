package dev.polywire.app.cli;

import dev.polywire.core.bus.request.Failure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A stream behind a handle, pulled batch by batch through the bridge; its lease is renewed between the pulls. */
final class PulledStream implements AutoCloseable {

    private static final int BATCH_ITEMS = 256;
    private static final long WAIT_MILLIS = 1_000;
    /** The service's time in addition to the wait: the round trip. */
    private static final long NEXT_TIMEOUT_MILLIS = WAIT_MILLIS + 2_000;
    /** Short, because a person waits for it at the terminal. */
    private static final long CLOSE_TIMEOUT_MILLIS = 2_000;

    private static final long DEFAULT_LEASE_MILLIS = 30_000;

    private final BridgeClient bridge;
    private final String address;
    private final String id;
    private final ScheduledExecutorService lease;
    /** A lost reply is requested again; after a lease without any the service has released the stream. */
    private final long maxRepeats;

    private volatile long arrived;
    private volatile boolean closing;
    private boolean closed;

    private PulledStream(BridgeClient bridge, String address, String id, long leaseMillis) {
        this.bridge = bridge;
        this.address = address;
        this.id = id;
        this.maxRepeats = leaseMillis / NEXT_TIMEOUT_MILLIS + 1;
        this.lease = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "stream-lease");
            thread.setDaemon(true);
            return thread;
        });
        long eachMillis = Math.max(1, leaseMillis / 3);
        lease.scheduleAtFixedRate(this::renew, eachMillis, eachMillis, TimeUnit.MILLISECONDS);
    }

    /** Requests a stream from a service. @throws ServiceException when the service refuses */
    static PulledStream open(BridgeClient bridge, String address, String action, JsonObject body, long timeoutMillis) {
        Object handle = bridge.call(address, action, body, timeoutMillis, Failure.UNKNOWN_OUTCOME);
        if (handle instanceof JsonObject json
                && json.getValue("address") instanceof String room
                && json.getValue("id") instanceof String id) {
            long leaseMillis =
                    json.getValue("leaseMillis") instanceof Number number ? number.longValue() : DEFAULT_LEASE_MILLIS;
            return new PulledStream(bridge, room, id, leaseMillis);
        }
        throw Failure.BAD_REQUEST.because("action: " + action + " gave no stream (expected: {address, id})");
    }

    /** The items of the next batch, empty when none arrived in time; null at the end. */
    @Nullable
    JsonArray next() {
        JsonObject question = question(arrived + 1, BATCH_ITEMS, WAIT_MILLIS);
        for (long repeats = 0; ; repeats++) {
            try {
                return answered(bridge.call(address, "next", question, NEXT_TIMEOUT_MILLIS, Failure.CONNECTION_LOST));
            } catch (ServiceException failed) {
                if (closing) {
                    return null;
                }
                if (failed.failureCode() != Failure.TIMEOUT.code() || repeats == maxRepeats) {
                    throw nobodyThere(failed) ? Failure.NODE_LOST.because("nobody at the stream's address") : failed;
                }
            }
        }
    }

    /** Releases the stream, and waits for the answer. From any thread, any number of times. */
    @Override
    public synchronized void close() {
        closing = true;
        if (closed) {
            return;
        }
        closed = true;
        lease.shutdownNow();
        try {
            bridge.call(
                    address, "close", new JsonObject().put("id", id), CLOSE_TIMEOUT_MILLIS, Failure.CONNECTION_LOST);
        } catch (ServiceException gone) {
            // The lease ends the stream.
        }
    }

    private @Nullable JsonArray answered(@Nullable Object body) {
        if (!(body instanceof JsonObject answer) || !(answer.getValue("items") instanceof JsonArray items)) {
            throw Failure.PROTOCOL_VIOLATION.because("next: no items (expected: {batch, items, done, resume})");
        }
        boolean done = Boolean.TRUE.equals(answer.getValue("done"));
        if (!items.isEmpty()) {
            arrived++;
            return items;
        }
        return done ? null : items;
    }

    private void renew() {
        bridge.tell(address, "next", question(arrived, 0, 0), NEXT_TIMEOUT_MILLIS);
    }

    private JsonObject question(long batch, int max, long waitMillis) {
        return new JsonObject()
                .put("id", id)
                .put("batch", batch)
                .put("max", max)
                .put("waitMillis", waitMillis);
    }

    private static boolean nobodyThere(ServiceException failed) {
        return failed.failureCode() == Failure.UNAVAILABLE.code();
    }
}
