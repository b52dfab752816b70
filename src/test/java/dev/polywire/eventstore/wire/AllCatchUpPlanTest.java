package dev.polywire.eventstore.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Among all events. Event n is at (n + 1, n + 1), so that none is at the beginning. */
class AllCatchUpPlanTest implements CatchUpCases<Position> {

    static Position at(int event) {
        return new Position(event + 1, event + 1);
    }

    @Override
    public PlanWalk<Position> from(int event) {
        PageCursor<Position> cursor = PageCursor.all(ReadDirection.FORWARD, event == 0 ? null : at(event - 1));
        return new PlanWalk<>(cursor, AllCatchUpPlanTest::at, true);
    }

    /** A page of a filtered read has looked at events, and has none of them. */
    @Test
    void aPlaceThatWasLookedAtIsNotReadAgain() {
        PlanWalk<Position> walk = from(0).live(0, 1);
        assertTrue(walk.plan.takes(at(8)));
        walk.lost().up().next(CatchUpPlan.Step.READ);
        assertEquals(at(8), walk.plan.from());
    }

    /** Events of a transaction have one commit. */
    @Test
    void eventsOfATransactionAreTold() {
        PageCursor<Position> cursor = PageCursor.all(ReadDirection.FORWARD, new Position(90, 10));
        assertFalse(cursor.takes(new Position(90, 10)));
        assertTrue(cursor.takes(new Position(90, 40)));
        assertTrue(cursor.page(new Position(90, 70), false));
        assertTrue(cursor.takes(new Position(90, 70)));
    }

    @Test
    void backwardTheNextPageIsBefore() {
        PageCursor<Position> cursor = PageCursor.all(ReadDirection.BACKWARD, null);
        assertEquals(Position.END, cursor.from());
        assertTrue(cursor.takes(at(9)));
        assertTrue(cursor.takes(at(8)));
        assertFalse(cursor.takes(at(8)));
        assertTrue(cursor.page(at(8), false));
        assertEquals(at(8), cursor.from());
        assertFalse(cursor.page(at(8), false));
    }
}
