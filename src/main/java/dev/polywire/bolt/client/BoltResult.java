package dev.polywire.bolt.client;

import dev.polywire.bolt.wire.BoltRecord;
import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.BoltResponse;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The result of one query. The server sends only as many records as requested: by {@code PULL n} where the version has it,
 * before version 4 by not reading the socket. A result must be read to its end or discarded, or its connection reset.
 */
public final class BoltResult {

    /** Takes records. */
    @FunctionalInterface
    public interface Rows extends BoltConnection.Gatherer {

        /** @return false: enough for now; the rest waits for the next {@link #pull} */
        boolean row(BoltRecord row);
    }

    private final BoltConnection connection;
    private final boolean lasting;
    private final Promise<List<String>> opened = Promise.promise();
    private final Promise<BoltResponse.Success> ended = Promise.promise();
    private Map<String, @Nullable Object> metadata = Map.of();
    private long qid = -1;
    /** The outstanding PULL or DISCARD. */
    private @Nullable BoltCall demand;
    /** How many records it may still bring. */
    private long comingRows;

    private @Nullable Page page;
    private boolean held;
    private boolean discarding;

    /** The state of one {@link #pull}. */
    private static final class Page {
        private final Rows rows;
        private final Promise<Boolean> more = Promise.promise();
        private long left;
        private boolean started;

        private Page(long n, Rows rows) {
            this.left = n < 0 ? Long.MAX_VALUE : n;
            this.rows = rows;
        }
    }

    BoltResult(BoltConnection connection, boolean lasting) {
        this.connection = connection;
        this.lasting = lasting;
    }

    void open(BoltRequest.Run query, Deadline deadline) {
        connection
                .send(new BoltCall(query, lasting, deadline))
                .onSuccess(this::opened)
                .onFailure(this::failed);
    }

    /** The names of its columns, as soon as the server has accepted the query. */
    public Future<List<String>> opened() {
        return opened.future();
    }

    /** The server's summary: bookmark, statistics, notifications, plan; together with the metadata from the beginning. */
    public Future<BoltResponse.Success> ended() {
        return ended.future();
    }

    /**
     * Requests records; may be called before {@link #opened}.
     *
     * @param n the maximum, at least 1; -1: all
     * @return whether there may be more; fails as described at {@link BoltConnection}
     */
    public Future<Boolean> pull(long n, Rows rows, Deadline deadline) {
        if (ended.future().isComplete()) {
            return ended.future().map(end -> false);
        }
        if (page != null || discarding) {
            return Future.failedFuture(new CallException(Reason.BAD_REQUEST, "pull: while rows are on their way"));
        }
        Page asked = new Page(n, rows);
        page = asked;
        go(deadline, n);
        return asked.more.future();
    }

    /**
     * Before version 4 requests all records now, together with the query: servers of that time may answer neither alone. The
     * records wait in the socket for {@link #pull}. For callers that wait for {@link #opened} first.
     */
    public void ahead() {
        if (!connection.server().version().hasDemand()) {
            demand(null, -1);
        }
    }

    /** Drops the remaining records; a query that writes still completes. @return {@link #ended} */
    public Future<BoltResponse.Success> discard(Deadline deadline) {
        if (!ended.future().isComplete() && !discarding) {
            discarding = true;
            go(deadline, -1);
        }
        return ended.future();
    }

    private void go(Deadline deadline, long n) {
        BoltCall coming = demand;
        if (coming != null) {
            coming.until(deadline);
            connection.watch(coming);
            if (held) {
                held = false;
                connection.hold(false);
            }
        } else if (opened.future().isComplete() || connection.isLast(this)) {
            demand(deadline, n);
        } else {
            // Until the server has sent the query's id, the query can only be addressed as the last one.
            opened.future().onSuccess(open -> demand(deadline, n));
        }
    }

    private void demand(@Nullable Deadline deadline, long n) {
        boolean counted = connection.server().version().hasDemand();
        long asked = counted ? n : -1;
        comingRows = asked < 0 ? Long.MAX_VALUE : asked;
        BoltRequest request = discarding ? new BoltRequest.Discard(asked, qid) : new BoltRequest.Pull(asked, qid);
        BoltCall call = new BoltCall(request, lasting, deadline, this::row);
        demand = call;
        connection.send(call).onSuccess(end -> answered(end, deadline)).onFailure(this::failed);
    }

    private void row(BoltRecord row) {
        comingRows--;
        Page asked = page;
        if (asked == null || discarding) {
            return;
        }
        asked.left--;
        if (!asked.started) {
            asked.started = true;
            connection.gathers(asked.rows);
        }
        boolean enough = !asked.rows.row(row) || asked.left == 0;
        BoltCall coming = demand;
        if (enough && comingRows > 0 && coming != null) {
            rest(coming);
            turn(true);
        }
    }

    /** What comes waits in the socket. */
    private void rest(BoltCall coming) {
        held = true;
        coming.until(null);
        connection.hold(true);
    }

    private void answered(BoltResponse.Success answer, @Nullable Deadline deadline) {
        demand = null;
        if (!answer.hasMore()) {
            Map<String, @Nullable Object> all = new LinkedHashMap<>(metadata);
            all.putAll(answer.metadata());
            ended.tryComplete(new BoltResponse.Success(all));
            turn(false);
        } else if (discarding) {
            demand(deadline, -1);
        } else {
            turn(true);
        }
    }

    private void opened(BoltResponse.Success answer) {
        try {
            qid = answer.qid();
            metadata = answer.metadata();
            opened.tryComplete(answer.fields());
            if (demand != null && page == null && !discarding) {
                rest(demand);
            }
        } catch (ProtocolException malformed) {
            failed(malformed);
        }
    }

    void failed(Throwable cause) {
        demand = null;
        held = false;
        // A listener may close the connection, and the failures from that close are not the cause.
        Page asked = page;
        page = null;
        opened.tryFail(cause);
        ended.tryFail(cause);
        if (asked != null) {
            asked.more.tryFail(cause);
            connection.gathered(asked.rows);
        }
    }

    private void turn(boolean more) {
        Page asked = page;
        if (asked != null) {
            page = null;
            // Whoever gets the rows now, gets them in this turn.
            asked.more.tryComplete(more);
            connection.gathered(asked.rows);
        }
    }
}
