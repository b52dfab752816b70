package dev.polywire.eventstore.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** In one stream. Links are there under their own numbers, so they are no case of their own. */
class StreamCatchUpPlanTest implements CatchUpCases<Long> {

    @Override
    public PlanWalk<Long> from(int event) {
        return new PlanWalk<>(PageCursor.stream(ReadDirection.FORWARD, event), Long::valueOf, false);
    }

    /** What is before the number that was asked for is not wanted, even when it comes later. */
    @Test
    void aStreamThatIsShorterIsWaitedFor() {
        PlanWalk<Long> walk = from(5);
        walk.reads(5).page(0, -1, true, 2).next(CatchUpPlan.Step.SUBSCRIBE).confirmed(2);
        walk.reads(5).page(0, -1, true, 2).pushed(3, 4, 5, 6).gave(5, 6);
    }

    /** The page says that its events begin at 100, but the stream ends at 49: the next one is 50. */
    @Test
    void aTruncationBehindTheEndHidesNothingThatIsPushed() {
        PlanWalk<Long> walk = from(0);
        walk.reads(0).page(100, 99, false, 49).reads(100).page(50, 49, true, 49).next(CatchUpPlan.Step.SUBSCRIBE);
        walk.confirmed(49).reads(50).page(50, 49, true, 49).pushed(50).gave(50, 50);
    }

    /** Through a stream to its end, both ways. */
    @Test
    void pagesGoOnWhereTheServerSays() {
        PageCursor<Long> forward = PageCursor.stream(ReadDirection.FORWARD, 0);
        assertTrue(forward.takes(0L));
        assertTrue(forward.page(10L, false));
        assertEquals(10, forward.from());
        assertTrue(forward.page(11L, true));
        assertTrue(forward.isAtEnd());

        PageCursor<Long> backward = PageCursor.stream(ReadDirection.BACKWARD, -1);
        assertEquals(-1, backward.from());
        assertTrue(backward.takes(0L));
        assertFalse(backward.takes(0L));
        assertTrue(backward.page(-1L, true));
    }

    @Test
    void backwardFromZeroIsNotFromTheEnd() {
        assertEquals(0, PageCursor.stream(ReadDirection.BACKWARD, 0).from());
    }
}
