package dev.polywire.eventstore.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.eventstore.wire.CatchUpPlan.Phase;
import dev.polywire.eventstore.wire.CatchUpPlan.Step;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where a catch-up subscription goes on, for both kinds of places. */
interface CatchUpCases<P extends Comparable<P>> {

    /** A subscription whose first event is this one, at the earliest. */
    PlanWalk<P> from(int event);

    @Test
    default void theFirstPageBeginsWhereItWasAskedFor() {
        from(3).reads(3);
    }

    @Test
    default void atTheEndItSubscribes() {
        from(0).reads(0)
                .lastPage(0, 9)
                .next(Step.SUBSCRIBE)
                .phase(Phase.JOINING)
                .next(Step.WAIT)
                .gave(0, 9);
    }

    @Test
    default void anEmptyStreamIsSubscribedTo() {
        from(0).reads(0).lastPage(0, -1).next(Step.SUBSCRIBE).gave(0, -1);
    }

    @Test
    default void aStreamThatDoesNotExistStartsWhenItComes() {
        PlanWalk<P> walk = from(0);
        walk.next(Step.READ).noStream().next(Step.SUBSCRIBE).confirmed(-1);
        walk.next(Step.READ).noStream().phase(Phase.LIVE).pushed(0, 1).gave(0, 1);
    }

    @Test
    default void pagesFollowEachOther() {
        from(32).reads(32).page(32, 33).reads(34).page(34, 35).reads(36).gave(32, 35);
    }

    @Test
    default void onlyOnePageIsReadAheadOfTheReader() {
        PlanWalk<P> walk = from(0).reads(0).page(0, 1);
        assertEquals(Step.WAIT, walk.step());
        walk.reads(2);
    }

    @Test
    default void aReaderWhoIsNotThereIsNotSubscribed() {
        PlanWalk<P> walk = from(0).reads(0).lastPage(0, 1);
        assertEquals(Step.WAIT, walk.step());
        walk.next(Step.SUBSCRIBE);
    }

    @Test
    default void whenConfirmedItReadsOnFromTheNextNumber() {
        from(10).reads(10)
                .lastPage(10, 16)
                .next(Step.SUBSCRIBE)
                .confirmed(16)
                .phase(Phase.SEAM)
                .reads(17);
    }

    @Test
    default void whatWasReadComesBeforeWhatWasPushedAndNothingTwice() {
        from(0).reads(0)
                .lastPage(0, 1)
                .next(Step.SUBSCRIBE)
                .confirmed(1)
                .pushed(4)
                .reads(2)
                .lastPage(2, 4)
                .phase(Phase.LIVE)
                .pushed(5)
                .gave(0, 5);
    }

    @Test
    default void theSeamHasSeveralPages() {
        from(0).reads(0)
                .lastPage(0, 1)
                .next(Step.SUBSCRIBE)
                .confirmed(1)
                .pushed(6, 7)
                .reads(2)
                .page(2, 3)
                .reads(4)
                .lastPage(4, 6)
                .gave(0, 7);
    }

    /** A server that has confirmed more than its index finds. */
    @Test
    default void theSeamWaitsForALateIndex() {
        PlanWalk<P> walk = from(0);
        walk.reads(0).lastPage(0, 1).next(Step.SUBSCRIBE).confirmed(4);
        walk.reads(2).page(2, 3, true, 3).phase(Phase.SEAM).rested();
        walk.reads(4).page(4, 4, true, 4).phase(Phase.LIVE).gave(0, 4);
    }

    @Test
    default void theSeamDoesNotWaitForEver() {
        PlanWalk<P> walk = from(0);
        walk.reads(0).lastPage(0, 1).next(Step.SUBSCRIBE).confirmed(4);
        for (int late = 1; late < CatchUpPlan.MAX_LATE_PAGES; late++) {
            walk.reads(2).page(2, 1, true, 1).rested();
        }
        walk.reads(2).page(2, 1, true, 1).phase(Phase.LIVE);
    }

    @Test
    default void aSecondConfirmationIsIgnored() {
        from(0).live(0, 3)
                .confirmed(3)
                .phase(Phase.LIVE)
                .next(Step.WAIT)
                .pushed(4)
                .gave(0, 4);
    }

    @Test
    default void droppedInTheMiddleItReadsOn() {
        from(0).live(0, 3).pushed(4).dropped().rested().reads(4).gave(0, 3);
    }

    @Test
    default void refusedByABusyServerItTriesAgain() {
        from(0).reads(0)
                .lastPage(0, 3)
                .next(Step.SUBSCRIBE)
                .dropped()
                .rested()
                .live(4, 5)
                .gave(0, 5);
    }

    @Test
    default void aPageThatHasNotComeIsAskedForAgain() {
        PlanWalk<P> walk = from(0).reads(0).page(0, 1).reads(2);
        walk.plan.failed(false);
        walk.reads(2);
        walk.plan.failed(true);
        walk.rested().reads(2).page(2, 3).gave(0, 3);
    }

    @Test
    default void aServerThatDoesNotGetOnIsGivenAPause() {
        from(0).reads(0)
                .page(0, 1)
                .reads(2)
                .page(2, 1)
                .rested()
                .reads(2)
                .page(2, 3)
                .gave(0, 3);
    }

    @Test
    default void lostWhileReadingItWaitsForThatPage() {
        from(0).reads(0)
                .page(0, 1)
                .reads(2)
                .lost()
                .next(Step.WAIT)
                .up()
                .page(2, 3)
                .reads(4)
                .gave(0, 3);
    }

    @Test
    default void withoutAConnectionItDoesNotSubscribe() {
        from(0).reads(0)
                .lastPage(0, 1)
                .lost()
                .reads(2)
                .lastPage(2, 1)
                .next(Step.WAIT)
                .up()
                .next(Step.SUBSCRIBE);
    }

    @Test
    default void lostBeforeTheConfirmationItReadsAndSubscribesAgain() {
        from(0).reads(0)
                .lastPage(0, 1)
                .next(Step.SUBSCRIBE)
                .lost()
                .up()
                .live(2, 4)
                .gave(0, 4);
    }

    /** What the server says about the first subscription then is said to nobody. */
    @Test
    default void withoutAConfirmationItLeavesReadsAndSubscribesAgain() {
        from(0).reads(0)
                .lastPage(0, 1)
                .next(Step.SUBSCRIBE)
                .pushed(2)
                .late()
                .next(Step.UNSUBSCRIBE)
                .phase(Phase.BEHIND)
                .live(2, 4)
                .gave(0, 4);
    }

    @Test
    default void aConfirmationThatHasComeIsNotLate() {
        from(0).live(0, 1).late().phase(Phase.LIVE).next(Step.WAIT);
        PlanWalk<P> walk = from(0).reads(0).lastPage(0, 1).next(Step.SUBSCRIBE).lost();
        walk.late().up().live(2, 3).gave(0, 3);
    }

    @Test
    default void lostAtTheSeamItReadsOn() {
        PlanWalk<P> walk = from(0).reads(0)
                .lastPage(0, 1)
                .next(Step.SUBSCRIBE)
                .confirmed(1)
                .pushed(9);
        walk.reads(2).lost().up().lastPage(2, 3).next(Step.SUBSCRIBE).confirmed(9);
        walk.reads(4).lastPage(4, 9).phase(Phase.LIVE).gave(0, 9);
    }

    /** And it does not unsubscribe, since the new connection knows nothing of that. */
    @Test
    default void lostWhenLiveItReadsOnBehindTheLastEvent() {
        from(0).live(0, 1)
                .pushed(2, 3)
                .lost()
                .up()
                .reads(2)
                .lastPage(2, 3)
                .next(Step.SUBSCRIBE)
                .gave(0, 3);
    }

    @Test
    default void whatThePageRepeatsIsLeftOut() {
        from(0).reads(0).page(0, 3).reads(4).page(2, 5).gave(0, 5);
    }

    @Test
    default void whatIsPushedAgainIsLeftOut() {
        from(0).live(0, 3).pushed(2, 3, 4, 4, 5).gave(0, 5);
    }

    @Test
    default void whatIsPushedAgainAfterARestartIsLeftOut() {
        from(0).live(0, 3).lost().up().live(4, 5).pushed(4, 5, 6).gave(0, 6);
    }

    @Test
    default void aServerThatGoesBackIsNotFollowed() {
        from(4).reads(4).page(4, 5).reads(6).page(0, 3).rested().reads(6).gave(4, 5);
    }

    @Test
    default void whenTheQueueIsFullItUnsubscribesAndReadsFromWhereTheReaderIs() {
        from(0).live(0, 1)
                .pushed(2, 3, 4)
                .full()
                .next(Step.UNSUBSCRIBE)
                .phase(Phase.BEHIND)
                .live(2, 5)
                .gave(0, 5);
    }

    @Test
    default void whenTheQueueIsFullAtTheSeamThePagesStay() {
        PlanWalk<P> walk = from(0).reads(0)
                .lastPage(0, 1)
                .next(Step.SUBSCRIBE)
                .confirmed(1)
                .pushed(4, 5);
        walk.reads(2).full().next(Step.UNSUBSCRIBE).page(2, 3).live(4, 6).gave(0, 6);
    }

    @Test
    default void whenTheQueueIsFullBeforeTheConfirmationItUnsubscribesOnce() {
        PlanWalk<P> walk = from(0).reads(0).lastPage(0, 1).next(Step.SUBSCRIBE).full();
        walk.next(Step.UNSUBSCRIBE).confirmed(1).phase(Phase.BEHIND).reads(2);
    }

    @Test
    default void aLostConnectionIsNotUnsubscribedFrom() {
        from(0).live(0, 1).pushed(2).full().lost().up().reads(2);
    }

    @Test
    default void whatWasNotThereIsNoGap() {
        PlanWalk<P> walk = from(0);
        walk.reads(0).page(7, 8).reads(9);
        walk.pull();
        assertEquals(List.of(7, 8), walk.given);
    }
}
