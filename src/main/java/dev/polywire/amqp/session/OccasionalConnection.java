package dev.polywire.amqp.session;

import dev.polywire.amqp.client.AmqpConnection;
import dev.polywire.core.net.Backoff;
import dev.polywire.core.net.Link;
import dev.polywire.core.net.Monotonic;
import dev.polywire.core.net.StandingRefusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Link} that dials only while its owner is busy, and whose connection is closed when nothing has used it for
 * {@link #IDLE_MILLIS}. Nothing is recovered.
 */
final class OccasionalConnection {

    /** Longer than a start with its declarations, shorter than anybody would look for it in the broker's list. */
    static final long IDLE_MILLIS = 60_000;

    /** The connection's user. */
    interface Owner {

        /** Whether something is in flight or waits. */
        boolean isBusy();

        /** There is a connection, or none any more, or an attempt has failed. */
        void changed();
    }

    private final Vertx vertx;
    private final Supplier<Future<AmqpConnection>> dial;
    private final Owner owner;
    private final Link<AmqpConnection> link;
    private @Nullable RuntimeException lastFailure;
    /** Completed when the owner is busy: the link's next attempt waits for that. */
    private @Nullable Promise<Void> wanted;

    private boolean begun;
    private boolean unreachable;
    private long usedAtMillis;
    private long idleTimer = -1;

    /** @param refusal its own: a broker that allows no third connection must not keep the others from coming back */
    OccasionalConnection(
            Vertx vertx, Supplier<Future<AmqpConnection>> dial, Backoff backoff, StandingRefusal refusal, Owner owner) {
        this.vertx = vertx;
        this.dial = dial;
        this.owner = owner;
        this.link = new Link<>(vertx, this::whenWanted, backoff, refusal, this::changed);
    }

    /** The connection; null: there is none. A lost connection fails its calls before it notifies us. */
    @Nullable
    AmqpConnection now() {
        AmqpConnection known = link.now();
        return known != null && !known.isClosed() ? known : null;
    }

    /** Null: there is none, since none is needed. */
    Link.@Nullable State state() {
        boolean isOver = link.state() == Link.State.CLOSED;
        return isOver || now() != null || owner.isBusy() ? link.state() : null;
    }

    /** Whether the last attempt has failed, and the next one is not due yet. */
    boolean isUnreachable() {
        return unreachable;
    }

    /** Why there is no connection, as text for people. */
    String obstacle() {
        RuntimeException last = lastFailure;
        return last == null || now() != null ? "others were before it" : String.valueOf(last.getMessage());
    }

    /** Called by a busy owner. Makes an attempt as soon as one may be made, unless there is a connection. */
    void open() {
        if (!begun) {
            begun = true;
            link.start();
        } else if (wanted != null) {
            wanted.tryComplete();
        }
    }

    /** Closes it, if nothing has used it for {@link #IDLE_MILLIS}. */
    void look(long nowMillis) {
        AmqpConnection idle = now();
        vertx.cancelTimer(idleTimer);
        if (idle == null) {
            return;
        }
        if (owner.isBusy()) {
            usedAtMillis = nowMillis;
        }
        long leftMillis = usedAtMillis + IDLE_MILLIS - nowMillis;
        if (leftMillis > 0) {
            idleTimer = vertx.setTimer(leftMillis, t -> look(Monotonic.millis()));
        } else {
            idle.close();
        }
    }

    /** A request begins or ends. */
    void used() {
        usedAtMillis = Monotonic.millis();
    }

    /** Closes it for good. */
    Future<Void> close() {
        vertx.cancelTimer(idleTimer);
        AmqpConnection last = link.now();
        link.close();
        return last == null ? Future.succeededFuture() : last.close();
    }

    private Future<AmqpConnection> whenWanted() {
        unreachable = false;
        Promise<Void> busy = Promise.promise();
        wanted = busy;
        if (owner.isBusy()) {
            busy.complete();
        }
        return busy.future().compose(now -> dial.get()).onFailure(cause -> unreachable = true);
    }

    private void changed(Link.State state, @Nullable RuntimeException cause) {
        lastFailure = cause;
        if (state == Link.State.READY) {
            used();
        }
        look(Monotonic.millis());
        owner.changed();
    }
}
