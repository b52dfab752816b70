package dev.polywire.bolt.server;

import dev.polywire.bolt.wire.TransactionOptions;
import dev.polywire.core.net.Monotonic;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, from where, and under which terms: one object for each request, so that nothing of one user's outlives his login.
 * Belongs to the connection's context.
 */
public final class ServerSession {

    private final ServerPeer peer;
    private final String user;
    private final TransactionOptions options;
    private final long dueMillis;
    private @Nullable Runnable cancelled;
    private boolean over;

    ServerSession(ServerPeer peer, String user, TransactionOptions options, long dueMillis) {
        this.peer = peer;
        this.user = user;
        this.options = options;
        this.dueMillis = dueMillis;
    }

    public ServerPeer peer() {
        return peer;
    }

    /** What {@link BoltHandler#verifyAuth} called him; empty before. */
    public String user() {
        return user;
    }

    /** Database, bookmarks, metadata, rights: of the transaction that the request belongs to. */
    public TransactionOptions options() {
        return options;
    }

    /** Milliseconds until the client hears of a timeout, at least 0. */
    public long remainingMillis() {
        return Math.max(0, dueMillis - Monotonic.millis());
    }

    /**
     * Runs when nobody waits for the answer to this request any more: a RESET has come, time is over, the connection is
     * down. At once when that is so already, never when the answer came in time; a result hears
     * {@link ResultRows#cancel} from there on.
     */
    public void whenCancelled(Runnable handler) {
        if (over) {
            handler.run();
        } else {
            cancelled = handler;
        }
    }

    void cancel() {
        over = true;
        Runnable handler = cancelled;
        cancelled = null;
        if (handler != null) {
            handler.run();
        }
    }
}
