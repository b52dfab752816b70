package dev.polywire.bolt.service;

import dev.polywire.bolt.client.BoltResult;
import dev.polywire.bolt.wire.BoltRecord;
import dev.polywire.bolt.wire.BoltResponse;
import dev.polywire.core.bus.request.Failure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;

/** The records of results that are answered as a whole; records beyond the limits are dropped. */
final class WholeResult implements BoltResult.Rows {

    /**
     * The limits of one answer.
     *
     * @param records 1 to 1,000,000
     * @param bytes of records in PackStream, 1,024 to 1 GiB
     */
    record Bounds(int records, int bytes) {}

    private final Bounds bounds;
    private JsonArray records = new JsonArray();
    private int count;
    private long bytes;
    private long heldBytes;
    private boolean over;

    WholeResult(Bounds bounds) {
        this.bounds = bounds;
    }

    /** @return false: the limit is reached */
    @Override
    public boolean row(BoltRecord record) {
        count++;
        bytes += record.rawBytes();
        over |= count > bounds.records || bytes > bounds.bytes;
        if (over) {
            records = new JsonArray();
            heldBytes = 0;
        } else {
            heldBytes += TypedJson.add(records, record);
        }
        return !over;
    }

    @Override
    public long heldBytes() {
        return heldBytes;
    }

    boolean isOver() {
        return over;
    }

    /** {@code {fields, records, summary}} of the records since the last call. */
    JsonObject answer(BoltResponse.Success end) {
        JsonArray taken = records;
        records = new JsonArray();
        return new JsonObject()
                .put("fields", new JsonArray(end.fields()))
                .put("records", taken)
                .put("summary", summary(end));
    }

    static JsonObject summary(BoltResponse.Success end) {
        JsonObject summary = TypedJson.fields(end.metadata());
        summary.remove("fields");
        return summary;
    }

    /** @param lasting whether the query completes nevertheless */
    ServiceException tooLarge(boolean lasting) {
        return Failure.LIMIT_EXCEEDED.because(
                "result: more (expected: <= " + bounds.records + " records of together <= " + bounds.bytes
                        + " bytes; a larger one is read by open)",
                false,
                lasting,
                null);
    }
}
