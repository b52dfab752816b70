package dev.polywire.amqp.session;

import dev.polywire.amqp.client.AmqpConnection;
import dev.polywire.core.net.Backoff;
import dev.polywire.core.net.Link;
import dev.polywire.core.net.Monotonic;
import dev.polywire.core.net.StandingRefusal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A connection that is opened when it is needed, and closed when it was not for {@link #IDLE_MILLIS}. Nothing is recovered. */
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
    private final Backoff backoff;
    private final StandingRefusal refusal;
    private final Owner owner;
    private @Nullable AmqpConnection connection;
    private @Nullable RuntimeException lastFailure;
    private boolean dialling;
    private boolean unreachable;
    private boolean closed;
    private long readyAtMillis;
    private long usedAtMillis;
    /** No attempt is made before. */
    private long restsUntilMillis = Monotonic.millis();

    private long restTimer = -1;
    private long idleTimer = -1;

    /** @param refusal its own: a broker that allows no third connection must not keep the others from coming back */
    OccasionalConnection(
            Vertx vertx, Supplier<Future<AmqpConnection>> dial, Backoff backoff, StandingRefusal refusal, Owner owner) {
        this.vertx = vertx;
        this.dial = dial;
        this.backoff = backoff;
        this.refusal = refusal;
        this.owner = owner;
    }

    /** The connection; null: there is none. A lost connection fails its calls before it notifies us. */
    @Nullable
    AmqpConnection now() {
        AmqpConnection known = connection;
        return known != null && !known.isClosed() ? known : null;
    }

    /** Null: there is none, since none is needed. */
    Link.@Nullable State state() {
        if (closed) {
            return Link.State.CLOSED;
        } else if (now() != null) {
            return Link.State.READY;
        } else if (!dialling && restTimer == -1) {
            return null;
        }
        return lastFailure == null ? Link.State.CONNECTING : Link.State.RECOVERING;
    }

    /** Whether the last attempt has failed, and the next one is not due yet. */
    boolean isUnreachable() {
        return unreachable && restsUntilMillis > Monotonic.millis();
    }

    /** Why there is no connection, as text for people. */
    String obstacle() {
        RuntimeException last = lastFailure;
        return last == null ? "others were before it" : String.valueOf(last.getMessage());
    }

    /** Makes one attempt as soon as one may be made, unless one is under way. The owner is told of its end. */
    void open() {
        if (closed || dialling || restTimer != -1 || now() != null) {
            return;
        }
        long restMillis = restsUntilMillis - Monotonic.millis();
        if (restMillis <= 0) {
            attempt();
        } else {
            restTimer = vertx.setTimer(restMillis, t -> {
                restTimer = -1;
                if (owner.isBusy()) {
                    attempt();
                }
            });
        }
    }

    /** Closes it, if nothing has used it for {@link #IDLE_MILLIS}. */
    void look(long nowMillis) {
        AmqpConnection idle = connection;
        if (idle == null) {
            return;
        }
        if (owner.isBusy()) {
            usedAtMillis = nowMillis;
        }
        long leftMillis = usedAtMillis + IDLE_MILLIS - nowMillis;
        vertx.cancelTimer(idleTimer);
        if (leftMillis > 0) {
            idleTimer = vertx.setTimer(leftMillis, t -> look(Monotonic.millis()));
        } else {
            connection = null;
            lastFailure = null;
            idle.close();
        }
    }

    /** A request begins or ends. */
    void used() {
        usedAtMillis = Monotonic.millis();
    }

    /** Closes it for good. */
    Future<Void> close() {
        closed = true;
        vertx.cancelTimer(restTimer);
        vertx.cancelTimer(idleTimer);
        AmqpConnection last = connection;
        connection = null;
        return last == null ? Future.succeededFuture() : last.close();
    }

    private void attempt() {
        dialling = true;
        refusal.attempt(dial).onComplete(dialled -> {
            dialling = false;
            if (closed) {
                if (dialled.succeeded()) {
                    dialled.result().close();
                }
                return;
            }
            if (dialled.succeeded()) {
                up(dialled.result());
            } else {
                unreachable = true;
                rest(dialled.cause());
            }
            owner.changed();
        });
    }

    private void up(AmqpConnection made) {
        connection = made;
        unreachable = false;
        readyAtMillis = Monotonic.millis();
        used();
        look(readyAtMillis);
        made.closeHandler(cause -> {
            if (connection == made) {
                connection = null;
                vertx.cancelTimer(idleTimer);
                refusal.ended(cause);
                backoff.lost(readyAtMillis, Monotonic.millis());
                rest(cause);
                owner.changed();
            }
        });
    }

    private void rest(Throwable cause) {
        lastFailure = cause instanceof RuntimeException known ? known : new IllegalStateException(cause);
        restsUntilMillis = Monotonic.millis() + Math.max(backoff.nextMillis(), refusal.restMillis());
    }
}
