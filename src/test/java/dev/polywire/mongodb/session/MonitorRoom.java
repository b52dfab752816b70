package dev.polywire.mongodb.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.mongodb.session.MonitorSchedule.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@link MonitorSchedule} in virtual time: the test says what the server does and when, and reads as a transcript what was done.
 * Timers fire when they are due, unless the process stands still.
 */
final class MonitorRoom {

    /** Steps of a schedule that ask without a pause. */
    private static final int TOO_MANY = 1_000;

    final MonitorSchedule schedule;
    /** {@code "0 DIAL"}, with the milliseconds. */
    final List<String> steps = new ArrayList<>();

    long now;
    long heard = -1;
    boolean read = true;

    MonitorRoom(long heartbeatMillis, long connectTimeoutMillis) {
        schedule = new MonitorSchedule(heartbeatMillis, connectTimeoutMillis);
    }

    /** Something has happened: what it leads to. */
    void run() {
        int before = steps.size();
        for (Step step = next(); step != Step.WAIT; step = next()) {
            steps.add(now + " " + step);
            assertTrue(steps.size() - before < TOO_MANY, "it does not come to an end");
        }
    }

    private Step next() {
        return schedule.next(now, heard, read);
    }

    /** Until then nothing but timers. */
    void until(long millis) {
        while (schedule.dueMillis() <= millis) {
            assertTrue(schedule.dueMillis() > now || schedule.dueMillis() == now && steps.isEmpty(), "a busy loop");
            now = schedule.dueMillis();
            run();
        }
        now = millis;
    }

    /** The process stands still until then, and sees its timers too late. */
    void pausedUntil(long millis) {
        now = millis;
        run();
    }

    void heardAt(long millis) {
        until(millis);
        heard = millis;
    }

    void dialledAt(long millis, boolean streams) {
        until(millis);
        schedule.dialled(now, streams);
        run();
    }

    void answeredAt(long millis, boolean streams) {
        until(millis);
        schedule.answered(now, streams);
        run();
    }

    void streamedAt(long millis) {
        until(millis);
        schedule.streamed(now);
        run();
    }

    void failsAt(long millis) {
        until(millis);
        failed();
    }

    void failed() {
        schedule.dialFailed(now, heard, read);
        run();
    }

    void breaksAt(long millis) {
        until(millis);
        schedule.broke(now);
        run();
    }

    void begin() {
        schedule.begin(now);
        run();
    }

    /** What was done since the last look. */
    void did(String... expected) {
        assertEquals(List.of(expected), steps);
        steps.clear();
    }
}
