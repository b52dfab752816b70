package dev.polywire.eventstore.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.eventstore.wire.NextSending.What;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What follows a sending in vain, on a virtual clock. */
class NextSendingTest {

    @ParameterizedTest
    @CsvSource({
        "NOT_SENT,           true,  AGAIN 0,       AGAIN 0",
        "NOT_SENT,           false, AGAIN 0,       AGAIN 0",
        "LOST_READ,          true,  AGAIN 0,       AGAIN 0",
        "LOST_WRITE,         true,  AGAIN 0,       AGAIN 0",
        "LOST_WRITE,         false, FAIL 0,        FAIL 0",
        "GIVEN_UP_BY_SERVER, true,  AGAIN 100,     AGAIN 400",
        "GIVEN_UP_BY_SERVER, false, FAIL 0,        FAIL 0",
        "NOT_READY,          true,  AGAIN 100,     AGAIN 400",
        "NOT_READY,          false, AGAIN 100,     AGAIN 400",
        "TOO_BUSY,           false, AGAIN 100,     AGAIN 400",
        "NO_LEADER,          false, AGAIN 100,     AGAIN 400",
        "NOT_LEADER,         false, TO_LEADER 0,   TO_LEADER 200",
        "IS_READ_ONLY,       true,  FAIL 0,        FAIL 0",
        "PAGE_TOO_LONG,      true,  HALF 0,        HALF 0",
        "REFUSED,            true,  FAIL 0,        FAIL 0",
    })
    void table(OperationTrouble trouble, boolean repeatable, String first, String third) {
        assertEquals(first, text(NextSending.after(trouble, repeatable, 0, 10_000)));
        assertEquals(third, text(NextSending.after(trouble, repeatable, 2, 10_000)));
    }

    /** F41 */
    @ParameterizedTest
    @EnumSource(OperationTrouble.class)
    void nothingIsSentForThoseWhoHaveGivenUp(OperationTrouble trouble) {
        assertEquals(What.FAIL, NextSending.after(trouble, true, 0, 0).what());
    }

    @Test
    void pausesGrowToTwoSeconds() {
        List<Long> pauses = new ArrayList<>();
        for (int refusals = 0; refusals < 8; refusals++) {
            pauses.add(NextSending.after(OperationTrouble.TOO_BUSY, false, refusals, 60_000)
                    .pauseMillis());
        }
        assertEquals(List.of(100L, 200L, 400L, 800L, 1_600L, 2_000L, 2_000L, 2_000L), pauses);
    }

    /** Two nodes that name each other: at the second name the client begins to wait. */
    @Test
    void aLoopOfLeadersWaits() {
        long nowMillis = 0;
        int sendings = 0;
        for (NextSending next = NextSending.after(OperationTrouble.NOT_LEADER, true, 0, 25_000);
                next.what() != What.FAIL;
                next = NextSending.after(OperationTrouble.NOT_LEADER, true, sendings, 25_000 - nowMillis)) {
            nowMillis += next.pauseMillis();
            sendings++;
        }
        assertEquals(17, sendings);
    }

    private static String text(NextSending next) {
        return next.what() + " " + next.pauseMillis();
    }
}
