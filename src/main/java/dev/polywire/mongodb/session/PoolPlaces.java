package dev.polywire.mongodb.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which connection of a pool takes a command, and which are to be closed. Pure: it has no clock and opens nothing.
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

    /** For so long the answers that nobody waits for any more keep a connection from those who wait for one. */
    static final long DESERTED_MILLIS = 1_000;

    /** When one that is too old is looked at again, if nothing may be opened in its place. */
    private static final long KEPT_MILLIS = 1_000;

    private static final long NEVER = Long.MAX_VALUE;

    /** A connection of the pool. */
    abstract static class Place {

        private int generation;
        private long madeMillis;
        private boolean isIdle;
        /** When the last answer has come; of no meaning while something is in flight. */
        private long idleMillis;
        /** Since when nobody waits for what is in flight; {@link #NEVER}: somebody does, or nothing is. */
        private long desertedMillis = NEVER;

        /** Answers that are due, those to callers that have given up too. */
        abstract int inFlight();

        /** Whether the caller of something that is in flight still waits. */
        abstract boolean isWaitedFor();

        /** Whether one more may be sent behind those in flight: it can be written, and none of them may wait at the server. */
        abstract boolean takesMore();

        /** When the oldest that is in flight was sent, on the pool's clock; {@link Long#MAX_VALUE}: nothing is. */
        abstract long oldestSentMillis();

        final long madeMillis() {
            return madeMillis;
        }
    }

    private final MongoPoolOptions options;
    private final BooleanSupplier replaceable;
    private final List<C> all = new ArrayList<>();
    /** The one used last is the last. */
    private final ArrayDeque<C> idle = new ArrayDeque<>();

    private int connecting;
    private int connectingBeside;
    /** On how many nobody waits for what is in flight. */
    private int deserted;

    private int generation;
    /** Of those that are open, how many are of this generation: the others take no command any more. */
    private int current;
    /** The generation since the last {@link #clear}: what was being opened then is not taken. */
    private int clearedGeneration;

    /** @param replaceable whether another can be opened now, as far as is known: else none is too old, and none is given up */
    PoolPlaces(MongoPoolOptions options, BooleanSupplier replaceable) {
        this.options = options;
        this.replaceable = replaceable;
    }

    /** The idle connection that is used next, which is not idle any more; null: there is none. */
    @Nullable
    C idle() {
        C last = idle.pollLast();
        if (last != null) {
            ((Place) last).isIdle = false;
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
            if (inFlight < fewest && isFit(place, nowMillis) && isYoung(place, nowMillis) && place.takesMore()) {
                best = place;
                fewest = inFlight;
            }
        }
        return best;
    }

    private boolean isYoung(C place, long nowMillis) {
        long sentMillis = place.oldestSentMillis();
        return sentMillis == NEVER || nowMillis - sentMillis < options.pipelineMillis();
    }

    /** Whether one more may be opened now. */
    boolean mayOpen() {
        int atOnce = current == 0 ? 1 : options.maxConnecting();
        return connecting + connectingBeside < atOnce && hasRoom();
    }

    /** Whether one that is not the pool's may be opened now; it has no place, but takes its turn with the others. */
    boolean mayOpenBeside() {
        return current > 0 && connecting + connectingBeside < options.maxConnecting();
    }

    /** Such a one is being opened. */
    void openingBeside() {
        connectingBeside++;
    }

    /** It is open, or could not be opened. */
    void overBeside() {
        connectingBeside--;
    }

    private boolean hasRoom() {
        return all.size() + connecting < options.maxPoolSize();
    }

    /** Whether some are missing of those that are always open. */
    boolean isMissing() {
        return current + connecting < least();
    }

    private int least() {
        return Math.max(1, options.minPoolSize());
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
        if (ofGeneration < clearedGeneration) {
            return false;
        }
        Place its = place;
        its.generation = generation;
        its.madeMillis = nowMillis;
        all.add(place);
        current++;
        return true;
    }

    /** Whether it may be used again; else it is closed as soon as nothing is in flight on it. */
    boolean isFit(C place, long nowMillis) {
        return isCurrent(place)
                && (nowMillis - place.madeMillis() < options.maxLifetimeMillis() || !replaceable.getAsBoolean());
    }

    /** Whether it was opened since the last {@link #clear}. */
    boolean isCurrent(C place) {
        return ((Place) place).generation == generation;
    }

    /** Nothing is in flight on it any more, and nobody needs it now. */
    void returned(C place, long nowMillis) {
        Place its = place;
        if (!its.isIdle) {
            its.isIdle = true;
            its.idleMillis = nowMillis;
            desertedSince(place, NEVER);
            idle.addLast(place);
        }
    }

    /** In how many milliseconds an idle one may have to be closed; others may have to be open for longer. */
    long expireInMillis(C place, long nowMillis) {
        long oldInMillis = place.madeMillis() + options.maxLifetimeMillis() - nowMillis;
        return inMillis(options.maxIdleMillis() == 0 ? oldInMillis : Math.min(oldInMillis, options.maxIdleMillis()));
    }

    private long inMillis(long millis) {
        return Math.max(replaceable.getAsBoolean() ? 1 : KEPT_MILLIS, millis);
    }

    /** One more is sent on it. */
    void given(C place) {
        desertedSince(place, NEVER);
    }

    private void desertedSince(C place, long millis) {
        Place its = place;
        deserted += (millis == NEVER ? 0 : 1) - (its.desertedMillis == NEVER ? 0 : 1);
        its.desertedMillis = millis;
    }

    /** Something was answered on it, or a caller has given up. */
    void changed(C place, long nowMillis) {
        if (place.inFlight() == 0 || place.isWaitedFor()) {
            desertedSince(place, NEVER);
        } else if (((Place) place).desertedMillis == NEVER) {
            desertedSince(place, nowMillis);
        }
    }

    /** One without whose end no other can be opened, though nobody waits for its answers any more; null: there is none. */
    @Nullable
    C deserted(long nowMillis) {
        if (hasRoom() || deserted == 0 || !replaceable.getAsBoolean()) {
            return null;
        }
        for (C place : all) {
            long sinceMillis = ((Place) place).desertedMillis;
            if (sinceMillis != NEVER && nowMillis - sinceMillis >= DESERTED_MILLIS) {
                return place;
            }
        }
        return null;
    }

    /** In how many milliseconds {@link #deserted} may have one; -1: there is nothing to wait for. */
    long desertedInMillis(long nowMillis) {
        if (hasRoom() || deserted == 0) {
            return -1;
        }
        long least = NEVER;
        for (C place : all) {
            long sinceMillis = ((Place) place).desertedMillis;
            if (sinceMillis != NEVER) {
                least = Math.min(least, Math.max(0, sinceMillis + DESERTED_MILLIS - nowMillis));
            }
        }
        return replaceable.getAsBoolean() ? least : Math.max(KEPT_MILLIS, least);
    }

    /** It has ended, or is being closed. @return whether it was here */
    boolean remove(C place) {
        Place its = place;
        if (its.isIdle) {
            its.isIdle = false;
            idle.remove(place);
        }
        boolean here = all.remove(place);
        if (here) {
            desertedSince(place, NEVER);
            current -= isCurrent(place) ? 1 : 0;
        }
        return here;
    }

    /** All connections are of an earlier generation now, those that are being opened too. @return the idle ones, to be closed */
    List<C> clear() {
        clearedGeneration = generation + 1;
        return retire();
    }

    /** The same of those that are open only. */
    List<C> retire() {
        generation++;
        current = 0;
        return List.copyOf(idle);
    }

    /** The idle ones that have been open for too long, to be closed. */
    List<C> old(long nowMillis) {
        return idle.stream().filter(place -> !isFit(place, nowMillis)).toList();
    }

    /** The idle ones that have been unused for too long, to be closed, but for those that are always open. */
    List<C> unused(long nowMillis) {
        return idle.stream()
                .filter(place -> options.maxIdleMillis() > 0
                        && nowMillis - ((Place) place).idleMillis >= options.maxIdleMillis())
                .limit(Math.max(0, current - least()))
                .toList();
    }

    /** In how many milliseconds {@link #old} or {@link #unused} may have some, at least 1; -1: nothing is idle. */
    long expireInMillis(long nowMillis) {
        long least = NEVER;
        boolean spare = options.maxIdleMillis() > 0 && current > least();
        for (Place its : idle) {
            least = Math.min(least, its.madeMillis + options.maxLifetimeMillis() - nowMillis);
            if (spare) {
                least = Math.min(least, its.idleMillis + options.maxIdleMillis() - nowMillis);
            }
        }
        return least == NEVER ? -1 : inMillis(least);
    }

    /** All that are open, the oldest first. */
    List<C> open() {
        return List.copyOf(all);
    }

    int size() {
        return all.size();
    }

    /** Those of this generation. */
    int current() {
        return current;
    }

    /** Those of this generation with something in flight. */
    int currentInUse() {
        return current - idle.size();
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
