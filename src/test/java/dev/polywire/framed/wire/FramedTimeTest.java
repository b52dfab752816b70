package dev.polywire.framed.wire;

import static dev.polywire.framed.wire.Framed.messages;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

/** A message that was begun must end within a second here; the clock is the test's. */
class FramedTimeTest {

    private static final Buffer HALF = Vectors.bytes("00000005 6865");

    private final FramedMachine machine = new FramedMachine(new FramedLimits(100, 1_000), FrameTap.NONE);

    @Test
    void silenceBetweenMessagesIsLegal() {
        receive("00000001 61", 10);
        assertEquals(Long.MAX_VALUE, machine.deadlineMillis());
        machine.tick(1_000_000);
        receive("00000001 62", 1_000_001);
        assertEquals(FramedState.OPEN, machine.state());
    }

    @Test
    void anUnfinishedMessageIsNot() {
        receive("000000", 10);
        assertEquals(1_010, machine.deadlineMillis());
        machine.tick(1_009);
        ProtocolException unfinished = assertThrows(ProtocolException.class, () -> machine.tick(1_010));
        assertEquals(ProtocolException.Kind.SILENCE, unfinished.kind());
        assertEquals("message: unfinished after 1000 ms, 3 bytes of its frame are here", unfinished.getMessage());
        assertNull(machine.nextEvent());
        assertEquals(FramedState.FAILED, machine.state());
    }

    /** One byte now and then keeps no connection. */
    @Test
    void moreOfItGivesNoMoreTime() {
        machine.receive(HALF, 10);
        messages(machine);
        receive("6c", 900);
        assertEquals(1_010, machine.deadlineMillis());
        assertEquals(64, machine.heldBytes());
    }

    @Test
    void eachMessageHasItsOwnTime() {
        machine.receive(HALF, 10);
        messages(machine);
        receive("6c6c6f 0000", 900);
        assertEquals(1_900, machine.deadlineMillis());
        receive("0000", 1_800);
        assertEquals(Long.MAX_VALUE, machine.deadlineMillis());
    }

    @Test
    void theTimeOfAPauseDoesNotCount() {
        machine.receive(HALF, 10);
        messages(machine);
        machine.hold(true, 500);
        machine.hold(true, 600);
        assertEquals(Long.MAX_VALUE, machine.deadlineMillis());
        machine.tick(1_000_000);
        machine.hold(false, 2_000_000);
        machine.hold(false, 2_000_100);
        assertEquals(2_000_510, machine.deadlineMillis());
        assertThrows(ProtocolException.class, () -> machine.tick(2_000_510));
    }

    @Test
    void whatWasReceivedInAPauseStartsBehindIt() {
        machine.hold(true, 0);
        machine.receive(HALF, 10);
        machine.hold(false, 5_000);
        messages(machine);
        assertEquals(6_000, machine.deadlineMillis());
    }

    @Test
    void whoHasClosedIsTruncatedNotLate() {
        machine.receive(HALF, 10);
        messages(machine);
        machine.peerClosed(20);
        assertEquals(Long.MAX_VALUE, machine.deadlineMillis());
        assertThrows(ProtocolException.class, machine::nextEvent);
    }

    @Test
    void silenceOfBothIsIdle() {
        FramedMachine idle = idleAfter(5_000);
        idle.hold(true, 100);
        idle.hold(false, 100);
        assertEquals(5_100, idle.deadlineMillis());
        receive(idle, "00000001 61", 3_000);
        assertEquals(8_000, idle.deadlineMillis());
        idle.tick(7_999);
        ProtocolException silent = assertThrows(ProtocolException.class, () -> idle.tick(8_000));
        assertEquals("connection: idle for 5000 ms", silent.getMessage());
        assertEquals(FramedState.IDLE, idle.state());
        assertNull(idle.nextEvent());
        assertEquals(Long.MAX_VALUE, idle.deadlineMillis());
    }

    /** When exactly it was said is not known to the machine, so it has up to twice the time. */
    @Test
    void whoIsSpokenToIsNotIdle() {
        FramedMachine idle = idleAfter(5_000);
        receive(idle, "00000001 61", 0);
        idle.send(Buffer.buffer("b"));
        idle.tick(5_000);
        assertEquals(10_000, idle.deadlineMillis());
        assertThrows(ProtocolException.class, () -> idle.tick(10_000));
    }

    @Test
    void theIdleTimeOfAPauseDoesNotCount() {
        FramedMachine idle = idleAfter(5_000);
        receive(idle, "00000001 61", 0);
        idle.hold(true, 4_000);
        idle.tick(1_000_000);
        assertEquals(Long.MAX_VALUE, idle.deadlineMillis());
        idle.hold(false, 2_000_000);
        assertEquals(2_001_000, idle.deadlineMillis());
    }

    /** What was begun has its own, shorter or longer, time. */
    @Test
    void theNearerDeadlineIsFirst() {
        FramedMachine idle = idleAfter(5_000);
        idle.receive(HALF, 10);
        messages(idle);
        assertEquals(1_010, idle.deadlineMillis());
        ProtocolException unfinished = assertThrows(ProtocolException.class, () -> idle.tick(6_000));
        assertEquals("message: unfinished after 1000 ms, 6 bytes of its frame are here", unfinished.getMessage());
    }

    private static FramedMachine idleAfter(long idleTimeoutMillis) {
        return new FramedMachine(new FramedLimits(100, 1_000, idleTimeoutMillis, 100, 60_000, 0), FrameTap.NONE);
    }

    private void receive(String hex, long nowMillis) {
        receive(machine, hex, nowMillis);
    }

    private static void receive(FramedMachine machine, String hex, long nowMillis) {
        machine.receive(Vectors.bytes(hex), nowMillis);
        messages(machine);
    }
}
