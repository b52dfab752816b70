package dev.polywire.bolt.server;

import dev.polywire.bolt.wire.BoltRequest;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes as many rows from a result as a PULL or DISCARD wants, no faster than the client reads: while much waits to be
 * written, the handler is not asked.
 */
final class RowPump {

    static final int PAGE_ROWS = 1_000;
    /** Work of one turn of the event loop; other connections come next. */
    private static final int ROWS_A_TURN = 512;

    private final ServedConnection connection;
    private final Asked asked;
    private final OpenResult open;
    private final boolean discards;
    private final Promise<Boolean> more = Promise.promise();
    private long left;
    /** Until the client reads. */
    private boolean waits;

    private boolean moving;
    private boolean stopped;

    private RowPump(ServedConnection connection, Asked asked, OpenResult open, long n, boolean discards) {
        this.connection = connection;
        this.asked = asked;
        this.open = open;
        this.left = n < 0 ? Long.MAX_VALUE : n;
        this.discards = discards;
    }

    static RowPump pull(ServedConnection connection, Asked asked, OpenResult open, BoltRequest.Pull pull) {
        return new RowPump(connection, asked, open, pull.n(), false);
    }

    static RowPump discard(ServedConnection connection, Asked asked, OpenResult open, BoltRequest.Discard discard) {
        return new RowPump(connection, asked, open, discard.n(), true);
    }

    /** @return whether the result has more, when the request has had all it wanted */
    Future<Boolean> start() {
        move();
        return more.future();
    }

    /** The client has read something. */
    void written() {
        if (waits && !moving && !stopped && !connection.outputFull()) {
            move();
        }
    }

    /** Nobody wants the rows any more. */
    void stop() {
        stopped = true;
    }

    private void move() {
        waits = false;
        moving = true;
        try {
            for (int moved = 0; !stopped; moved++) {
                if (moved == ROWS_A_TURN) {
                    connection.later(this::resume);
                    break;
                } else if (open.hasNext() && left > 0) {
                    if (isFull()) {
                        waits = true;
                        break;
                    }
                    take(open.next());
                } else if (left == 0 || open.isOver()) {
                    stopped = true;
                    more.complete(open.hasNext() || !open.isOver());
                } else if (!ask()) {
                    break;
                }
            }
        } catch (RuntimeException bad) {
            fail(bad);
        } finally {
            moving = false;
        }
        if (!discards) {
            connection.flush();
        }
    }

    private boolean isFull() {
        if (discards || !connection.outputFull()) {
            return false;
        }
        connection.flush();
        return connection.outputFull();
    }

    private void resume() {
        if (!stopped) {
            move();
        }
    }

    private void take(List<? extends @Nullable Object> row) {
        left--;
        if (!discards && !connection.record(asked, row)) {
            stopped = true;
        }
    }

    /** @return whether the rows are here */
    private boolean ask() {
        int max = (int) Math.min(left, PAGE_ROWS);
        Future<ResultRows.Page> page =
                connection.call(asked, () -> open.result.rows().next(max));
        if (page.succeeded()) {
            open.given(page.result(), max);
            return true;
        }
        page.onComplete(done -> {
            if (!stopped && page.succeeded()) {
                received(page.result(), max);
            } else if (!stopped) {
                fail(page.cause());
            }
        });
        return false;
    }

    private void received(ResultRows.Page page, int max) {
        try {
            open.given(page, max);
        } catch (RuntimeException bad) {
            fail(bad);
            return;
        }
        move();
    }

    private void fail(Throwable why) {
        stopped = true;
        more.tryFail(why);
    }
}
