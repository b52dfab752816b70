package dev.polywire.mongodb.session;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Monotonic;
import dev.polywire.core.net.PoolEvent;
import dev.polywire.mongodb.client.MongoConnection;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** Connections beside a pool, each closed by whoever has asked for it. Belongs to one context. */
final class DedicatedConnections {

    private final int most;
    private final Supplier<Future<MongoConnection>> dial;
    private final PoolEvents events;
    private final IntSupplier generation;
    private final Broken broken;
    private final Set<MongoConnection> open = new LinkedHashSet<>();
    private int connecting;
    private long lateAnswersBefore;
    private boolean closed;

    /** Whoever is told of the end of one while something was in flight, of the generation in which it was dialled. */
    interface Broken {

        /** @param madeMillis when the connection was open */
        void broken(RuntimeException cause, long madeMillis);
    }

    /**
     * @param most that are open, or being opened
     * @param dial makes a connection with its login
     * @param generation the pool's
     * @param broken is told if the generation is still that in which it was dialled
     */
    DedicatedConnections(
            int most,
            Supplier<Future<MongoConnection>> dial,
            PoolEvents events,
            IntSupplier generation,
            Broken broken) {
        this.most = most;
        this.dial = dial;
        this.events = events;
        this.generation = generation;
        this.broken = broken;
    }

    /**
     * Opens one.
     *
     * @param deadline until it is open
     * @return fails with OVERLOADED when there are too many, UNAVAILABLE at the deadline, SHUTTING_DOWN, or as a dial does
     */
    Future<MongoConnection> open(Deadline deadline) {
        if (closed) {
            return Future.failedFuture(PoolEnds.closing());
        } else if (size() >= most) {
            return Future.failedFuture(new CallException(
                    Reason.OVERLOADED,
                    "cursors that wait or are read by exhaust: more (expected: <= " + most
                            + ", this instance's share of maxDedicatedConnections)"));
        }
        connecting++;
        events.tell(PoolEvent.CONNECTION_CREATED);
        int ofGeneration = generation.getAsInt();
        Promise<MongoConnection> promise = Promise.promise();
        deadline.whenExpired(
                () -> promise.tryFail(new CallException(Reason.UNAVAILABLE, "no connection by the deadline")));
        dial.get().onComplete(dialled -> {
            connecting--;
            if (dialled.failed()) {
                events.tell(PoolEvent.CONNECTION_CLOSED, PoolEvents.ERROR);
                promise.tryFail(dialled.cause());
            } else if (closed || promise.future().isComplete()) {
                // Its place is free before the caller who is told so asks again.
                dialled.result().close(PoolEnds.closing());
                events.tell(PoolEvent.CONNECTION_CLOSED, closed ? PoolEvents.POOL_CLOSED : PoolEvents.ERROR);
                promise.tryFail(PoolEnds.closing());
            } else {
                events.tell(PoolEvent.CONNECTION_READY);
                keep(dialled.result(), ofGeneration);
                promise.complete(dialled.result());
            }
        });
        return promise.future();
    }

    private void keep(MongoConnection connection, int ofGeneration) {
        long madeMillis = Monotonic.millis();
        open.add(connection);
        connection.keptBy(new MongoConnection.Keeper() {
            @Override
            public void progress() {}

            @Override
            public void ended(RuntimeException cause, boolean brokenInUse) {
                open.remove(connection);
                lateAnswersBefore += connection.lateAnswers();
                events.tell(PoolEvent.CONNECTION_CLOSED, closed ? PoolEvents.POOL_CLOSED : PoolEvents.ERROR);
                if (brokenInUse && !closed && ofGeneration == generation.getAsInt()) {
                    broken.broken(cause, madeMillis);
                }
            }
        });
    }

    /** The server is gone without a word. */
    void drop(RuntimeException cause) {
        List.copyOf(open).forEach(each -> each.drop(cause));
    }

    /** None is opened any more. */
    void close(RuntimeException cause) {
        closed = true;
        List.copyOf(open).forEach(each -> each.close(cause));
    }

    /** Those that are open or being opened. */
    int size() {
        return open.size() + connecting;
    }

    /** Answers that arrived after their callers had given up, on all so far. */
    long lateAnswers() {
        return lateAnswersBefore
                + open.stream().mapToLong(MongoConnection::lateAnswers).sum();
    }
}
