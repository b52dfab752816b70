package dev.polywire.bolt.client;

import dev.polywire.bolt.wire.BoltRecord;
import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.BoltResponse;
import dev.polywire.core.net.Call;
import dev.polywire.core.net.Deadline;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One request on its way. */
final class BoltCall extends Call<BoltResponse.Success> {

    private final BoltRequest request;
    private final Consumer<BoltRecord> rows;

    /**
     * @param lasting it may have changed something when its answer is lost
     * @param deadline when somebody gives up on it; null: nobody waits for it
     * @param rows takes what comes before the answer
     */
    BoltCall(BoltRequest request, boolean lasting, @Nullable Deadline deadline, Consumer<BoltRecord> rows) {
        super(lasting, deadline);
        this.request = request;
        this.rows = rows;
    }

    /** One without rows. */
    BoltCall(BoltRequest request, boolean lasting, @Nullable Deadline deadline) {
        this(request, lasting, deadline, row -> {});
    }

    @Override
    protected String operation() {
        return request.message().name();
    }

    BoltRequest request() {
        return request;
    }

    /** A row of one that has failed is nobody's. */
    void row(BoltRecord row) {
        if (!isOver()) {
            rows.accept(row);
        }
    }
}
