package dev.polywire.bolt.service;

import dev.polywire.bolt.client.BoltResult;
import dev.polywire.bolt.wire.BoltRecord;
import dev.polywire.bolt.wire.BoltVersion;
import dev.polywire.bolt.wire.PackStreamWriter;
import dev.polywire.bolt.wire.ValueDialect;
import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.bus.stream.StreamForm;
import dev.polywire.core.bus.stream.StreamSource;
import dev.polywire.core.net.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A result as a stream: a page is a {@code PULL n} for the reader's free space. If a page is full before n records have
 * arrived, the rest waits in the socket; in a transaction, whose other answers follow, it waits here, and the next
 * {@code n} is smaller.
 */
final class ResultStream implements StreamSource, BoltResult.Rows {

    /** The server may take this long for a page; a reader that gives up closes the stream, or its lease expires. */
    private static final long PAGE_MILLIS = 600_000;
    /** A query whose rest is discarded may take this long to end; then it is stopped. */
    static final long DISCARD_MILLIS = 5_000;
    /** The first page, while the size of records is unknown. */
    private static final int FIRST_RECORDS = 100;

    private final Vertx vertx;
    private final BoltResult result;
    private final QueryOptions options;
    private final int fetchRecords;
    /** The limit on bytes that wait here; 0: they wait in the socket. */
    private final int waitingBytes;

    private final ArrayDeque<BoltRecord> waiting = new ArrayDeque<>();
    private JsonArray items = new JsonArray();
    private long itemBytes;
    /** What {@link #items} take in memory. */
    private long itemHeldBytes;

    private int maxBytes;
    private long keptBytes;
    private long records;
    private long recordBytes;
    private boolean ended;
    private boolean summarised;
    private @Nullable Failure stopped;

    /** @param waitingBytes the limit on bytes that wait here when they must not wait in the socket; 0: they may */
    ResultStream(Vertx vertx, BoltResult result, QueryOptions options, int fetchRecords, int waitingBytes) {
        this.vertx = vertx;
        this.result = result;
        this.options = options;
        this.fetchRecords = fetchRecords;
        this.waitingBytes = waitingBytes;
        summarised = !options.summary();
    }

    @Override
    public Future<Page> pull(int max, int maxBytes) {
        return pull(max, maxBytes, null);
    }

    @Override
    public Future<Page> pull(int max, int maxBytes, @Nullable Object request) {
        this.maxBytes = maxBytes;
        return filled(max, request);
    }

    @Override
    public long heldBytes() {
        return keptBytes + itemHeldBytes;
    }

    @Override
    public Future<Void> close() {
        stop(Failure.CANCELLED);
        return discard(vertx, result);
    }

    /** The remaining records are not delivered: the reader's next request fails with {@code why}. */
    void stop(Failure why) {
        stopped = stopped == null ? why : stopped;
        waiting.clear();
        keptBytes = 0;
    }

    /** Lets the server end a query whose rest is not wanted. Its outcome is ignored: it may have failed. */
    static Future<Void> discard(Vertx vertx, BoltResult result) {
        if (result.ended().isComplete()) {
            return Future.succeededFuture();
        }
        Deadline deadline = Deadline.after(vertx, DISCARD_MILLIS);
        return result.discard(deadline)
                .onComplete(ended -> deadline.met())
                .otherwiseEmpty()
                .mapEmpty();
    }

    private Future<Page> filled(int max, @Nullable Object request) {
        requireReadable();
        while (!waiting.isEmpty() && items.size() < max && itemBytes < maxBytes) {
            BoltRecord record = waiting.remove();
            keptBytes -= record.rawBytes();
            add(record);
        }
        if (!items.isEmpty() || ended) {
            return Future.succeededFuture(page());
        }
        Deadline deadline = Deadline.after(vertx, PAGE_MILLIS, request);
        return result.pull(demand(max), this, deadline)
                .onComplete(pulled -> deadline.met())
                .compose(more -> {
                    ended = !more;
                    return filled(max, request);
                });
    }

    private int demand(int max) {
        int most = Math.min(max, fetchRecords);
        if (waitingBytes == 0) {
            return most;
        }
        long fitting = records == 0 ? FIRST_RECORDS : maxBytes / Math.max(1, recordBytes / records);
        return (int) Math.max(1, Math.min(most, fitting));
    }

    @Override
    public boolean row(BoltRecord record) {
        records++;
        recordBytes += record.rawBytes();
        if (stopped != null) {
            return true;
        }
        if (itemBytes < maxBytes) {
            add(record);
            return waitingBytes > 0 || itemBytes < maxBytes;
        }
        waiting.add(record.copy());
        keptBytes += record.rawBytes();
        return keptBytes < waitingBytes;
    }

    private void add(BoltRecord record) {
        itemBytes += record.rawBytes();
        if (options.form() == StreamForm.RAW) {
            items.add(record.raw());
            itemHeldBytes += record.rawBytes();
        } else {
            itemHeldBytes += TypedJson.add(items, record);
        }
    }

    private Page page() {
        boolean last = ended && waiting.isEmpty();
        if (last && !summarised) {
            summarised = true;
            items.add(options.form() == StreamForm.RAW ? packed() : new JsonObject().put("summary", summary()));
        }
        Page page = new Page(items, last, itemHeldBytes);
        items = new JsonArray();
        itemBytes = 0;
        itemHeldBytes = 0;
        return page;
    }

    private JsonObject summary() {
        return WholeResult.summary(result.ended().result());
    }

    private Buffer packed() {
        return packed(result.ended().result().metadata());
    }

    static Buffer packed(Map<String, @Nullable Object> metadata) {
        return new PackStreamWriter(ValueDialect.of(BoltVersion.V6_1), Integer.MAX_VALUE)
                .map(metadata)
                .take();
    }

    private void requireReadable() {
        if (stopped != null) {
            throw stopped.because("the stream ended before it was read");
        }
    }
}
