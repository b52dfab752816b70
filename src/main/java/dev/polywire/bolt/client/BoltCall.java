package dev.polywire.bolt.client;

import dev.polywire.bolt.wire.BoltRecord;
import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.BoltResponse;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One request on its way. */
final class BoltCall {

    private final BoltRequest request;
    private final boolean lasting;
    private final Consumer<BoltRecord> rows;
    private final Promise<BoltResponse.Success> answer = Promise.promise();
    private @Nullable Deadline deadline;
    private boolean sent;
    private @Nullable Object span;

    /**
     * @param lasting it may have changed something when its answer is lost
     * @param rows takes what comes before the answer
     */
    BoltCall(BoltRequest request, boolean lasting, Consumer<BoltRecord> rows) {
        this.request = request;
        this.lasting = lasting;
        this.rows = rows;
    }

    /** One without rows. */
    BoltCall(BoltRequest request, boolean lasting) {
        this(request, lasting, row -> {});
    }

    /** When somebody gives up on it; null: nobody waits for it. */
    BoltCall until(@Nullable Deadline deadline) {
        this.deadline = deadline;
        return this;
    }

    boolean waitsFor(Deadline deadline) {
        return this.deadline == deadline && !answer.future().isComplete();
    }

    void watch(Consumer<Deadline> expired) {
        Deadline watched = deadline;
        if (watched != null) {
            watched.whenExpired(() -> expired.accept(watched));
        }
    }

    boolean isLate() {
        return deadline != null && deadline.expired();
    }

    BoltRequest request() {
        return request;
    }

    Future<BoltResponse.Success> answer() {
        return answer.future();
    }

    @Nullable
    Object span() {
        return span;
    }

    void sent(@Nullable Object span) {
        this.sent = true;
        this.span = span;
    }

    /** A row of one that has failed is nobody's. */
    void row(BoltRecord row) {
        if (!answer.future().isComplete()) {
            rows.accept(row);
        }
    }

    void answered(BoltResponse.Success success) {
        answer.tryComplete(success);
    }

    void failed(RuntimeException cause) {
        answer.tryFail(cause);
    }

    /** Its connection is down: what that means for this call. */
    void lost(RuntimeException cause) {
        boolean leaving = cause instanceof CallException ours && ours.reason() == Reason.SHUTTING_DOWN;
        if (!sent && leaving) {
            failed(cause);
        } else {
            Reason reason = sent && lasting ? Reason.UNKNOWN_OUTCOME : Reason.CONNECTION_LOST;
            failed(new CallException(reason, cause.getMessage(), cause));
        }
    }
}
