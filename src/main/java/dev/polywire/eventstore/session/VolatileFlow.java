package dev.polywire.eventstore.session;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.eventstore.client.EventStoreConnection;
import dev.polywire.eventstore.client.EventStoreException;
import dev.polywire.eventstore.wire.Position;
import dev.polywire.eventstore.wire.ReadDirection;
import dev.polywire.eventstore.wire.SubscriptionMessage.SubscriptionConfirmation;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/**
 * A volatile subscription: the events from its beginning on, while it is connected. What ends it is given behind what was queued:
 *
 * <pre>
 *   the server has unsubscribed it, as when it shuts down   done
 *   the connection has ended                                CONNECTION_LOST
 *   none is made, since the login is refused                UNAUTHENTICATED
 *   the reader is too slow, and the queue is full           OVERLOADED
 *   the server refuses it, or the stream is deleted         {@link EventStoreException}
 * </pre>
 *
 * <p>It has no place to resume from; a filtered one, and one of all events, says how far it was, for a catch-up subscription.
 */
public final class VolatileFlow implements EventFlow {

    private static final long PAUSE_MILLIS = 200;

    private final EventStoreClient client;
    private final EventSource source;
    private final FlowLimits limits;
    private final Deadline deadline;
    private final EventPages<?> pages;
    private final Vertx vertx = Vertx.currentContext().owner();
    private final Listener listener = new Listener();
    private final PullDesk desk = new PullDesk(listener);
    private final PushQueue queue;
    private final Promise<Void> confirmed = Promise.promise();
    private @Nullable EventStoreConnection connection;
    private @Nullable ServerPush push;
    private @Nullable Resume place;
    /** What a node has said last in place of the confirmation, and may not say again. */
    private @Nullable EventStoreException refused;

    private VolatileFlow(EventStoreClient client, EventSource source, FlowLimits limits, Deadline deadline) {
        this.client = client;
        this.source = source;
        this.limits = limits;
        this.deadline = deadline;
        this.pages = EventPages.of(source, ReadDirection.FORWARD);
        this.queue = new PushQueue(limits);
    }

    /**
     * Subscribes, as soon as there is a connection; on the client's context.
     *
     * @param deadline of its confirmation; when it has passed, nothing is sent any more
     */
    public static VolatileFlow open(EventStoreClient client, EventSource source, FlowLimits limits, Deadline deadline) {
        VolatileFlow opened = new VolatileFlow(client, source, limits, deadline);
        deadline.whenExpired(opened::late);
        if (!opened.desk.isOver()) {
            client.follow(opened.listener);
        }
        return opened;
    }

    /**
     * When the server has confirmed it: events from then on come.
     *
     * @return fails as the flow does; at the deadline with TIMEOUT when the server was asked and has not answered, else with what it
     *     has said last, or with UNAVAILABLE
     */
    public Future<Void> confirmed() {
        return confirmed.future();
    }

    @Override
    public Future<Events> pull(int max, int maxBytes) {
        return desk.pull(max, maxBytes);
    }

    @Override
    public long heldBytes() {
        return queue.bytes();
    }

    /** The server is told, and not waited for. */
    @Override
    public Future<Void> close() {
        desk.close();
        release();
        queue.clear();
        confirmed.tryFail(new CallException(CallException.Reason.SHUTTING_DOWN, "the subscription is closed"));
        return Future.succeededFuture();
    }

    private void begin() {
        EventStoreConnection there = connection;
        boolean isWanted = !desk.isOver() && deadline.remainingMillis() > 0;
        if (isWanted && push == null && there != null && !there.isClosed()) {
            ServerPush begun =
                    ServerPush.begin(there, pages.subscribe(), source.credentials(), source.streamId(), listener);
            push = begun.isOver() ? null : begun;
        }
    }

    private void late() {
        if (confirmed.future().isComplete()) {
            return;
        }
        if (push != null) {
            push.abandon();
            push = null;
            end(new CallException(CallException.Reason.TIMEOUT, "no answer by the deadline"));
        } else if (refused != null) {
            end(refused);
        } else {
            end(new CallException(CallException.Reason.UNAVAILABLE, "no connection by the deadline"));
        }
    }

    /** @param why null after the confirmation alone: that is all */
    private void end(@Nullable RuntimeException why) {
        release();
        if (why != null) {
            confirmed.tryFail(why);
        }
        desk.end(why);
    }

    private void release() {
        client.leave(listener);
        if (push != null) {
            push.leave();
            push = null;
        }
    }

    /** What becomes of the connection, what the server pushes, and what the reader gets. */
    private final class Listener implements EventStoreClient.Follower, ServerPush.Owner, PullDesk.Shelf {

        @Override
        public void up(EventStoreConnection there) {
            connection = there;
            begin();
        }

        @Override
        public void shutOut(CallException why) {
            end(why);
        }

        @Override
        public void confirmed(SubscriptionConfirmation how) {
            // What comes with a later connection is not what was promised.
            client.leave(listener);
            confirmed.tryComplete();
        }

        @Override
        public void appeared(ReceivedEvent event) {
            if (queue.add(event)) {
                desk.serveSoon();
            } else {
                end(new CallException(
                        CallException.Reason.OVERLOADED,
                        source.name() + ": more events wait than may (expected: <= " + limits.maxQueuedEvents()
                                + ", and <= " + limits.maxQueuedBytes() + " bytes)"));
            }
        }

        @Override
        public void checkpoint(Position position) {
            queue.checkpoint(position);
            desk.serveSoon();
        }

        @Override
        public void unsubscribed() {
            push = null;
            end(
                    confirmed.future().isComplete()
                            ? null
                            : new CallException(
                                    CallException.Reason.UNAVAILABLE,
                                    source.name() + ": the server has unsubscribed it instead of a confirmation"));
        }

        @Override
        public void refused(RuntimeException why) {
            push = null;
            boolean later = why instanceof EventStoreException said
                    && said.reason().isOfNode()
                    && !confirmed.future().isComplete();
            if (later) {
                refused = (EventStoreException) why;
                vertx.setTimer(PAUSE_MILLIS, now -> begin());
            } else {
                end(why);
            }
        }

        /** Before the confirmation nothing was promised: the next connection will do. */
        @Override
        public void lost(RuntimeException cause) {
            push = null;
            if (confirmed.future().isComplete() || isClosing(cause)) {
                end(cause instanceof CallException ours ? ours : CallException.lost(cause.getMessage(), cause));
            }
        }

        private boolean isClosing(RuntimeException cause) {
            return cause instanceof CallException ours && ours.reason() == CallException.Reason.SHUTTING_DOWN;
        }

        @Override
        public @Nullable Events take(int max, int maxBytes) {
            Handful hand = new Handful(pages, max, maxBytes, place);
            queue.take(hand, each -> true);
            place = source.streamId() == null ? hand.place() : null;
            Events events = hand.events();
            return events == null ? null : new Events(events.events(), place, false);
        }

        @Override
        public void broken(RuntimeException why) {
            queue.clear();
            end(why);
        }

        @Override
        public boolean isEmpty() {
            return queue.isEmpty();
        }

        @Override
        public @Nullable Resume place() {
            return place;
        }
    }
}
