package dev.polywire.eventstore.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.eventstore.wire.CatchUpPlan.Phase;
import dev.polywire.eventstore.wire.CatchUpPlan.Step;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** What a subscription does with its plan, step by step, without a connection. Event 7 is at place 7, whatever that is. */
final class PlanWalk<P extends Comparable<P>> {

    final CatchUpPlan<P> plan;
    /** The events that the reader has. */
    final List<Integer> given = new ArrayList<>();

    private final IntFunction<P> at;
    private final boolean repeatsOne;
    private final ArrayDeque<List<Integer>> pages = new ArrayDeque<>();
    private final ArrayDeque<Integer> queue = new ArrayDeque<>();
    private boolean connected = true;

    /** @param repeatsOne whether a page may begin with the last event of the one before */
    PlanWalk(PageCursor<P> cursor, IntFunction<P> at, boolean repeatsOne) {
        this.repeatsOne = repeatsOne;
        this.plan = new CatchUpPlan<>(cursor);
        this.at = at;
    }

    /** What is next for a reader who has pulled all. */
    PlanWalk<P> next(Step expected) {
        pull();
        assertEquals(expected, step());
        return this;
    }

    /** What is next for a reader who does not pull. */
    Step step() {
        return plan.next(pages.isEmpty(), pages.isEmpty(), connected);
    }

    /** The page is asked for that begins there. */
    PlanWalk<P> reads(int from) {
        next(Step.READ);
        // A page of all events may begin with the one before, which is known.
        P begins = plan.from();
        assertTrue(begins.equals(at.apply(from)) || repeatsOne && begins.equals(at.apply(from - 1)), begins::toString);
        return this;
    }

    /** A page with these events, and others behind it. */
    PlanWalk<P> page(int first, int last) {
        return page(first, last, false, last);
    }

    /** The last page, of a server that knows all. */
    PlanWalk<P> lastPage(int first, int last) {
        return page(first, last, true, Integer.MAX_VALUE);
    }

    /** @param last less than first: no events */
    PlanWalk<P> page(int first, int last, boolean isEnd, int knownTo) {
        List<Integer> fresh = IntStream.rangeClosed(first, last)
                .filter(event -> plan.takes(at.apply(event)))
                .boxed()
                .toList();
        plan.page(at.apply(last + 1), isEnd, knownTo);
        pages.add(fresh);
        return this;
    }

    /** The stream does not exist. */
    PlanWalk<P> noStream() {
        plan.page(plan.from(), true, -1);
        return this;
    }

    PlanWalk<P> confirmed(int last) {
        plan.confirmed(last);
        return this;
    }

    PlanWalk<P> pushed(int... events) {
        IntStream.of(events).forEach(queue::add);
        return this;
    }

    PlanWalk<P> full() {
        queue.clear();
        plan.full();
        return this;
    }

    PlanWalk<P> dropped() {
        queue.clear();
        plan.dropped();
        return this;
    }

    /** The confirmation has not come in time. */
    PlanWalk<P> late() {
        queue.clear();
        plan.late();
        return this;
    }

    PlanWalk<P> lost() {
        queue.clear();
        connected = false;
        plan.lost();
        return this;
    }

    PlanWalk<P> up() {
        connected = true;
        return this;
    }

    PlanWalk<P> rested() {
        next(Step.PAUSE).next(Step.WAIT);
        plan.rested();
        return this;
    }

    /** Reads, subscribes and reads again, until all up to an event is given. */
    PlanWalk<P> live(int from, int last) {
        reads(from).lastPage(from, last).next(Step.SUBSCRIBE).confirmed(last);
        return reads(last + 1).lastPage(last + 1, last).phase(Phase.LIVE);
    }

    PlanWalk<P> phase(Phase expected) {
        assertEquals(expected, plan.phase());
        return this;
    }

    /** What the reader gets. */
    void pull() {
        pages.forEach(given::addAll);
        pages.clear();
        while (plan.phase() == Phase.LIVE && !queue.isEmpty()) {
            int event = queue.remove();
            if (plan.takes(at.apply(event))) {
                given.add(event);
            }
        }
    }

    void gave(int first, int last) {
        pull();
        assertEquals(IntStream.rangeClosed(first, last).boxed().toList(), given);
        assertTrue(pages.isEmpty());
    }
}
