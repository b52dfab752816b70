package dev.polywire.eventstore.session;

import dev.polywire.core.net.Backoff;
import dev.polywire.core.net.Call;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.core.wire.Utf8;
import dev.polywire.eventstore.client.Conversation;
import dev.polywire.eventstore.client.EventStoreConnection;
import dev.polywire.eventstore.client.EventStoreException;
import dev.polywire.eventstore.wire.EventRecord;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.NakAction;
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
 * A client of a group. Its events are numbered 1, 2, 3, … over all connections. Settlements go out at the end of the event loop's
 * turn. Events that the server has taken back lapse: it gives them again, and a settlement is dropped, since it would be one of the
 * new delivery. Belongs to one context.
 *
 * <pre>
 *   connection lost; group updated       all lapse, and it connects again
 *   group deleted; access taken away     it ends, NOT_FOUND or FORBIDDEN
 *   the same event comes again           the older one lapses: its message timeout was over
 *   one more event than may be in flight the oldest one lapses: the server has given it to somebody else
 *   they take more than maxHeldBytes     all lapse, and it connects again with half as many in flight
 * </pre>
 */
public final class PersistentConsumer {

    /** Receives a consumer's events, on its context. */
    public interface Listener {

        /**
         * An event.
         *
         * @param number to pass to {@link PersistentConsumer#ack} and {@link PersistentConsumer#nak}
         * @param retryCount how often it failed before, or 1: a client was lost that had it
         */
        void event(long number, ReceivedEvent event, int retryCount);

        /** Events of these numbers that are not settled can no longer be settled; the server gives them again. */
        default void lapsed(long first, long last) {}

        /** The consumer has ended; called once, if it had begun. @param cause null if we closed it */
        void ended(@Nullable RuntimeException cause);
    }

    /** A server whose groups are not started says nothing. */
    private static final long ANSWER_MILLIS = 5_000;

    /** What an event takes beside its data, by estimate. */
    private static final int EVENT_BYTES = 400;

    private final Vertx vertx;
    private final EventStoreClient client;
    private final long answerMillis;
    private final Attendance attendance;
    private final PersistentBooks books;
    private final Listener listener;
    private final EventStoreClient.Follower follower = this::up;
    private final Promise<PersistentConsumer> begun = Promise.promise();
    private final UnsettledEvents unsettled = new UnsettledEvents();
    private final Settlements settlements = new Settlements();
    private final Random random = new Random();
    private Backoff backoff = new Backoff(random);
    /** Whether the group has dropped us, or had no place, since it gave the last event. */
    private boolean dropped;

    private int inFlight;
    private long last;
    private @Nullable EventStoreConnection connection;
    private @Nullable Seat seat;
    private long pause = -1;
    private boolean ended;

    private PersistentConsumer(
            Vertx vertx,
            EventStoreClient client,
            long answerMillis,
            Attendance attendance,
            PersistentBooks books,
            Listener listener) {
        this.vertx = vertx;
        this.client = client;
        this.answerMillis = answerMillis;
        this.attendance = attendance;
        this.books = books;
        this.listener = listener;
        this.inFlight = attendance.inFlight();
    }

    /**
     * Connects to a group.
     *
     * @param deadline of the first answer
     * @return fails with UNAVAILABLE or TIMEOUT by the deadline, or with an {@link EventStoreException}: NOT_FOUND, ACCESS_DENIED,
     *     SUBSCRIBER_MAX_COUNT_REACHED
     */
    public static Future<PersistentConsumer> connect(
            Vertx vertx,
            EventStoreClient client,
            Attendance attendance,
            PersistentBooks books,
            Listener listener,
            Deadline deadline) {
        return new PersistentConsumer(vertx, client, ANSWER_MILLIS, attendance, books, listener).begin(deadline);
    }

    /** The same with another time until it asks again. */
    static Future<PersistentConsumer> connect(
            Vertx vertx,
            EventStoreClient client,
            long answerMillis,
            Attendance attendance,
            PersistentBooks books,
            Listener listener,
            Deadline deadline) {
        return new PersistentConsumer(vertx, client, answerMillis, attendance, books, listener).begin(deadline);
    }

    private Future<PersistentConsumer> begin(Deadline deadline) {
        client.followLeader(follower);
        deadline.whenExpired(this::tooLate);
        return begun.future();
    }

    /**
     * An event was processed.
     *
     * @return false when it has lapsed, or is settled: nothing is sent
     * @throws CallException BAD_REQUEST when it was not given
     */
    public boolean ack(long number) {
        return settle(number, Settlements.Word.ACK);
    }

    /** An event was not processed. As {@link #ack}. @param reason for people, written beside a parked event; null: none */
    public boolean nak(long number, NakAction action, @Nullable String reason) {
        return settle(number, new Settlements.Word(action, reason == null || !Utf8.isUnicode(reason) ? null : reason));
    }

    /** Gives all unsettled events back, as not tried, and goes on with another number of events in flight. */
    public void again(int inFlight) {
        this.inFlight = inFlight;
        EventStoreConnection up = connection;
        if (!ended && up != null && seat != null) {
            leaveSeat();
            lapseAll();
            sit(up);
        }
    }

    /** As many events as it was made for. */
    public void again() {
        again(attendance.inFlight());
    }

    public int unsettled() {
        return unsettled.size();
    }

    /** What unsettled events take, by estimate. */
    public long heldBytes() {
        return unsettled.heldBytes();
    }

    /** Ends it; unsettled events go back. @return when the server has taken them back, or does not say so within 5 s */
    public Future<Void> close() {
        Seat left = seat;
        end(null);
        return left == null ? Future.succeededFuture() : left.gone.future();
    }

    private boolean settle(long number, Settlements.Word word) {
        if (number < 1 || number > last) {
            throw Attendance.refused("event: " + number + " (expected: 1 to " + last + ", events given)");
        }
        UUID eventId = unsettled.remove(number);
        if (eventId == null) {
            books.late();
            return false;
        }
        if (settlements.add(eventId, word)) {
            vertx.runOnContext(turn -> flush());
        }
        return true;
    }

    private void flush() {
        Seat here = seat;
        if (here != null) {
            settlements.take().forEach(here::say);
        }
    }

    private void up(EventStoreConnection now) {
        if (ended) {
            return;
        }
        leaveSeat();
        lapseAll();
        connection = now;
        sit(now);
    }

    private void sit(EventStoreConnection on) {
        stopPause();
        Seat fresh = new Seat(on);
        seat = fresh;
        fresh.begin();
    }

    /** After a while, if the connection is still there then. */
    private void sitLater() {
        seat = null;
        dropped = true;
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

    private void leaveSeat() {
        flush();
        Seat left = seat;
        seat = null;
        if (left != null) {
            left.leave();
        }
    }

    private void lapseAll() {
        int forgotten = unsettled.clear();
        // What was settled and not sent is given again, too.
        books.lapsed(forgotten + settlements.clear());
        if (forgotten > 0) {
            listener.lapsed(1, last);
        }
    }

    private void lapse(long number) {
        unsettled.remove(number);
        books.lapsed(1);
        listener.lapsed(number, number);
    }

    private void appeared(PersistentSubscriptionStreamEventAppeared said) {
        if (dropped) {
            dropped = false;
            backoff = new Backoff(random);
        }
        ReceivedEvent event = ReceivedEvent.of(said.event());
        EventRecord original = event.original();
        long older = unsettled.number(original.eventId());
        if (older != 0) {
            lapse(older);
        } else if (unsettled.size() >= inFlight) {
            lapse(unsettled.oldest());
        }
        books.gave();
        last++;
        unsettled.add(last, original.eventId(), bytes(event.event()) + bytes(event.link()));
        listener.event(last, event, said.retryCount());
        if (unsettled.heldBytes() > attendance.maxHeldBytes() && inFlight > 1) {
            again(inFlight / 2);
        }
    }

    private static long bytes(@Nullable EventRecord event) {
        return event == null
                ? 0
                : EVENT_BYTES + event.data().length() + event.metadata().length();
    }

    private void tooLate() {
        if (!begun.future().isComplete()) {
            end(
                    connection == null
                            ? new CallException(Reason.UNAVAILABLE, "no connection by the deadline")
                            : new CallException(Reason.TIMEOUT, "no answer by the deadline"));
        }
    }

    private void end(@Nullable RuntimeException cause) {
        if (ended) {
            return;
        }
        ended = true;
        client.leave(follower);
        stopPause();
        leaveSeat();
        lapseAll();
        if (begun.future().isComplete()) {
            listener.ended(cause);
        } else {
            begun.fail(cause == null ? new CallException(Reason.NOT_FOUND, "closed") : cause);
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
                over();
                end(Call.unsendable(cannot));
            }
        }

        void say(Settlements.Package settled) {
            String to = subscriptionId;
            UUID conversation = id;
            if (to != null && conversation != null) {
                on.say(conversation, settled.message(to));
                books.said(settled.word(), settled.ids().size());
            }
        }

        /** Servers say nothing to an id that they do not know, so whoever does not hear from them goes on. */
        void leave() {
            stopTimer();
            UUID conversation = id;
            if (conversation == null || gone.future().isComplete()) {
                over();
                return;
            }
            timer = vertx.setTimer(answerMillis, late -> {
                on.leave(conversation);
                over();
            });
            on.say(conversation, new SubscriptionMessage.UnsubscribeFromStream());
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
                // Events that were on their way lapse with the others on the server.
                boolean done = message instanceof SubscriptionMessage.SubscriptionDropped;
                if (done) {
                    over();
                }
                return done;
            }
            if (message instanceof PersistentSubscriptionStreamEventAppeared event
                    && subscriptionId != null
                    && !event.event().equals(ResolvedIndexedEvent.NONE)) {
                appeared(event);
                return false;
            }
            if (message instanceof PersistentSubscriptionConfirmation confirmed) {
                confirmed(confirmed);
                return false;
            }
            over();
            lapseAll();
            if (message instanceof SubscriptionMessage.SubscriptionDropped said
                    && said.reason() == SubscriptionDropReason.UNSUBSCRIBED) {
                unsubscribed();
            } else {
                refused(message);
            }
            return true;
        }

        private void confirmed(PersistentSubscriptionConfirmation said) {
            stopTimer();
            subscriptionId = said.subscriptionId();
            books.connected();
            begun.tryComplete(PersistentConsumer.this);
        }

        /** The group was updated or deleted, or the server goes. */
        private void unsubscribed() {
            if (dropped) {
                sitLater();
            } else {
                dropped = true;
                sit(on);
            }
        }

        private void refused(EventStoreMessage message) {
            EventStoreException why = EventStoreException.in(message);
            boolean full = why != null && why.reason() == EventStoreException.Reason.SUBSCRIBER_MAX_COUNT_REACHED;
            if (why == null) {
                seat = null;
                end(ProtocolException.decode("answer: " + message.command().protocolName() + " (expected: "
                        + "events of a persistent subscription)"));
            } else if (why.reason() == EventStoreException.Reason.NOT_LEADER && client.notLeader(on, why.leader())) {
                seat = null;
                connection = null;
            } else if (why.reason().isOfNode() || full && begun.future().isComplete()) {
                sitLater();
            } else {
                seat = null;
                end(why);
            }
        }

        @Override
        public void unreadable(ProtocolException why) {
            boolean here = seat == this;
            if (here) {
                // The connection has forgotten it, the server has not.
                leaveSeat();
                end(why);
            }
            over();
        }

        @Override
        public void lost(RuntimeException cause) {
            over();
            if (seat == this) {
                seat = null;
                connection = null;
                lapseAll();
                if (cause instanceof CallException ours && ours.reason() == Reason.SHUTTING_DOWN) {
                    end(ours);
                }
            }
        }

        private void stopTimer() {
            if (timer != -1) {
                vertx.cancelTimer(timer);
                timer = -1;
            }
        }

        private void over() {
            stopTimer();
            gone.tryComplete();
        }
    }
}
