package dev.polywire.mongodb.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which connection takes a command, in virtual time, which may have any origin and jumps when the machine was asleep. */
class PoolPlacesTest {

    private static final long HOURS = 36_000_000;

    /** A connection as a test wants it. */
    private static final class Seat extends PoolPlaces.Place {

        int inFlight;
        boolean waitedFor = true;
        boolean takesMore = true;
        long sentMillis = Long.MAX_VALUE;

        @Override
        int inFlight() {
            return inFlight;
        }

        @Override
        boolean isWaitedFor() {
            return waitedFor;
        }

        @Override
        boolean takesMore() {
            return takesMore;
        }

        @Override
        long oldestSentMillis() {
            return sentMillis;
        }
    }

    /** Not 0: a monotonic clock may begin anywhere. */
    private long nowMillis = -5_000_000;

    private PoolPlaces<Seat> places = places(4, 0);

    private boolean replaceable = true;

    private PoolPlaces<Seat> places(int most, int least) {
        return new PoolPlaces<>(
                new MongoPoolOptions(most, least, 2, 10_000, 60_000, 1_000, 2, 20, 32), () -> replaceable);
    }

    private Seat opened() {
        Seat seat = new Seat();
        assertTrue(places.opened(seat, places.opening(), nowMillis));
        return seat;
    }

    private Seat idle() {
        Seat seat = opened();
        places.returned(seat, nowMillis);
        return seat;
    }

    private Seat busy(int inFlight, long forMillis) {
        Seat seat = opened();
        seat.inFlight = inFlight;
        seat.sentMillis = nowMillis - forMillis;
        return seat;
    }

    private void giveUp(Seat seat) {
        seat.waitedFor = false;
        places.changed(seat, nowMillis);
    }

    @Test
    void theOneUsedLastIsUsedNext() {
        Seat first = idle();
        Seat second = idle();
        assertSame(second, places.idle());
        places.returned(second, nowMillis);
        places.returned(second, nowMillis);
        assertEquals(2, places.idleSize(), "one that is idle returns, as when its output drains");
        assertSame(second, places.idle());
        assertSame(first, places.idle());
        assertNull(places.idle());
    }

    /** In flight and for how long on each of two connections, of which at most 2 may be; and which takes another. */
    @ParameterizedTest
    @CsvSource({
        "1, 0, 1, 0, first",
        "2, 0, 1, 0, second",
        "2, 0, 2, 0, ",
        "1, 19, 2, 0, first",
        "1, 20, 2, 0, ",
        "1, 20, 1, 19, second",
        "1, 36000000, 1, 36000000, ",
    })
    void behindTheFewestThatAreYoung(int one, long oneMillis, int other, long otherMillis, @Nullable String which) {
        Seat first = busy(one, oneMillis);
        Seat second = busy(other, otherMillis);
        assertSame(which == null ? null : which.equals("first") ? first : second, places.behind(nowMillis));
    }

    @Test
    void notBehindWhatMayWaitOrCannotBeWritten() {
        busy(1, 0).takesMore = false;
        assertNull(places.behind(nowMillis));
    }

    /** Its last commands finish, and then it is closed. */
    @Test
    void notBehindWhatIsTooOldOrOfAnEarlierGeneration() {
        Seat old = busy(1, 0);
        nowMillis += 60_000;
        old.sentMillis = nowMillis;
        assertNull(places.behind(nowMillis));
        Seat stale = busy(1, 0);
        assertSame(stale, places.behind(nowMillis));
        places.clear();
        assertNull(places.behind(nowMillis));
        assertFalse(places.isFit(stale, nowMillis));
    }

    /** One while none is up, then two, and never more than the pool may have. */
    @Test
    void howManyAreOpenedAtOnce() {
        assertTrue(places.isMissing());
        int first = places.opening();
        assertFalse(places.mayOpen());
        assertFalse(places.isMissing());
        assertTrue(places.opened(new Seat(), first, nowMillis));
        places.opening();
        assertTrue(places.mayOpen());
        places.opening();
        assertFalse(places.mayOpen());
        places.failed();
        assertTrue(places.mayOpen());
        assertTrue(places.opened(new Seat(), 0, nowMillis));
        opened();
        opened();
        assertEquals(4, places.size());
        assertFalse(places.mayOpen());
    }

    @Test
    void oneThatIsOpenedLateIsOfAnEarlierGeneration() {
        int early = places.opening();
        assertEquals(List.of(), places.clear());
        assertFalse(places.opened(new Seat(), early, nowMillis));
        assertEquals(0, places.size());
        assertEquals(0, places.connecting());
        assertEquals(1, places.generation());
    }

    @Test
    void aClearedPoolClosesWhatIsIdle() {
        Seat idle = idle();
        Seat inUse = busy(1, 0);
        assertEquals(List.of(idle), places.clear());
        assertTrue(places.remove(idle));
        assertFalse(places.remove(idle));
        assertFalse(places.isCurrent(inUse));
        assertEquals(List.of(inUse), places.open());
        assertEquals(0, places.idleSize());
    }

    /** Those of an earlier generation finish, and count for nothing else. */
    @Test
    void onlyThisGenerationCounts() {
        Seat old = busy(1, 0);
        idle();
        assertEquals(2, places.current());
        assertEquals(1, places.currentInUse());
        places.clear().forEach(places::remove);
        assertEquals(0, places.current());
        assertTrue(places.isMissing());
        places.opening();
        assertFalse(places.mayOpen(), "one at a time while none is up");
        assertTrue(places.opened(new Seat(), places.generation(), nowMillis));
        assertFalse(places.isMissing());
        places.remove(old);
        assertEquals(1, places.current());
        assertEquals(1, places.currentInUse());
    }

    /** After so many milliseconds: how many are closed of three that are idle; the last one never. */
    @ParameterizedTest
    @CsvSource({"0, 9999, 0", "0, 10000, 2", "2, 10000, 1", "0, 36000000, 2"})
    void unusedForTooLong(int least, long millis, int closed) {
        places = places(4, least);
        Seat first = idle();
        idle();
        idle();
        nowMillis += millis;
        List<Seat> unused = places.unused(nowMillis);
        assertEquals(closed, unused.size());
        assertEquals(closed > 0, unused.contains(first), "the one used last is kept");
    }

    /** The last one too: another is opened. */
    @ParameterizedTest
    @CsvSource({"59999, 0", "60000, 1", "36000000, 1"})
    void openForTooLong(long millis, int closed) {
        Seat only = idle();
        nowMillis += millis;
        assertEquals(closed, places.old(nowMillis).size());
        assertEquals(closed == 0, places.isFit(only, nowMillis));
        places.old(nowMillis).forEach(places::remove);
        assertEquals(closed == 1, places.isMissing());
    }

    @Test
    void whenSomethingExpires() {
        assertEquals(-1, places.expireInMillis(nowMillis));
        Seat first = idle();
        assertEquals(10_000, places.expireInMillis(first, nowMillis));
        assertEquals(60_000, places.expireInMillis(nowMillis), "the last one is not closed for being unused");
        nowMillis += 4_000;
        idle();
        assertEquals(6_000, places.expireInMillis(nowMillis));
        nowMillis += HOURS;
        assertEquals(1, places.expireInMillis(nowMillis));
    }

    /** While none can be opened in its place, one that is too old serves on, and is looked at now and then. */
    @Test
    void oldOnesThatCannotBeReplaced() {
        Seat only = idle();
        nowMillis += 60_000;
        replaceable = false;
        assertTrue(places.isFit(only, nowMillis));
        assertEquals(List.of(), places.old(nowMillis));
        assertEquals(1_000, places.expireInMillis(nowMillis));
        assertEquals(1_000, places.expireInMillis(only, nowMillis));
        replaceable = true;
        assertEquals(1, places.expireInMillis(nowMillis));
        assertEquals(List.of(only), places.old(nowMillis));
        places.clear();
        replaceable = false;
        assertFalse(places.isFit(only, nowMillis), "of an earlier generation");
    }

    @Test
    void desertedOnesThatCannotBeReplaced() {
        places = places(1, 0);
        Seat only = busy(1, 500);
        giveUp(only);
        nowMillis += 1_000;
        replaceable = false;
        assertNull(places.deserted(nowMillis));
        assertEquals(1_000, places.desertedInMillis(nowMillis));
        replaceable = true;
        assertSame(only, places.deserted(nowMillis));
        places.remove(only);
        assertEquals(-1, places.desertedInMillis(nowMillis));
    }

    /** What is opened beside the pool takes its turn with what is opened for it, and needs a pool that is up. */
    @Test
    void turnsWithThoseBeside() {
        assertFalse(places.mayOpenBeside(), "none is up");
        opened();
        assertTrue(places.mayOpenBeside());
        places.openingBeside();
        places.opening();
        assertFalse(places.mayOpenBeside());
        assertFalse(places.mayOpen());
        places.failed();
        assertTrue(places.mayOpen());
        places.openingBeside();
        assertFalse(places.mayOpen());
        places.overBeside();
        assertTrue(places.mayOpen());
        assertTrue(places.mayOpenBeside());
    }

    /** Only when the pool is full, and nobody waits for it for a second. */
    @Test
    void desertedConnections() {
        places = places(2, 0);
        Seat one = busy(1, 500);
        giveUp(one);
        nowMillis += 1_000;
        assertNull(places.deserted(nowMillis), "another may be opened");
        assertEquals(-1, places.desertedInMillis(nowMillis));
        Seat other = busy(1, 500);
        assertSame(one, places.deserted(nowMillis));
        places.given(one);
        assertNull(places.deserted(nowMillis), "somebody waits for a new command");
        giveUp(other);
        nowMillis += 400;
        giveUp(other);
        giveUp(one);
        assertEquals(600, places.desertedInMillis(nowMillis));
        nowMillis += 599;
        assertNull(places.deserted(nowMillis));
        nowMillis++;
        assertSame(other, places.deserted(nowMillis));
        assertEquals(0, places.desertedInMillis(nowMillis));
        other.inFlight = 0;
        places.returned(other, nowMillis);
        assertNull(places.deserted(nowMillis), "its answers came");
        nowMillis += HOURS;
        assertSame(one, places.deserted(nowMillis));
    }
}
