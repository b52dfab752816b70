package dev.polywire.eventstore.session;

import dev.polywire.core.net.Backoff;
import dev.polywire.core.net.Call;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.eventstore.client.Conversation;
import dev.polywire.eventstore.client.EventStoreConnection;
import dev.polywire.eventstore.client.EventStoreException;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.PersistentMessage.ConnectToPersistentSubscription;
import dev.polywire.eventstore.wire.PersistentMessage.PersistentSubscriptionConfirmation;
import dev.polywire.eventstore.wire.PersistentMessage.PersistentSubscriptionStreamEventAppeared;
import dev.polywire.eventstore.wire.ResolvedIndexedEvent;
import dev.polywire.eventstore.wire.SubscriptionDropReason;
import dev.polywire.eventstore.wire.SubscriptionMessage;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A client's place in a group, which it takes again whenever it is lost. Each time it is another conversation.
 *
 * <pre>
 *   connection lost                          taken again on the next one
 *   no longer let in: UNAUTHENTICATED        it is over
 *   the client is closed: SHUTTING_DOWN      it is over
 *   Unsubscribed: updated, deleted, shut     at once; later if no event came since the last time
 *   NotReady, TooBusy, NotLeader             later, or at the leader that is named
 *   SubscriberMaxCountReached                later; the first time it is the outcome
 *   no answer                                asked again after 5 s: a server whose groups are not started says nothing
 *   anything else                            it is over; given back, when it was no answer
 * </pre>
 */
final class GroupPlace {

    /** Whose it is. */
    interface Holder {

        /** The server has let the client in. */
        void joined();

        void appeared(PersistentSubscriptionStreamEventAppeared said);

        /** The place is lost, and with it what was given there. */
        void lost();

        /** It is not taken again. */
        void over(RuntimeException why);
    }

    static final long ANSWER_MILLIS = 5_000;

    private final Vertx vertx;
    private final EventStoreClient client;
    private final long answerMillis;
    private final Attendance attendance;
    private final Holder holder;
    private final EventStoreClient.Follower follower = new Following();
    private final Random random = new Random();
    private Backoff backoff = new Backoff(random);
    /** Whether it was lost on a connection that stands, since the last event. */
    private boolean restless;

    private boolean hasJoined;
    private int inFlight;
    private @Nullable EventStoreConnection connection;
    private @Nullable Seat seat;
    private long pause = -1;

    GroupPlace(Vertx vertx, EventStoreClient client, long answerMillis, Attendance attendance, Holder holder) {
        this.vertx = vertx;
        this.client = client;
        this.answerMillis = answerMillis;
        this.attendance = attendance;
        this.holder = holder;
        this.inFlight = attendance.inFlight();
    }

    void begin() {
        client.followLeader(follower);
    }

    boolean hasConnection() {
        return connection != null;
    }

    /** How many events may be unsettled. */
    int inFlight() {
        return inFlight;
    }

    /** Whether somebody hears what is said of events. */
    boolean isTaken() {
        return seat != null && seat.subscriptionId != null;
    }

    void say(Settlements.Package settled) {
        if (seat != null) {
            seat.say(settled);
        }
    }

    /** Leaves, which gives all back as not tried, and comes again with another number of events in flight. */
    void again(int inFlight) {
        this.inFlight = inFlight;
        EventStoreConnection up = connection;
        if (up != null && seat != null) {
            leaveSeat();
            sit(up);
        }
    }

    /** Leaves for good. @return when the server has taken back what was given, or does not say so */
    Future<Void> leave() {
        client.leave(follower);
        stopPause();
        connection = null;
        return leaveSeat();
    }

    private void sit(EventStoreConnection on) {
        stopPause();
        Seat fresh = new Seat(on);
        seat = fresh;
        fresh.begin();
    }

    /** After a while, if the connection is still there then. */
    private void sitLater() {
        restless = true;
        stopPause();
        pause = vertx.setTimer(backoff.nextMillis(), over -> {
            pause = -1;
            EventStoreConnection up = connection;
            if (up != null) {
                sit(up);
            }
        });
    }

    private void stopPause() {
        if (pause != -1) {
            vertx.cancelTimer(pause);
            pause = -1;
        }
    }

    private Future<Void> leaveSeat() {
        Seat left = seat;
        seat = null;
        return left == null ? Future.succeededFuture() : left.leave();
    }

    private final class Following implements EventStoreClient.Follower {

        @Override
        public void up(EventStoreConnection now) {
            leaveSeat();
            holder.lost();
            connection = now;
            sit(now);
        }

        @Override
        public void shutOut(CallException why) {
            holder.over(why);
        }
    }

    /** What the server says to one Connect. */
    private final class Seat implements Conversation {

        private final EventStoreConnection on;
        private final Promise<Void> gone = Promise.promise();
        private @Nullable UUID id;
        private @Nullable String subscriptionId;
        private long timer = -1;

        Seat(EventStoreConnection on) {
            this.on = on;
        }

        void begin() {
            timer = vertx.setTimer(answerMillis, late -> silent());
            try {
                id = on.begin(
                        new ConnectToPersistentSubscription(attendance.group(), attendance.stream(), inFlight),
                        attendance.credentials(),
                        this);
            } catch (ProtocolException | IllegalArgumentException cannot) {
                ended();
                holder.over(Call.unsendable(cannot));
            }
        }

        void say(Settlements.Package settled) {
            if (subscriptionId != null && id != null) {
                on.say(id, settled.message(subscriptionId));
            }
        }

        /** Servers say nothing to an id that they do not know, so whoever does not hear from them goes on. */
        Future<Void> leave() {
            stopTimer();
            UUID conversation = id;
            if (conversation == null || gone.future().isComplete()) {
                gone.tryComplete();
                return gone.future();
            }
            timer = vertx.setTimer(answerMillis, late -> {
                on.leave(conversation);
                ended();
            });
            on.say(conversation, new SubscriptionMessage.UnsubscribeFromStream());
            return gone.future();
        }

        private void silent() {
            if (seat == this) {
                leaveSeat();
                sit(on);
            }
        }

        @Override
        public boolean heard(EventStoreMessage message) {
            if (seat != this) {
                // Events that were on their way went back with the others.
                boolean last = message instanceof SubscriptionMessage.SubscriptionDropped;
                if (last) {
                    ended();
                }
                return last;
            }
            if (message instanceof PersistentSubscriptionStreamEventAppeared event
                    && subscriptionId != null
                    && !event.event().equals(ResolvedIndexedEvent.NONE)) {
                appeared(event);
                return false;
            }
            if (message instanceof PersistentSubscriptionConfirmation confirmed) {
                if (subscriptionId != null) {
                    return false;
                }
                stopTimer();
                subscriptionId = confirmed.subscriptionId();
                hasJoined = true;
                holder.joined();
                return false;
            }
            EventStoreException why = EventStoreException.in(message);
            boolean unsubscribed = message instanceof SubscriptionMessage.SubscriptionDropped said
                    && said.reason() == SubscriptionDropReason.UNSUBSCRIBED;
            if (!unsubscribed && why == null) {
                nonsense(message);
                return false;
            }
            ended();
            holder.lost();
            if (why == null) {
                unsubscribed();
            } else {
                refused(why);
            }
            return true;
        }

        /** The server thinks that the client is still there: it is told that it is not. */
        private void nonsense(EventStoreMessage message) {
            holder.over(ProtocolException.decode("answer: " + message.command().protocolName()
                    + " (expected: events of a persistent subscription)"));
        }

        private void appeared(PersistentSubscriptionStreamEventAppeared event) {
            if (restless) {
                restless = false;
                backoff = new Backoff(random);
            }
            holder.appeared(event);
        }

        private void unsubscribed() {
            if (restless) {
                sitLater();
            } else {
                restless = true;
                sit(on);
            }
        }

        private void refused(EventStoreException why) {
            boolean full = why.reason() == EventStoreException.Reason.SUBSCRIBER_MAX_COUNT_REACHED;
            boolean elsewhere = why.reason() == EventStoreException.Reason.NOT_LEADER;
            if (elsewhere && client.notLeader(on, why.leader())) {
                connection = null;
            } else if (why.reason().isOfNode() || full && hasJoined) {
                sitLater();
            } else {
                holder.over(why);
            }
        }

        @Override
        public void unreadable(ProtocolException why) {
            if (seat == this) {
                // The connection has forgotten it, the server has not.
                holder.over(why);
            }
            ended();
        }

        @Override
        public void lost(RuntimeException cause) {
            boolean here = seat == this;
            ended();
            if (here) {
                connection = null;
                holder.lost();
                if (cause instanceof CallException ours && ours.reason() == Reason.SHUTTING_DOWN) {
                    holder.over(ours);
                }
            }
        }

        private void stopTimer() {
            if (timer != -1) {
                vertx.cancelTimer(timer);
                timer = -1;
            }
        }

        private void ended() {
            stopTimer();
            if (seat == this) {
                seat = null;
            }
            gone.tryComplete();
        }
    }
}
