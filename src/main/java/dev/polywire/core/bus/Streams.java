package dev.polywire.core.bus;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All open streams of one connector instance, behind the one address of their room. */
public final class Streams implements StreamService {

    /** A batch ends when its items have about this size: it becomes one bus message. */
    static final int MAX_BATCH_BYTES = 1024 * 1024;

    private final Vertx vertx;
    private final String address;
    private final RequestTable requests;
    private final Handles<PagedStream> open;
    private boolean leaving;

    Streams(Vertx vertx, String address, RequestTable requests, ConnectorOptions options) {
        this.vertx = vertx;
        this.address = address;
        this.requests = requests;
        this.open = new Handles<>(
                vertx,
                options.leaseMillis(),
                options.maxStreams(),
                options.maxStreamsPerCaller(),
                PagedStream::awaited,
                PagedStream::lapse);
    }

    /**
     * Opens a stream for the request that is being handed over.
     *
     * @param opening makes the source; not called when no further stream is allowed
     * @return {@code {address, id, leaseMillis}}, or a failure of the table, OVERLOADED among them
     */
    public Future<JsonObject> open(Supplier<Future<? extends StreamSource>> opening) {
        return open(StreamForm.JSON, opening);
    }

    /** The same in the form that its opener asks for: in raw form the items of the source are buffers. */
    public Future<JsonObject> open(StreamForm form, Supplier<Future<? extends StreamSource>> opening) {
        Request<?> request = requests.current();
        return Failure.typed(() -> {
            admit(request);
            return opening.get().compose(source -> opened(request, new PagedStream(vertx, source, form)));
        });
    }

    /**
     * Opens a stream of one item, which is given with it: a reader has nothing left to do but to settle it.
     *
     * @param opening makes the source; null: there is no item, and no handle
     */
    public Future<@Nullable JsonObject> openOne(Supplier<Future<? extends @Nullable SettledSource>> opening) {
        Request<?> request = requests.current();
        return Failure.typed(() -> {
            admit(request);
            return opening.get().compose(source -> source == null ? Future.succeededFuture() : given(request, source));
        });
    }

    private Future<JsonObject> given(Request<?> request, SettledSource source) {
        PagedStream stream = new PagedStream(vertx, source, StreamForm.JSON);
        return stream.next(1, 1, 0, request.deadline().span()).compose(given -> opened(request, stream));
    }

    private void admit(Request<?> request) {
        if (leaving) {
            throw Failure.SHUTTING_DOWN.because("the connector is leaving");
        }
        open.admit(request.caller());
    }

    /** Much may have happened since the request came. */
    private Future<JsonObject> opened(Request<?> request, PagedStream stream) {
        String id;
        try {
            if (request.answered()) {
                throw Failure.CANCELLED.because("its caller has given up and will never read it");
            }
            admit(request);
            id = open.add(request.caller(), stream);
        } catch (ServiceException no) {
            return stream.close().transform(closed -> Future.failedFuture(no));
        }
        return Future.succeededFuture(
                new JsonObject().put("address", address).put("id", id).put("leaseMillis", open.leaseMillis()));
    }

    @Override
    public Future<JsonObject> next(String id, long batch, int max, @Nullable Long waitMillis) {
        Request<?> request = requests.current();
        return Failure.typed(() -> {
            range("max", max, 0, MAX_BATCH_ITEMS);
            long wait = range("waitMillis", waitMillis == null ? DEFAULT_WAIT_MILLIS : waitMillis, 0, MAX_WAIT_MILLIS);
            PagedStream stream = use(id);
            Future<Batch> next = max == 0
                    ? Future.succeededFuture(PagedStream.nothing(batch))
                    : stream.next(batch, max, wait, request.deadline().span()).onComplete(answered -> open.use(id));
            return next.map(it -> answer(request, stream.form(), it));
        });
    }

    @Override
    public Future<JsonObject> settle(
            String id,
            @Nullable JsonArray ack,
            @Nullable JsonArray nack,
            @Nullable JsonArray reject,
            @Nullable JsonObject options) {
        return Failure.typed(() -> {
            Settlement said = Settlement.read(ack, nack, reject, options);
            return Future.succeededFuture(new JsonObject().put("settled", use(id).settle(said)));
        });
    }

    private PagedStream use(String id) {
        PagedStream stream = open.use(id);
        if (stream == null) {
            throw Failure.NOT_FOUND.because(
                    "id: no such stream (closed, or not used for " + open.leaseMillis() + " ms)");
        }
        return stream;
    }

    private static JsonObject answer(Request<?> request, StreamForm form, Batch batch) {
        if (form == StreamForm.RAW) {
            request.answerAs(batch.records(), batch.headers());
        } else if (request.headers().contains(Batch.WANTED)) {
            request.answerAs(batch, new DeliveryOptions());
        }
        return batch.toJson();
    }

    @Override
    public Future<Void> close(String id) {
        PagedStream stream = open.remove(id);
        return stream == null ? Future.succeededFuture() : Failure.typed(stream::close);
    }

    /** From now on none is opened, though the request came in time. */
    void refuse() {
        leaving = true;
    }

    /** Ends all of them with a failure. */
    Future<Void> closeAll(Failure failure, String why) {
        List<Future<Void>> closing = open.removeAll().stream()
                .map(stream -> stream.fail(failure.because(why)))
                .toList();
        return Future.join(closing).mapEmpty();
    }

    int size() {
        return open.size();
    }

    long lapsed() {
        return open.lapsed();
    }

    private static long range(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw Failure.BAD_REQUEST.because(name + ": " + value + " (expected: " + min + " to " + max + ")");
        }
        return value;
    }
}
