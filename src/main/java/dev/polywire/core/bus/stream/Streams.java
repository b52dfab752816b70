package dev.polywire.core.bus.stream;

import dev.polywire.core.bus.handle.HandleRoom;
import dev.polywire.core.bus.handle.Rooms;
import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.bus.request.Request;
import dev.polywire.core.bus.request.RequestTable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All open streams of one connector instance, behind the one address of their room. */
public final class Streams implements StreamService {

    private final Vertx vertx;
    private final RequestTable requests;
    private final HandleRoom<PagedStream> open;
    private final String name;
    private long late;

    /** The streams have a room of their own. */
    public Streams(Vertx vertx, RequestTable requests, Rooms rooms) {
        this.vertx = vertx;
        this.requests = requests;
        this.open = rooms.room("stream", StreamService.class, this);
        this.name = "stream of " + rooms.address();
    }

    /**
     * Opens a stream for the request that is being handed over.
     *
     * @param opening makes the source; not called when no further stream is allowed
     * @return as {@link HandleRoom#open}
     */
    public Future<JsonObject> open(Supplier<Future<? extends StreamSource>> opening) {
        return open(StreamForm.JSON, opening);
    }

    /** The same in the form that the caller requests: in raw form the items of the source are buffers. */
    public Future<JsonObject> open(StreamForm form, Supplier<Future<? extends StreamSource>> opening) {
        return open.open(() -> opening.get().map(source -> stream(source, form)));
    }

    /**
     * Opens a stream of one item, which is pulled at once and returned with the handle: its reader only has to settle it.
     *
     * @param opening makes the source; null: there is no item, and no handle
     */
    public Future<@Nullable JsonObject> openOne(Supplier<Future<? extends @Nullable SettledSource>> opening) {
        Object span = requests.current().deadline().span();
        return open.open(() -> opening.get()
                .compose(source ->
                        source == null ? Future.succeededFuture() : given(stream(source, StreamForm.JSON), span)));
    }

    private static Future<PagedStream> given(PagedStream stream, @Nullable Object span) {
        return stream.next(1, 1, 0, span).map(given -> stream).onFailure(none -> stream.close());
    }

    private PagedStream stream(StreamSource source, StreamForm form) {
        return new PagedStream(vertx, source, form, requests::failure, name);
    }

    @Override
    public Future<JsonObject> next(String id, long batch, int max, @Nullable Long waitMillis) {
        Request<?> request = requests.current();
        range("max", max, 0, MAX_BATCH_ITEMS);
        long wait = range("waitMillis", waitMillis == null ? DEFAULT_WAIT_MILLIS : waitMillis, 0, MAX_WAIT_MILLIS);
        PagedStream stream = open.use(id);
        Future<Batch> next = max == 0
                ? Future.succeededFuture(PagedStream.nothing(batch))
                : stream.next(batch, max, wait, request.deadline().span()).onComplete(answered -> open.has(id));
        return next.map(it -> answer(request, stream.form(), it));
    }

    @Override
    public Future<JsonObject> settle(
            String id,
            @Nullable JsonArray ack,
            @Nullable JsonArray nack,
            @Nullable JsonArray reject,
            @Nullable JsonObject options) {
        Settlement said = Settlement.read(ack, nack, reject, options);
        Settlement.Effect effect = open.use(id).settle(said);
        late += effect.late();
        return Future.succeededFuture(new JsonObject().put("settled", effect.settled()));
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
        return stream == null ? Future.succeededFuture() : stream.close();
    }

    public int size() {
        return open.size();
    }

    /** Streams that were not read for the length of a lease. */
    public long lapsed() {
        return open.lapsed();
    }

    /** Words of readers about items that the protocol had taken back. */
    public long lateSettlements() {
        return late;
    }

    private static long range(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw Failure.BAD_REQUEST.because(name + ": " + value + " (expected: " + min + " to " + max + ")");
        }
        return value;
    }
}
