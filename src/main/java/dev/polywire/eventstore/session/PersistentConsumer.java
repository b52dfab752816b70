package dev.polywire.eventstore.session;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.wire.Utf8;
import dev.polywire.eventstore.client.EventStoreException;
import dev.polywire.eventstore.wire.EventRecord;
import dev.polywire.eventstore.wire.NakAction;
import dev.polywire.eventstore.wire.PersistentMessage.PersistentSubscriptionStreamEventAppeared;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
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
 *   no longer let in                     it ends, UNAUTHENTICATED
 *   the client is closed                 it ends, SHUTTING_DOWN
 *   the same event comes again           the older one lapses: its message timeout was over
 *   one more event than may be in flight the oldest one lapses: the server has given it to somebody else
 *   they take more than maxHeldBytes     all lapse, and it connects again with half as many in flight
 *   they are small again, all settled    it connects again with twice as many, up to those that were asked for
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

    /** What an event takes beside its data, by estimate. */
    private static final int EVENT_BYTES = 400;

    /** So many times as many events as may be in flight were small: then more of them may be. */
    private static final int CALM_ROUNDS = 16;

    private final Vertx vertx;
    private final PersistentBooks books;
    private final Listener listener;
    private final Attendance attendance;
    private final GroupPlace place;
    private final Promise<PersistentConsumer> begun = Promise.promise();
    private final UnsettledEvents unsettled = new UnsettledEvents();
    private final Settlements settlements = new Settlements();
    private long last;
    /** Whether fewer are in flight than were asked for, since events were large. */
    private boolean halved;
    /** The last event before the number in flight was changed for that, or was looked at. */
    private long changedAt;
    /** The largest event since then. */
    private long largestBytes;

    private boolean ended;

    private PersistentConsumer(
            Vertx vertx,
            EventStoreClient client,
            long answerMillis,
            Attendance attendance,
            PersistentBooks books,
            Listener listener) {
        this.vertx = vertx;
        this.attendance = attendance;
        this.books = books;
        this.listener = listener;
        this.place = new GroupPlace(vertx, client, answerMillis, attendance, new Place());
    }

    /**
     * Connects to a group.
     *
     * @param deadline of the first answer
     * @return fails with UNAVAILABLE or TIMEOUT by the deadline, with UNAUTHENTICATED at once, or with an {@link EventStoreException}:
     *     NOT_FOUND, ACCESS_DENIED, SUBSCRIBER_MAX_COUNT_REACHED
     */
    public static Future<PersistentConsumer> connect(
            Vertx vertx,
            EventStoreClient client,
            Attendance attendance,
            PersistentBooks books,
            Listener listener,
            Deadline deadline) {
        return connect(vertx, client, GroupPlace.ANSWER_MILLIS, attendance, books, listener, deadline);
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
        PersistentConsumer consumer = new PersistentConsumer(vertx, client, answerMillis, attendance, books, listener);
        consumer.place.begin();
        deadline.whenExpired(consumer::tooLate);
        return consumer.begun.future();
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
        halved = false;
        change(inFlight);
    }

    private void change(int inFlight) {
        if (!ended) {
            flush();
            place.again(inFlight);
            lapseAll();
        }
    }

    /** Events were large, or are small again. */
    private void suit(int inFlight) {
        halved = inFlight < attendance.inFlight();
        changedAt = last;
        largestBytes = 0;
        change(inFlight);
    }

    /** Only when nothing lapses by that. Events on their way here come again. */
    private void grow() {
        if (!halved || last - changedAt < (long) CALM_ROUNDS * place.inFlight()) {
            return;
        }
        int more = Math.min(attendance.inFlight(), 2 * place.inFlight());
        if (largestBytes * more > attendance.maxHeldBytes()) {
            changedAt = last;
            largestBytes = 0;
        } else if (unsettled.size() == 0 && place.isTaken()) {
            suit(more);
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
        return end(null);
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
            vertx.runOnContext(turn -> {
                flush();
                grow();
            });
        }
        return true;
    }

    private void flush() {
        if (place.isTaken()) {
            settlements.take().forEach(each -> {
                books.said(each.word(), each.ids().size());
                place.say(each);
            });
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

    private static long bytes(@Nullable EventRecord event) {
        return event == null
                ? 0
                : EVENT_BYTES + event.data().length() + event.metadata().length();
    }

    private void tooLate() {
        if (!begun.future().isComplete()) {
            end(
                    place.hasConnection()
                            ? new CallException(Reason.TIMEOUT, "no answer by the deadline")
                            : new CallException(Reason.UNAVAILABLE, "no connection by the deadline"));
        }
    }

    private Future<Void> end(@Nullable RuntimeException cause) {
        if (ended) {
            return Future.succeededFuture();
        }
        ended = true;
        flush();
        Future<Void> left = place.leave();
        lapseAll();
        if (begun.future().isComplete()) {
            listener.ended(cause);
        } else {
            begun.fail(cause == null ? new CallException(Reason.NOT_FOUND, "closed") : cause);
        }
        return left;
    }

    private final class Place implements GroupPlace.Holder {

        @Override
        public void joined() {
            books.connected();
            begun.tryComplete(PersistentConsumer.this);
        }

        @Override
        public void appeared(PersistentSubscriptionStreamEventAppeared said) {
            ReceivedEvent event = ReceivedEvent.of(said.event());
            UUID eventId = event.original().eventId();
            long older = unsettled.number(eventId);
            if (older != 0) {
                lapse(older);
            } else if (unsettled.size() >= place.inFlight()) {
                lapse(unsettled.oldest());
            }
            books.gave();
            last++;
            long bytes = bytes(event.event()) + bytes(event.link());
            largestBytes = Math.max(largestBytes, bytes);
            unsettled.add(last, eventId, bytes);
            listener.event(last, event, said.retryCount());
            if (unsettled.heldBytes() > attendance.maxHeldBytes() && place.inFlight() > 1) {
                suit(place.inFlight() / 2);
            }
        }

        @Override
        public void lost() {
            lapseAll();
        }

        @Override
        public void over(RuntimeException why) {
            end(why);
        }
    }
}
