package dev.polywire.eventstore.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.IntFunction;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;

/** Each event once and in order, whatever the sequence of cuts, silence, full queues, late indexes and ends of pages. */
class CatchUpModelTest {

    private static final int SEEDS = 600;

    @Test
    void ofAStream() {
        play(seed -> PageCursor.stream(ReadDirection.FORWARD, seed % 7), Long::valueOf, Long::intValue, 1);
    }

    @Test
    void ofAllEvents() {
        play(AllModel::cursor, AllCatchUpPlanTest::at, AllModel::event, 1);
    }

    @Test
    void ofSomeOfAllEvents() {
        play(AllModel::cursor, AllCatchUpPlanTest::at, AllModel::event, 3);
    }

    private static final class AllModel {

        static PageCursor<Position> cursor(int seed) {
            int first = seed % 7;
            return PageCursor.all(ReadDirection.FORWARD, first == 0 ? null : AllCatchUpPlanTest.at(first - 1));
        }

        /** The event at a place, or the first one behind it. */
        static int event(Position place) {
            return (int) Math.max(0, place.commit() - 1);
        }
    }

    private static <P extends Comparable<P>> void play(
            IntFunction<PageCursor<P>> cursor, IntFunction<P> at, ToIntFunction<P> event, int each) {
        int overflows = 0;
        int cuts = 0;
        int late = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            CatchUpModel<P> model = new CatchUpModel<>(seed, cursor.apply(seed), at, event, each);
            model.play();
            assertEquals(model.expected(seed % 7), model.given, "seed " + seed);
            overflows += model.overflows;
            cuts += model.cuts;
            late += model.late;
        }
        assertTrue(overflows > SEEDS / 10, "overflows: " + overflows);
        assertTrue(cuts > SEEDS, "cuts: " + cuts);
        assertTrue(late > SEEDS / 10, "late: " + late);
    }
}
