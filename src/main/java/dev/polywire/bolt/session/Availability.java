package dev.polywire.bolt.session;

import dev.polywire.bolt.client.BoltException;
import dev.polywire.core.net.Backoff;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Link;
import dev.polywire.core.net.Monotonic;
import dev.polywire.core.net.StandingRefusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Keeps one connection available: makes one, and a new one after a loss, one attempt at a time with back-off. */
final class Availability {

    /** The time of one attempt; the pool of a single server dials several times within it. */
    private static final long ATTEMPT_MILLIS = 15_000;

    private final Vertx vertx;
    private final BoltClient client;
    private final boolean cluster;
    private final Link.Listener listener;
    private final Backoff backoff = new Backoff(new Random());
    private final Promise<Void> first = Promise.promise();
    private Link.State state = Link.State.CLOSED;
    /** Why it is not ready, as last reported. */
    private @Nullable RuntimeException said;

    private long readyAtMillis;
    private long timer = -1;

    /** @param cluster whether another server may be there when one is not */
    Availability(Vertx vertx, BoltClient client, boolean cluster, Link.Listener listener) {
        this.vertx = vertx;
        this.client = client;
        this.cluster = cluster;
        this.listener = listener;
    }

    /** @return fails with the first failed dial, or when all servers of a cluster have failed; the client continues to dial */
    Future<Void> start() {
        become(Link.State.CONNECTING, null);
        attempt();
        return first.future();
    }

    /** A connection broke, or could not be established. */
    void lost(RuntimeException cause) {
        if (state == Link.State.READY && client.connections() == 0) {
            backoff.lost(readyAtMillis, Monotonic.millis());
            become(Link.State.RECOVERING, cause);
            again(backoff.nextMillis());
        } else if (cause != said && (state == Link.State.CONNECTING || state == Link.State.RECOVERING)) {
            become(state, cause);
        }
        if (!cluster) {
            first.tryFail(cause);
        }
    }

    void close() {
        if (state != Link.State.CLOSED) {
            vertx.cancelTimer(timer);
            become(Link.State.CLOSED, null);
        }
    }

    private void attempt() {
        Deadline deadline = Deadline.after(vertx, ATTEMPT_MILLIS);
        client.verify(deadline).onComplete(verified -> {
            deadline.met();
            if (state == Link.State.CLOSED) {
                first.tryFail(new CallException(Reason.SHUTTING_DOWN, "the client is closed"));
            } else if (verified.succeeded()) {
                readyAtMillis = Monotonic.millis();
                become(Link.State.READY, null);
                first.tryComplete();
            } else {
                if (verified.cause() != said) {
                    become(state, CallException.ofDial(verified.cause()));
                }
                // A connection that the server refuses waits before the next attempt.
                again(isRefusal(verified.cause()) ? Backoff.MAX_MILLIS : backoff.nextMillis());
                first.tryFail(verified.cause());
            }
        });
    }

    /** Unless the listener closed the client when it was notified. */
    private void again(long millis) {
        if (state != Link.State.CLOSED) {
            timer = vertx.setTimer(millis, t -> attempt());
        }
    }

    private void become(Link.State next, @Nullable RuntimeException cause) {
        state = next;
        said = cause;
        listener.state(next, cause);
    }

    private static boolean isRefusal(Throwable cause) {
        return cause instanceof BoltException || StandingRefusal.isRefusal(cause);
    }
}
