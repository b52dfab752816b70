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
        assertEquals(ProtocolException.Kind.LIMIT, unfinished.kind());
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
        machine.pause(500);
        machine.pause(600);
        assertEquals(Long.MAX_VALUE, machine.deadlineMillis());
        machine.tick(1_000_000);
        machine.resume(2_000_000);
        machine.resume(2_000_100);
        assertEquals(2_000_510, machine.deadlineMillis());
        assertThrows(ProtocolException.class, () -> machine.tick(2_000_510));
    }

    @Test
    void whatWasReceivedInAPauseStartsBehindIt() {
        machine.pause(0);
        machine.receive(HALF, 10);
        machine.resume(5_000);
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

    private void receive(String hex, long nowMillis) {
        machine.receive(Vectors.bytes(hex), nowMillis);
        messages(machine);
    }
}
