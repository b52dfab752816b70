package dev.polywire.mongodb.session;

import dev.polywire.core.net.Monotonic;
import dev.polywire.core.net.PoolEvent;
import dev.polywire.mongodb.client.MongoCall;
import io.vertx.core.Vertx;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** The open connections of a pool: each is idle, or in use, or closed for its age or because it is of no use any more. */
final class OpenConnections {

    private final PoolPlaces<MongoPlace> places;
    private final PoolEvents events;
    private final IntSupplier waiting;
    private final EarliestTimer sweep;
    private final EarliestTimer deserted;
    private final Runnable swept;
    private final Runnable left;
    private long lateAnswersBefore;

    /**
     * @param waiting how many commands wait for one
     * @param swept is run after some were closed for their age, or given up
     * @param left is run after each that is not the pool's any more
     */
    OpenConnections(
            Vertx vertx,
            PoolPlaces<MongoPlace> places,
            PoolEvents events,
            IntSupplier waiting,
            Runnable swept,
            Runnable left) {
        this.places = places;
        this.events = events;
        this.waiting = waiting;
        this.deserted = new EarliestTimer(vertx, this::dropDeserted);
        this.sweep = new EarliestTimer(vertx, this::sweep);
        this.swept = swept;
        this.left = left;
    }

    /** One that takes a command: an idle one, or one on which it goes behind others, if it may; null: none does. */
    @Nullable
    MongoPlace take(MongoCall call, boolean behindOthers) {
        MongoPlace idle = idle();
        return idle != null || call.mayWait() || !behindOthers ? idle : places.behind(Monotonic.millis());
    }

    /** The idle one that is used next; null: there is none. One that is too old is closed instead. */
    private @Nullable MongoPlace idle() {
        for (MongoPlace next = places.idle(); next != null; next = places.idle()) {
            if (places.isFit(next, Monotonic.millis())) {
                return next;
            }
            close(next, PoolEvents.STALE);
        }
        return null;
    }

    /** What is in flight on it has changed. */
    void settle(MongoPlace place) {
        if (place.connection.isClosed()) {
            return;
        }
        events.checkedIn(place, place.inFlight());
        long nowMillis = Monotonic.millis();
        if (place.inFlight() > 0) {
            places.changed(place, nowMillis);
        } else if (places.isFit(place, nowMillis)) {
            places.returned(place, nowMillis);
            sweep.within(places.expireInMillis(place, nowMillis));
        } else {
            close(place, PoolEvents.STALE);
        }
    }

    private void sweep() {
        long nowMillis = Monotonic.millis();
        places.old(nowMillis).forEach(each -> close(each, PoolEvents.STALE));
        places.unused(nowMillis).forEach(each -> close(each, PoolEvents.IDLE));
        sweep.within(places.expireInMillis(nowMillis));
        swept.run();
    }

    /** Sees to it that one on which nobody waits any more leaves its place to another, if somebody waits for that. */
    void watchDeserted() {
        if (waiting.getAsInt() > 0 && !deserted.isSet()) {
            deserted.within(places.desertedInMillis(Monotonic.millis()));
        }
    }

    /** Not one too many: each that is being opened serves one that waits. */
    private void dropDeserted() {
        MongoPlace place = waiting.getAsInt() > places.connecting() ? places.deserted(Monotonic.millis()) : null;
        if (place != null) {
            gone(place, PoolEvents.ERROR);
            place.connection.drop(PoolEnds.closedByUs("nobody waits for its answers"));
        }
        swept.run();
    }

    void close(MongoPlace place, String reason) {
        gone(place, reason);
        place.connection.close(PoolEnds.closedByUs(reason));
    }

    /** It is none of the pool's any more. @return whether it was */
    boolean gone(MongoPlace place, String reason) {
        if (!places.remove(place)) {
            return false;
        }
        lateAnswersBefore += place.connection.lateAnswers();
        events.checkedIn(place, 0);
        events.tell(PoolEvent.CONNECTION_CLOSED, reason);
        left.run();
        return true;
    }

    /** None is closed for its age, or given up, any more. */
    void stop() {
        deserted.cancel();
        sweep.cancel();
    }

    long heardMillis() {
        return places.open().stream()
                .mapToLong(each -> each.connection.heardMillis())
                .max()
                .orElse(Long.MIN_VALUE);
    }

    boolean isRead() {
        return places.open().stream().allMatch(each -> each.connection.isRead());
    }

    /** On all so far. */
    long lateAnswers() {
        return lateAnswersBefore
                + places.open().stream()
                        .mapToLong(each -> each.connection.lateAnswers())
                        .sum();
    }
}
