package dev.polywire.bolt.server;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes as many rows from a result as a PULL or DISCARD wants, no faster than the client reads: while too much output is
 * unread, it does not call the handler.
 */
final class RowPump {

    static final int PAGE_ROWS = 1_000;
    /** Rows of one turn of the event loop; then other connections follow. */
    private static final int ROWS_A_TURN = 512;

    private final CurrentRequest current;
    private final RowOutput output;
    private final OpenResult open;
    private final boolean discards;
    private final Promise<Boolean> more = Promise.promise();
    private long left;
    /** True until the client reads. */
    private boolean waits;

    private boolean moving;
    private boolean stopped;

    /** @param n -1: all */
    RowPump(CurrentRequest current, RowOutput output, OpenResult open, long n, boolean discards) {
        this.current = current;
        this.output = output;
        this.open = open;
        this.left = n < 0 ? Long.MAX_VALUE : n;
        this.discards = discards;
    }

    /** @return whether the result has more rows, once the request is satisfied */
    Future<Boolean> start() {
        move();
        return more.future();
    }

    /** The client has read some output. */
    void written() {
        if (waits && !moving && !stopped && !output.isFull()) {
            move();
        }
    }

    /** The rows are no longer wanted. */
    void stop() {
        stopped = true;
    }

    private void move() {
        waits = false;
        moving = true;
        try {
            for (int moved = 0; !stopped; moved++) {
                if (moved == ROWS_A_TURN) {
                    output.socket().later(this::resume);
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
            output.socket().flush();
        }
    }

    private boolean isFull() {
        if (discards || !output.isFull()) {
            return false;
        }
        output.socket().flush();
        return output.isFull();
    }

    private void resume() {
        if (!stopped) {
            move();
        }
    }

    private void take(List<? extends @Nullable Object> row) {
        left--;
        if (discards) {
            return;
        }
        open.read();
        if (!output.machine().record(current.number, row)) {
            stopped = true;
        }
    }

    /** @return whether the rows are available now */
    private boolean ask() {
        int max = (int) Math.min(left, PAGE_ROWS);
        Future<ResultRows.Page> given = current.call(() -> open.result.rows().next(max))
                .map(page -> {
                    open.given(page, max);
                    return page;
                });
        if (given.succeeded()) {
            return true;
        }
        given.onComplete(page -> resume(), this::fail);
        return false;
    }

    private void fail(Throwable why) {
        stopped = true;
        more.tryFail(why);
    }
}
