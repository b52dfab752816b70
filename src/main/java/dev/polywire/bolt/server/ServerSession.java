package dev.polywire.bolt.server;

import dev.polywire.bolt.wire.TransactionOptions;
import dev.polywire.core.net.Monotonic;
import org.jspecify.annotations.Nullable;

/**
 * The user, the client and the options of one request: each request has its own session, so that nothing outlives a login.
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

    /** The name that {@link BoltHandler#verifyAuth} returned; empty before. */
    public String user() {
        return user;
    }

    /** Database, bookmarks, metadata, rights: those of the request's transaction. */
    public TransactionOptions options() {
        return options;
    }

    /** Milliseconds until the client gets a timeout, at least 0. */
    public long remainingMillis() {
        return Math.max(0, dueMillis - Monotonic.millis());
    }

    /**
     * Runs when the client no longer waits for the answer to this request: after a RESET, a timeout, or the end of the
     * connection. Runs at once when that has already happened, never when the answer came in time; from then on the
     * result gets {@link ResultRows#cancel}.
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
