package dev.polywire.mongodb.session;

import dev.polywire.core.net.PoolEvent;
import dev.polywire.core.net.Spi;
import dev.polywire.mongodb.client.MongoCall;
import java.util.List;
import java.util.function.Consumer;

/**
 * Tells the {@link Spi} what happens in a pool. A command is checked out from its start to its answer, or to the end of its
 * connection, so that as many are checked in as out.
 */
final class PoolEvents {

    static final String POOL_CLOSED = "poolClosed";
    static final String STALE = "stale";
    static final String IDLE = "idle";
    static final String ERROR = "error";
    static final String CONNECTION_ERROR = "connectionError";
    static final String TIMEOUT = "timeout";

    private final Spi spi;
    private final String target;
    /** The last of what happens has been told, but for commands that come too late. */
    private boolean closed;
    /** Whether no connection was opened since the pool was made, or the generation raised. */
    private boolean paused = true;

    PoolEvents(Spi spi, String target) {
        this.spi = spi;
        this.target = target;
    }

    void tell(PoolEvent event) {
        tell(event, "");
    }

    /** A connection is open. */
    void ready() {
        if (paused) {
            paused = false;
            tell(PoolEvent.POOL_READY);
        }
    }

    /** The generation was raised. */
    void cleared() {
        if (!paused) {
            paused = true;
            tell(PoolEvent.POOL_CLEARED);
        }
    }

    /** @param connecting connections whose end is told now, though it comes later */
    void closed(int connecting) {
        for (int told = 0; told < connecting; told++) {
            tell(PoolEvent.CONNECTION_CLOSED, POOL_CLOSED);
        }
        tell(PoolEvent.POOL_CLOSED);
        closed = true;
    }

    /** @param reason one of those above */
    void tell(PoolEvent event, String reason) {
        if (spi != Spi.NONE && !(closed && event == PoolEvent.CONNECTION_CLOSED)) {
            spi.pool("mongodb", target, event, reason);
        }
    }

    void checkedOut(MongoPlace place) {
        place.given++;
        tell(PoolEvent.CONNECTION_CHECKED_OUT);
    }

    /** @param stillGiven commands that are not over */
    void checkedIn(MongoPlace place, int stillGiven) {
        for (; place.given > stillGiven; place.given--) {
            tell(PoolEvent.CONNECTION_CHECKED_IN);
        }
    }

    /** No connection takes these. */
    void failed(List<MongoCall> calls, String reason, Consumer<MongoCall> how) {
        for (MongoCall each : calls) {
            tell(PoolEvent.CONNECTION_CHECK_OUT_FAILED, reason);
            how.accept(each);
        }
    }
}
