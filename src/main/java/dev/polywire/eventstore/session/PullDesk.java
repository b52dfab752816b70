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

        /** Taking has failed, and nobody has what was taken: the flow ends with that, and nothing more is on the shelf. */
        void broken(RuntimeException why);
    }

    private record Waiting(Promise<Events> promise, int max, int maxBytes) {}

    private final Context context = Vertx.currentContext();
    private final Shelf shelf;
    private @Nullable Waiting waiting;
    /** Whether it is to be served again. */
    private boolean again;

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

    /** Something was put on the shelf. */
    void serve() {
        again = true;
        while (again && waiting != null) {
            again = false;
            // What is put there, or ends the flow, while it is taken from: that is looked at afterwards.
            Waiting asks = waiting;
            waiting = null;
            if (!isServed(asks) && !closed) {
                waiting = asks;
            }
        }
    }

    private boolean isServed(Waiting asks) {
        Events taken;
        try {
            taken = shelf.take(asks.max, asks.maxBytes);
        } catch (RuntimeException why) {
            shelf.broken(why);
            return false;
        }
        boolean last = over && shelf.isEmpty();
        if (taken == null && last) {
            taken = new Events(List.of(), shelf.place(), true);
        }
        if (taken == null) {
            return false;
        }
        if (!last) {
            asks.promise.complete(taken);
        } else if (failure == null) {
            asks.promise.complete(new Events(taken.events(), taken.resume(), true));
        } else if (taken.events().isEmpty()) {
            asks.promise.fail(failure);
        } else {
            asks.promise.complete(taken);
        }
        return true;
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
