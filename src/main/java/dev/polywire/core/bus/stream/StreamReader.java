package dev.polywire.core.bus.stream;

import dev.polywire.core.net.Monotonic;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.core.streams.ReadStream;
import java.util.ArrayDeque;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A stream behind a handle as a {@link ReadStream}: requests two batches in advance, repeats a request whose reply was
 * lost, renews the lease while it is paused, closes the handle at its end. Items are {@link JsonObject}s, or other JSON
 * values of the stream; of a stream in raw form an item is a {@link io.vertx.core.buffer.Buffer} with all records of a
 * batch. Use it on one context.
 */
public final class StreamReader implements ReadStream<Object> {

    /** Default items of a batch: enough to hide the delay of a hop, and far below the limit of a batch's bytes. */
    public static final int DEFAULT_MAX = 256;

    private static final int AHEAD = 2;

    private final Vertx vertx;
    private final StreamHandle stream;
    private final int max;
    private final long waitMillis;
    private final ArrayDeque<Object> buffer = new ArrayDeque<>();
    private final TreeMap<Long, Batch> early = new TreeMap<>();
    /** Of the batches in the buffer, oldest first; the last one may stand behind all of them. */
    private final ArrayDeque<ResumePoint> points = new ArrayDeque<>();

    private long asked;
    private long arrived;
    private long demand = Long.MAX_VALUE;
    /** Items that have reached the buffer, and items that have left it. */
    private long buffered;

    private long emitted;
    private long keepAlive = -1;
    private long repeated;
    private boolean done;
    private boolean over;
    private boolean emitting;
    private @Nullable JsonObject resumePoint;
    private @Nullable Handler<Object> items;
    private @Nullable Handler<Void> end;
    private @Nullable Handler<Throwable> failed;

    /** @param behind how many items of the stream are before it */
    private record ResumePoint(long behind, JsonObject resume) {}

    /** Reads with the default batch size and wait. @param handle the reply of {@code open} */
    public StreamReader(Vertx vertx, JsonObject handle) {
        this(vertx, handle, DEFAULT_MAX, StreamService.DEFAULT_WAIT_MILLIS);
    }

    /**
     * @param handle the reply of {@code open}
     * @param max items of a batch, 1 to 10,000
     * @param waitMillis how long the service waits for a first item before it replies without items, 0 to 10,000
     */
    public StreamReader(Vertx vertx, JsonObject handle, int max, long waitMillis) {
        this(vertx, handle, max, waitMillis, StreamHandle.HOP_MILLIS);
    }

    StreamReader(Vertx vertx, JsonObject handle, int max, long waitMillis, long hopMillis) {
        this.vertx = vertx;
        this.stream = new StreamHandle(vertx, handle, waitMillis + hopMillis);
        this.max = max;
        this.waitMillis = waitMillis;
    }

    @Override
    public StreamReader handler(@Nullable Handler<Object> handler) {
        items = handler;
        advance();
        return this;
    }

    @Override
    public StreamReader endHandler(@Nullable Handler<Void> handler) {
        end = handler;
        return this;
    }

    /** Receives the failure that ended the stream, once, typed. */
    @Override
    public StreamReader exceptionHandler(@Nullable Handler<Throwable> handler) {
        failed = handler;
        return this;
    }

    @Override
    public StreamReader pause() {
        demand = 0;
        keepLease();
        return this;
    }

    @Override
    public StreamReader resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public StreamReader fetch(long amount) {
        if (amount < 0) {
            throw new IllegalArgumentException("amount: " + amount + " (expected: >= 0)");
        }
        demand = demand + amount < 0 ? Long.MAX_VALUE : demand + amount;
        advance();
        return this;
    }

    /**
     * Settles items, where the protocol needs their outcome, see {@link StreamService#settle}. Settling them again does
     * nothing, so this may be repeated when the reply is lost.
     *
     * @param settlement {@code {ack, nack, reject, options}}: lists of item numbers; the first item has number 1
     * @return how many items this call has settled
     */
    public Future<Integer> settle(JsonObject settlement) {
        return settle(settlement, Monotonic.millis());
    }

    private Future<Integer> settle(JsonObject settlement, long sinceMillis) {
        long askedMillis = Monotonic.millis();
        return stream.settle(settlement)
                .recover(cause -> mayComeBack(cause, askedMillis, sinceMillis)
                        ? settle(settlement, sinceMillis)
                        : Future.failedFuture(StreamHandle.end(cause)));
    }

    /**
     * Where a new stream goes on so that no item is missed, in the protocol's own terms: what the newest batch says whose
     * items have all been given to the handler. The items given since come again. It moves on without items, too, where the
     * protocol says so. Null: the protocol has no such place, or no batch was given whole yet.
     */
    public @Nullable JsonObject resumePoint() {
        while (!points.isEmpty() && points.peekFirst().behind <= emitted) {
            resumePoint = points.removeFirst().resume;
        }
        return resumePoint;
    }

    /** Stops reading and releases the stream. Neither the end handler nor the exception handler is called. */
    public Future<Void> close() {
        if (over) {
            return Future.succeededFuture();
        }
        over = true;
        vertx.cancelTimer(keepAlive);
        return stream.close();
    }

    /** Batches that were requested again because their reply was lost. */
    public long repeated() {
        return repeated;
    }

    private void advance() {
        if (emitting || items == null || over) {
            return;
        }
        emitting = true;
        try {
            while (demand > 0 && !buffer.isEmpty() && items != null && !over) {
                if (demand != Long.MAX_VALUE) {
                    demand--;
                }
                emitted++;
                items.handle(buffer.remove());
            }
        } finally {
            // A handler that throws loses its item, not the stream.
            emitting = false;
            if (!over) {
                askOrEnd();
            }
        }
    }

    private void askOrEnd() {
        if (done && buffer.isEmpty()) {
            close();
            if (end != null) {
                end.handle(null);
            }
            return;
        }
        while (!done && asked < arrived + AHEAD && buffer.size() < AHEAD * max) {
            ask(++asked, Monotonic.millis());
        }
        keepLease();
    }

    /** A reader without a reply for a third of the lease, because it is paused or a reply was lost, renews the lease. */
    private void keepLease() {
        vertx.cancelTimer(keepAlive);
        if (!done && !over) {
            keepAlive = vertx.setTimer(stream.keepAliveMillis(), t -> {
                // The next renewal does not wait for this reply: if it is lost, the lease must not lapse.
                keepLease();
                stream.next(arrived, 0, 0).onComplete(said -> {
                    if (said.succeeded() || StreamHandle.isLost(said.cause())) {
                        advance();
                    } else {
                        fail(said.cause());
                    }
                });
            });
        }
    }

    private void ask(long batch, long sinceMillis) {
        long askedMillis = Monotonic.millis();
        stream.next(batch, max, waitMillis).onComplete(got -> {
            if (over) {
                return;
            }
            if (got.succeeded()) {
                arrived(got.result());
            } else if (mayComeBack(got.cause(), askedMillis, sinceMillis)) {
                repeated++;
                ask(batch, sinceMillis);
            } else {
                fail(got.cause());
            }
        });
    }

    /**
     * Whether a request is repeated: its reply was lost, and when it was sent last less than a lease had passed since the
     * first time. After a longer silence the service has released the stream.
     */
    private boolean mayComeBack(Throwable cause, long askedMillis, long sinceMillis) {
        return StreamHandle.isLost(cause) && askedMillis - sinceMillis < stream.leaseMillis();
    }

    private void arrived(Batch answer) {
        if (answer.items().isEmpty() && !answer.done()) {
            if (answer.number() == arrived + 1) {
                goesOn(answer.resume());
            }
            ask(answer.number(), Monotonic.millis());
            return;
        }
        early.put(answer.number(), answer);
        while (!early.isEmpty() && early.firstKey() == arrived + 1) {
            Batch next = early.pollFirstEntry().getValue();
            arrived++;
            for (int i = 0; i < next.items().size(); i++) {
                buffer.add(next.item(i));
            }
            buffered += next.items().size();
            goesOn(next.resume());
            done |= next.done();
        }
        advance();
    }

    /** Behind all that has reached the buffer. */
    private void goesOn(@Nullable JsonObject resume) {
        if (resume != null) {
            // Nobody else may ever ask, and the points that were passed go.
            resumePoint();
            if (!points.isEmpty() && points.peekLast().behind == buffered) {
                points.removeLast();
            }
            points.addLast(new ResumePoint(buffered, resume));
        }
    }

    private void fail(Throwable cause) {
        if (over) {
            return;
        }
        close();
        if (failed != null) {
            failed.handle(StreamHandle.end(cause));
        }
    }
}
