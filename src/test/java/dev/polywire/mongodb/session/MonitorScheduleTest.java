package dev.polywire.mongodb.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.mongodb.session.MonitorStatus.Mode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When hello is said, and what silence means: heartbeatMillis 10,000, connectTimeoutMillis 4,000. */
class MonitorScheduleTest {

    private final MonitorRoom room = new MonitorRoom(10_000, 4_000);

    private void begun(boolean streams) {
        room.begin();
        room.did("0 DIAL");
        assertEquals(Mode.CONNECTING, room.schedule.mode());
        room.dialledAt(5, streams);
    }

    @Test
    void polls() {
        begun(false);
        assertEquals(Mode.POLLING, room.schedule.mode());
        room.answeredAt(room.schedule.dueMillis(), false);
        room.did("10005 POLL");
        room.until(10_006);
        room.answeredAt(20_100, false);
        room.until(30_099);
        room.did("20005 POLL");
        room.until(30_100);
        room.did("30100 POLL");
    }

    @Test
    void streams() {
        begun(true);
        room.did("5 AWAIT");
        assertEquals(Mode.STREAMING, room.schedule.mode());
        for (long now = 10_005; now < 200_000; now += 10_003) {
            room.streamedAt(now);
        }
        room.did();
        // The last of a stream: it is asked again.
        room.answeredAt(200_500, true);
        room.did("200500 AWAIT");
        // A server that refuses, or does not offer it any more.
        room.answeredAt(200_600, false);
        room.until(210_600);
        room.did("210600 POLL");
        room.answeredAt(210_700, true);
        room.did("210700 AWAIT");
    }

    /** The clock of the proof begins where its answer was due. */
    @Test
    void silentWhilePolled() {
        begun(false);
        room.until(14_005);
        room.did("10005 POLL");
        room.until(14_006);
        room.did("14006 LOST");
        assertEquals(Mode.RESTING, room.schedule.mode());
        assertEquals(MonitorSchedule.NEVER, room.schedule.dueMillis());
    }

    @Test
    void silentWhileItStreams() {
        begun(true);
        room.streamedAt(3_000);
        room.until(17_000);
        room.did("5 AWAIT");
        room.until(17_001);
        room.did("17001 LOST");
    }

    @Test
    void silentFromTheBeginning() {
        room.begin();
        room.until(4_001);
        room.did("0 DIAL", "4001 LOST");
    }

    /** One more millisecond: an answer that waits behind the timer in the same turn is seen. */
    @Test
    void answersInTheLastMoment() {
        begun(false);
        room.answeredAt(14_005, false);
        room.until(24_004);
        room.did("10005 POLL");
    }

    /** Others hear the server: their last word counts, and the connection that hears nothing is replaced. */
    @Test
    void heardByOthers() {
        begun(false);
        room.heardAt(12_000);
        room.until(14_005);
        room.did("10005 POLL", "14005 DROP", "14005 DIAL");
        room.until(16_000);
        room.did();
        room.until(16_001);
        room.did("16001 LOST");
    }

    @Test
    void heardByOthersAgainAndAgain() {
        begun(true);
        room.did("5 AWAIT");
        for (long now = 11_000; now < 14_005; now += 1_000) {
            room.heardAt(now);
        }
        room.until(14_005);
        room.did("14005 DROP", "14005 DIAL");
        room.dialledAt(14_010, true);
        room.did("14010 AWAIT");
    }

    /** Nothing is read for want of memory: that silence is ours, for as long as it lasts. */
    @Test
    void notRead() {
        begun(false);
        room.until(10_005);
        room.read = false;
        room.until(60_000);
        room.read = true;
        room.until(63_000);
        room.did("10005 POLL");
        room.until(64_100);
        assertTrue(room.steps.get(0).endsWith("LOST"), room.steps::toString);
    }

    /** One more round: the answers of an hour may lie unread. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void paused(boolean streams) {
        begun(streams);
        room.until(10_005);
        room.steps.clear();
        room.pausedUntil(3_600_000);
        room.until(3_604_000);
        room.did();
        room.until(3_604_001);
        room.did("3604001 LOST");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void pausedAndAnswered(boolean streams) {
        begun(streams);
        room.until(10_005);
        room.steps.clear();
        room.pausedUntil(3_600_000);
        room.answeredAt(3_603_999, false);
        room.until(3_613_998);
        room.did();
    }

    /** In the middle of a round, so that its end is in time. */
    @Test
    void pausedInBetween() {
        begun(false);
        room.until(10_100);
        room.pausedUntil(13_900);
        room.until(17_900);
        room.did("10005 POLL");
        room.until(17_901);
        room.did("17901 LOST");
    }

    /** Before the question: it is asked late, and has its whole time. */
    @Test
    void pausedBefore() {
        begun(false);
        room.pausedUntil(50_000);
        room.until(54_000);
        room.did("50000 POLL");
        room.until(54_001);
        room.did("54001 LOST");
    }

    /** The socket sees its own timeout before the schedule has seen the pause, or after. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void pausedWhileItConnects(boolean timeoutFirst) {
        begun(false);
        room.breaksAt(6_000);
        room.did("6000 DIAL");
        room.now = 3_600_000;
        if (!timeoutFirst) {
            room.run();
        }
        room.failed();
        room.did("3600000 DIAL");
        room.until(3_604_000);
        room.did();
        room.dialledAt(3_604_000, false);
        assertEquals(Mode.POLLING, room.schedule.mode());
    }

    /** A timer that is only a little late is no pause: a busy loop does not hide a silent server. */
    @Test
    void aLittleLate() {
        begun(false);
        room.until(10_005);
        while (room.schedule.mode() != Mode.RESTING) {
            room.pausedUntil(room.schedule.dueMillis() + 900);
        }
        assertTrue(room.now < 10_005 + 4_000 + 2 * 901, () -> "at " + room.now);
    }

    /** The server took one before, and takes none for as long as an answer may take. */
    @Test
    void refusedUntilItIsLost() {
        begun(false);
        room.breaksAt(7_000);
        for (long at = 7_001; at < 11_000; at += 500) {
            room.did(at - 1 + " DIAL");
            room.failsAt(at);
            room.until(at + 499);
        }
        room.did("11000 DIAL");
        room.until(11_001);
        room.did("11001 LOST");
    }

    /** A limit of its connections, say. */
    @Test
    void refusedForAMoment() {
        begun(false);
        room.breaksAt(7_000);
        room.failsAt(7_001);
        room.failsAt(7_501);
        room.dialledAt(8_001, false);
        room.until(18_001);
        room.did("7000 DIAL", "7500 DIAL", "8000 DIAL", "18001 POLL");
        // From here on anew.
        room.breaksAt(18_100);
        room.failsAt(18_101);
        room.until(22_100);
        room.did("18100 DIAL", "18600 DIAL");
        room.until(22_101);
        room.did("22101 LOST");
    }

    /** The others hear it between two attempts: it is there, and is not dialled so often. */
    @Test
    void refusedThoughHeardByOthers() {
        begun(false);
        room.breaksAt(7_000);
        room.failsAt(7_001);
        room.heardAt(7_300);
        room.failsAt(7_501);
        room.until(17_500);
        room.did("7000 DIAL", "7500 DIAL");
        room.until(17_501);
        room.did("17501 DIAL");
    }

    @Test
    void redoneOnceAndHeardByOthers() {
        begun(false);
        room.breaksAt(7_000);
        room.heardAt(7_001);
        room.failsAt(7_002);
        room.did("7000 DIAL");
        room.until(17_001);
        room.did();
        room.until(17_002);
        room.did("17002 DIAL");
    }

    @Test
    void refusedAndNotRead() {
        begun(false);
        room.breaksAt(7_000);
        room.read = false;
        room.failsAt(7_001);
        room.until(17_001);
        room.did("7000 DIAL", "17001 DIAL");
    }

    /** Connections that break again and again. */
    @Test
    void noHammering() {
        begun(true);
        room.did("5 AWAIT");
        for (int i = 1; i <= 10; i++) {
            room.breaksAt(room.now + 1);
            room.until(i * 500L - 1);
            room.did();
            room.until(i * 500L);
            room.did(i * 500L + " DIAL");
            room.dialledAt(room.now + 1, true);
            room.steps.clear();
        }
    }

    /** A heartbeat that is quick does not make a refused connection quick. */
    @Test
    void noHammeringWhereNoneIsTaken() {
        MonitorRoom quick = new MonitorRoom(10, 4_000);
        quick.begin();
        quick.failsAt(1);
        quick.failsAt(501);
        quick.until(1_001);
        quick.did("0 DIAL", "501 DIAL", "1001 DIAL");
    }

    /** A server that takes one connection only has said nothing about it. */
    @Test
    void neverTaken() {
        room.begin();
        room.failsAt(3);
        for (long now = 10_003; now < 100_000; now += 10_000) {
            room.until(now);
            room.failsAt(now);
        }
        assertEquals(10, room.steps.size(), room.steps::toString);
        assertTrue(room.steps.stream().allMatch(each -> each.endsWith("DIAL")), room.steps::toString);
    }

    /** Answers without a pause cost so many in an interval. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void floods(boolean more) {
        begun(true);
        room.steps.clear();
        int answers = 0;
        while (!room.steps.contains("5 DROP")) {
            answers++;
            if (more) {
                room.streamedAt(5);
            } else {
                room.answeredAt(5, true);
            }
        }
        assertTrue(answers >= MonitorSchedule.MAX_REPLIES && answers <= MonitorSchedule.MAX_REPLIES + 1);
        room.steps.clear();
        room.until(10_004);
        room.did();
        room.until(10_005);
        room.did("10005 DIAL");
    }

    /** Elections, one after the other, are no flood. */
    @Test
    void changes() {
        begun(true);
        for (int i = 0; i < 1_000; i++) {
            room.streamedAt(room.now + 6);
        }
        room.did("5 AWAIT");
    }

    @Test
    void beginsAgain() {
        begun(false);
        room.schedule.begin(room.now);
        room.run();
        room.did();
        room.schedule.end();
        room.until(1_000_000);
        room.did();
        room.begin();
        room.did("1000000 DIAL");
        // What the server before it has taken says nothing about this one.
        room.failsAt(1_000_001);
        room.until(1_010_000);
        room.did();
    }
}
