package dev.polywire.core.bus.stream;

import dev.polywire.core.bus.handle.HandleRoom;
import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.json.JsonWeight;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.MemoryAccount;
import dev.polywire.core.net.MemoryBudget;
import dev.polywire.core.net.MemoryHolder;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One open stream: numbers the pages of its source, keeps the two newest, and answers the waiting readers. While the memory
 * budget is exceeded it keeps the newest only, so that a reader that goes on needs no more memory.
 *
 * <pre>
 *   asked again      served from here       may be requested
 *   | produced-1 | produced |             | produced+1 | produced+2 |
 * </pre>
 */
final class PagedStream implements HandleRoom.Held, MemoryHolder {

    private static final int AHEAD = 2;

    private final Vertx vertx;
    private final StreamSource source;
    private final StreamForm form;
    private final Function<Throwable, ServiceException> failures;
    private final MemoryBudget budget;
    private final MemoryAccount memory;
    private final TreeMap<Long, Kept> kept = new TreeMap<>();
    private final TreeMap<Long, Waiter> waiting = new TreeMap<>();
    private final Unsettled unsettled = new Unsettled();
    private long produced;
    private long keptBytes;
    private boolean pulling;
    private boolean done;
    private boolean released;
    private boolean dropped;
    /** It has failed, and what was given can be settled. */
    private boolean cut;

    private @Nullable ServiceException failure;
    /** Behind everything that was produced. */
    private @Nullable JsonObject resume;

    private record Kept(Batch batch, long bytes) {}

    /** @param request the reader's, for the observer of requests */
    private record Waiter(
            Promise<Batch> promise, int max, @Nullable Object request) {}

    /**
     * @param form RAW: the items of the source are buffers
     * @param failures the protocol's mapping, for the failure that ends the source
     * @param name who holds its batches, for people
     */
    PagedStream(
            Vertx vertx,
            StreamSource source,
            StreamForm form,
            Function<Throwable, ServiceException> failures,
            String name) {
        this.vertx = vertx;
        this.source = source;
        this.form = form;
        this.failures = failures;
        this.budget = MemoryBudget.of(vertx);
        this.memory = budget.open(name, this);
        count();
        if (source instanceof SettledSource settled) {
            settled.cutHandler(this::cut);
            settled.lapseHandler(this::lapsed);
        }
    }

    /** The answer to who only renews the lease: nobody knows which batches he has. */
    static Batch nothing(long batch) {
        return new Batch(batch, new JsonArray(), false, null);
    }

    private Batch empty(long batch) {
        return new Batch(batch, new JsonArray(), done, resume);
    }

    StreamForm form() {
        return form;
    }

    /** @param request the reader's, as returned by {@code Spi.admitted} */
    Future<Batch> next(long batch, int max, long waitMillis, @Nullable Object request) {
        Kept known = kept.get(batch);
        if (known != null) {
            return Future.succeededFuture(known.batch);
        }
        if (dropped) {
            return Future.failedFuture(Objects.requireNonNull(failure));
        }
        if (batch == produced - 1 && budget.isExceeded()) {
            throw Failure.OVERLOADED.because("batch: " + batch + " is not kept; " + budget.noRoomFor(0));
        }
        if (batch <= produced || batch > produced + AHEAD) {
            throw Failure.BAD_REQUEST.because(
                    "batch: " + batch + " (expected: " + (produced + 1) + " or " + (produced + AHEAD) + ")");
        }
        if (failure != null) {
            return Future.failedFuture(failure);
        }
        if (done) {
            return Future.succeededFuture(empty(batch));
        }
        return wait(batch, waitMillis, new Waiter(Promise.promise(), max, request));
    }

    /** A reader asks two batches ahead at most, so it has those before the one before this. */
    private Future<Batch> wait(long batch, long waitMillis, Waiter waiter) {
        forget(batch - 1);
        Waiter earlier = waiting.put(batch, waiter);
        if (earlier != null) {
            earlier.promise.tryComplete(empty(batch));
        }
        count();
        pump();
        if (waiter.promise.future().isComplete()) {
            return waiter.promise.future();
        }
        long timer = vertx.setTimer(Math.max(1, waitMillis), t -> {
            waiting.remove(batch, waiter);
            count();
            waiter.promise.tryComplete(empty(batch));
        });
        return waiter.promise.future().onComplete(answered -> vertx.cancelTimer(timer));
    }

    Settlement.Effect settle(Settlement said) {
        if (!(source instanceof SettledSource settled)) {
            throw Failure.BAD_REQUEST.because("settle: of a stream whose items need none");
        } else if (failure != null && !cut) {
            throw failure;
        }
        Settlement.Effect effect = released ? Settlement.Effect.NOTHING : said.tell(settled, unsettled);
        endIfOver();
        return effect;
    }

    private void lapsed(long first, long last) {
        unsettled.lapse(first, last);
        endIfOver();
    }

    private void endIfOver() {
        if ((done || cut) && !released) {
            end();
        }
    }

    private void pump() {
        while (memory.mayRead() && !pulling && !waiting.isEmpty() && !done && failure == null) {
            pulling = true;
            boolean[] later = new boolean[1];
            pull(waiting.firstEntry().getValue()).onComplete(pulled -> {
                pulling = false;
                if (pulled.succeeded()) {
                    produced(pulled.result());
                } else if (failure == null) {
                    fail(pulled.cause());
                }
                count();
                if (later[0]) {
                    pump();
                }
            });
            later[0] = true;
            count();
        }
    }

    private Future<StreamSource.Page> pull(Waiter first) {
        return Failure.called(() -> source.pull(first.max, StreamSource.MAX_PAGE_BYTES, first.request));
    }

    private void produced(StreamSource.Page page) {
        if (released) {
            return;
        }
        done = page.done();
        if (page.items().isEmpty()) {
            resume = page.resume() == null ? resume : page.resume();
        } else {
            produced++;
            resume = page.resume();
            unsettled.gave(page.items().size());
            Batch answer =
                    new Batch(produced, form == StreamForm.RAW ? joined(page.items()) : page.items(), done, resume);
            long bytes = page.heldBytes() < 0 ? JsonWeight.items(answer.items().getList()) : page.heldBytes();
            forget(budget.isExceededBy(bytes) ? produced : produced - 1);
            kept.put(produced, new Kept(answer, bytes));
            keptBytes += bytes;
            Waiter waiter = waiting.remove(produced);
            if (waiter != null) {
                waiter.promise.tryComplete(answer);
            }
        }
        if (done) {
            end();
        }
    }

    /** The reader has all batches before this one. */
    private void forget(long number) {
        while (!kept.isEmpty() && kept.firstKey() < number) {
            keptBytes -= kept.pollFirstEntry().getValue().bytes;
        }
    }

    /** A stream that a reader waits for goes on when it may pull; then it is the turn of the connection that brings the page. */
    private void count() {
        memory.holds(keptBytes + (released ? 0 : source.heldBytes()), !waiting.isEmpty() && !pulling);
    }

    @Override
    public void read(boolean on) {
        if (!on) {
            forget(produced);
            count();
        }
        pump();
    }

    @Override
    public void drop(CallException why) {
        dropped = true;
        fail(why);
        forget(Long.MAX_VALUE);
        count();
    }

    /** The last items may still be settled. */
    private void end() {
        if (source instanceof SettledSource && unsettled.count() > 0) {
            tell(this::tellEnd);
        } else {
            finish();
        }
    }

    /** The source gives nothing more. */
    private void cut(Throwable cause) {
        if (unsettled.count() == 0) {
            fail(cause);
        } else if (!released) {
            ServiceException typed = failures.apply(cause);
            failure = typed;
            cut = true;
            tell((batch, waiter) -> waiter.promise.tryFail(typed));
        }
    }

    /** Ends the stream with a failure, which all waiting and all later requests get. */
    Future<Void> fail(Throwable cause) {
        ServiceException typed = failures.apply(cause);
        failure = typed;
        cut = false;
        return over((batch, waiter) -> waiter.promise.tryFail(typed));
    }

    /** Whether a reader waits for a batch at this moment. */
    @Override
    public boolean inUse() {
        return !waiting.isEmpty();
    }

    @Override
    public Future<Void> release(Failure why) {
        forgetAll();
        return fail(why.because(why == Failure.NOT_FOUND ? "the stream's lease lapsed" : "the connector is leaving"));
    }

    /** The reader has enough. */
    Future<Void> close() {
        forgetAll();
        return finish();
    }

    /** Nobody asks for a batch again. */
    private void forgetAll() {
        forget(Long.MAX_VALUE);
        memory.close();
    }

    /** There are no more items: waiting requests get an empty last batch. */
    private Future<Void> finish() {
        done = true;
        return over(this::tellEnd);
    }

    private void tellEnd(long batch, Waiter waiter) {
        waiter.promise.tryComplete(empty(batch));
    }

    private void tell(BiConsumer<Long, Waiter> tell) {
        Map<Long, Waiter> told = new TreeMap<>(waiting);
        waiting.clear();
        told.forEach(tell);
    }

    private Future<Void> over(BiConsumer<Long, Waiter> tell) {
        tell(tell);
        if (released) {
            return Future.succeededFuture();
        }
        released = true;
        return Failure.called(source::close);
    }

    /** Copies the records: they are slices of larger answers, which must not stay in memory. */
    private static JsonArray joined(JsonArray records) {
        Buffer all = Buffer.buffer();
        for (int i = 0; i < records.size(); i++) {
            all.appendBuffer(records.getBuffer(i));
        }
        return new JsonArray().add(all);
    }
}
