package dev.polywire.bolt.client;

import dev.polywire.bolt.wire.BoltMessage;
import dev.polywire.bolt.wire.BoltRecord;
import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.BoltResponse;
import dev.polywire.core.net.Call;
import dev.polywire.core.net.Deadline;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One request and its answer. */
final class BoltCall extends Call<BoltResponse.Success> {

    private final BoltMessage message;
    private @Nullable BoltRequest request;
    private final Consumer<BoltRecord> rows;

    /**
     * @param lasting the request may have changed something when its answer is lost
     * @param deadline when the caller gives up; null: no caller waits
     * @param rows takes the records before the answer
     */
    BoltCall(BoltRequest request, boolean lasting, @Nullable Deadline deadline, Consumer<BoltRecord> rows) {
        super(lasting, deadline);
        this.message = request.message();
        this.request = request;
        this.rows = rows;
    }

    /** A request without records. */
    BoltCall(BoltRequest request, boolean lasting, @Nullable Deadline deadline) {
        this(request, lasting, deadline, row -> {});
    }

    @Override
    protected String operation() {
        return message.name();
    }

    BoltMessage message() {
        return message;
    }

    /** The request, once: a call that waits for its answer does not keep it in memory. */
    BoltRequest takeRequest() {
        BoltRequest whole = Objects.requireNonNull(request);
        request = null;
        return whole;
    }

    /** Passes a record on, unless the request has failed. */
    void row(BoltRecord row) {
        if (!isOver()) {
            rows.accept(row);
        }
    }
}
