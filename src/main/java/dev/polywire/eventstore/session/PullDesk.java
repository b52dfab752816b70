package dev.polywire.eventstore.session;

import dev.polywire.eventstore.session.EventFlow.Events;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the reader of a flow waits. What has arrived is given before the flow's end. */
final class PullDesk {

    /** What the flow has. */
    interface Shelf {

        /** Some events, or a newer place to resume from; null: nothing yet. */
        @Nullable
        Events take(int max, int maxBytes);

        boolean isEmpty();

        /** Where the reader is; null: nowhere. */
        @Nullable
        Resume place();
    }

    private record Waiting(Promise<Events> promise, int max, int maxBytes) {}

    private final Context context = Vertx.currentContext();
    private final Shelf shelf;
    private @Nullable Waiting waiting;
    private boolean soon;
    private boolean over;
    private @Nullable Throwable failure;
    private boolean closed;

    PullDesk(Shelf shelf) {
        this.shelf = shelf;
    }

    Future<Events> pull(int max, int maxBytes) {
        if (waiting != null) {
            return Future.failedFuture(new IllegalStateException("pull: while another one waits (expected: one)"));
        }
        Waiting asks = new Waiting(Promise.promise(), max, maxBytes);
        if (!closed) {
            waiting = asks;
            serve();
        }
        return asks.promise.future();
    }

    boolean isWaited() {
        return waiting != null;
    }

    /** Something was put on the shelf. */
    void serve() {
        Waiting asks = waiting;
        if (asks == null) {
            return;
        }
        Events taken = shelf.take(asks.max, asks.maxBytes);
        boolean last = over && shelf.isEmpty();
        if (taken == null && last) {
            taken = new Events(List.of(), shelf.place(), true);
        }
        if (taken == null) {
            return;
        }
        waiting = null;
        if (!last) {
            asks.promise.complete(taken);
        } else if (failure == null) {
            asks.promise.complete(new Events(taken.events(), taken.resume(), true));
        } else if (taken.events().isEmpty()) {
            asks.promise.fail(failure);
        } else {
            asks.promise.complete(taken);
        }
    }

    /** The same when the bytes that have arrived are read, so that it is for all that they hold. */
    void serveSoon() {
        if (waiting != null && !soon) {
            soon = true;
            context.runOnContext(now -> {
                soon = false;
                serve();
            });
        }
    }

    /** Nothing more is put on the shelf. @param why null: that is all */
    void end(@Nullable Throwable why) {
        if (!over) {
            over = true;
            failure = why;
            serve();
        }
    }

    boolean isOver() {
        return over || closed;
    }

    /** The reader has gone. */
    void close() {
        closed = true;
        waiting = null;
    }
}
