package dev.polywire.mongodb.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which connection of a pool takes a command. Pure: it has no clock and opens nothing.
 *
 * <pre>
 *   one that is idle                     the one used last; not one that is too old, or of an earlier generation
 *   the pool may open another            none: the command waits for that one
 *   it must not wait behind others       none
 *   else                                 the one with the fewest in flight, of those with room whose oldest command is younger
 *                                        than {@code pipelineMillis} and may not wait itself
 * </pre>
 *
 * @param <C> the connection
 */
final class PoolPlaces<C extends PoolPlaces.Place> {

    /** A connection of the pool. */
    abstract static class Place {

        private int generation;
        private long madeMillis;
        /** Whether something is in flight, or was when the connection ended. */
        private boolean inUse;
        /** When the last answer has come; of no meaning while something is in flight. */
        private long idleMillis;

        /** Answers that are due, those to callers that have given up too. */
        abstract int inFlight();

        /** Whether one more may be sent behind those in flight: it can be written, and none of them may wait at the server. */
        abstract boolean takesMore();

        /** When the oldest that is in flight was sent, on the pool's clock. */
        abstract long oldestSentMillis();
    }

    private final MongoPoolOptions options;
    private final List<C> all = new ArrayList<>();
    /** The one used last is the last. */
    private final ArrayDeque<C> idle = new ArrayDeque<>();

    private int connecting;
    private int generation;

    PoolPlaces(MongoPoolOptions options) {
        this.options = options;
    }

    /** The idle connection that is used next, which is not idle any more; null: there is none. */
    @Nullable
    C idle() {
        C last = idle.pollLast();
        if (last != null) {
            ((Place) last).inUse = true;
        }
        return last;
    }

    /** A connection that takes one more behind others; null: none does. */
    @Nullable
    C behind(long nowMillis) {
        C best = null;
        int fewest = options.pipeline();
        for (int i = 0; i < all.size(); i++) {
            C place = all.get(i);
            int inFlight = place.inFlight();
            if (inFlight < fewest && takes(place, nowMillis)) {
                best = place;
                fewest = inFlight;
            }
        }
        return best;
    }

    /** Whether a connection takes one more behind those that are in flight on it. */
    boolean takes(C place, long nowMillis) {
        Place its = place;
        return its.generation == generation
                && place.inFlight() < options.pipeline()
                && nowMillis - place.oldestSentMillis() < options.pipelineMillis()
                && place.takesMore();
    }

    /** Whether one more may be opened now. */
    boolean mayOpen() {
        int atOnce = all.isEmpty() ? 1 : options.maxConnecting();
        return connecting < atOnce && all.size() + connecting < options.maxPoolSize();
    }

    /** How many are missing of those that are always open. */
    int missing() {
        return Math.max(1, options.minPoolSize()) - all.size() - connecting;
    }

    /** One is being opened. @return its generation */
    int opening() {
        connecting++;
        return generation;
    }

    /** It could not be opened. */
    void failed() {
        connecting--;
    }

    /** It is open; idle after {@link #returned}. @return false: it is of an earlier generation, and not taken */
    boolean opened(C place, int ofGeneration, long nowMillis) {
        connecting--;
        if (ofGeneration != generation) {
            return false;
        }
        Place its = place;
        its.generation = ofGeneration;
        its.madeMillis = nowMillis;
        all.add(place);
        return true;
    }

    /** Whether it may be used again; else it is closed as soon as nothing is in flight on it. */
    boolean isFit(C place, long nowMillis) {
        return ((Place) place).generation == generation && !isOld(place, nowMillis);
    }

    /** Nothing is in flight on it any more, and nobody needs it now. */
    void returned(C place, long nowMillis) {
        Place its = place;
        its.inUse = false;
        its.idleMillis = nowMillis;
        idle.addLast(place);
    }

    private boolean isOld(Place place, long nowMillis) {
        return nowMillis - place.madeMillis >= options.maxLifetimeMillis();
    }

    /** It has ended. @return whether it was in use, and of this generation */
    boolean ended(C place) {
        Place its = place;
        idle.remove(place);
        return all.remove(place) && its.inUse && its.generation == generation;
    }

    /** All connections are of an earlier generation now. @return those that were idle, to be closed */
    List<C> clear() {
        generation++;
        List<C> left = List.copyOf(idle);
        idle.clear();
        return left;
    }

    /** The idle ones that have been unused, or open, for too long: to be closed. */
    List<C> expired(long nowMillis) {
        List<C> expired = new ArrayList<>();
        int spare = all.size() - Math.max(1, options.minPoolSize());
        for (Iterator<C> each = idle.iterator(); each.hasNext(); ) {
            C place = each.next();
            Place its = place;
            boolean unused = options.maxIdleMillis() > 0
                    && nowMillis - its.idleMillis >= options.maxIdleMillis()
                    && expired.size() < spare;
            if (unused || isOld(place, nowMillis)) {
                each.remove();
                expired.add(place);
            }
        }
        return expired;
    }

    /** All that are open, the oldest first. */
    List<C> open() {
        return List.copyOf(all);
    }

    int size() {
        return all.size();
    }

    int idleSize() {
        return idle.size();
    }

    int connecting() {
        return connecting;
    }

    int generation() {
        return generation;
    }
}
