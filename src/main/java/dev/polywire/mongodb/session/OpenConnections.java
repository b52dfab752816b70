package dev.polywire.mongodb.session;

import dev.polywire.core.net.Monotonic;
import dev.polywire.core.net.PoolEvent;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/** The open connections of a pool: each is idle, or in use, or closed for its age or because it is of no use any more. */
final class OpenConnections {

    private final PoolPlaces<MongoPlace> places;
    private final PoolEvents events;
    private final EarliestTimer sweep;
    private final Runnable swept;
    private long lateAnswersBefore;

    /** @param swept is run after some were closed for their age */
    OpenConnections(Vertx vertx, PoolPlaces<MongoPlace> places, PoolEvents events, Runnable swept) {
        this.places = places;
        this.events = events;
        this.sweep = new EarliestTimer(vertx, this::sweep);
        this.swept = swept;
    }

    /** The idle one that is used next; null: there is none. One that is too old is closed instead. */
    @Nullable
    MongoPlace idle() {
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

    /** One on which nobody waits any more leaves its place to another. */
    void dropDeserted() {
        MongoPlace place = places.deserted(Monotonic.millis());
        if (place != null) {
            gone(place, PoolEvents.ERROR);
            place.connection.drop(PoolEnds.closedByUs("nobody waits for its answers"));
        }
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
        return true;
    }

    /** None is closed for its age any more. */
    void stop() {
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
