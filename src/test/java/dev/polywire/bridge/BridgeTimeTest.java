package dev.polywire.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.json.Fields;
import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

/** V20: who says nothing is closed; a clock of our own. */
class BridgeTimeTest {

    private static final Buffer PING = Buffer.buffer(BridgeClient.frame("{\"type\":\"ping\"}"));

    private static BridgeMachine machine(boolean login) {
        return new BridgeMachine(BridgeLimits.fromJson(Fields.of(new JsonObject())), login, FrameTap.NONE, 1_000);
    }

    private static void hears(BridgeMachine machine, Buffer bytes, long nowMillis) {
        machine.receive(bytes, nowMillis);
        while (machine.nextEvent() != null) {}
    }

    private static void ends(BridgeMachine machine, long atMillis, Refusal why) {
        machine.tick(atMillis - 1);
        assertNull(machine.timedOut());
        assertThrows(ProtocolException.class, () -> machine.tick(atMillis));
        assertEquals(why, machine.timedOut());
        String said = machine.takeOutput().toString();
        assertTrue(said.contains("\"message\":\"" + why.word() + "\""), said);
        assertNull(machine.nextEvent());
    }

    @Test
    void v20SilenceEndsTheConnection() {
        ends(machine(false), 61_000, Refusal.IDLE);
    }

    @Test
    void v20AFrameIsASignOfLifeAndHalfOfOneIsNot() {
        BridgeMachine machine = machine(false);
        hears(machine, PING.copy(), 50_000);
        assertEquals(110_000, machine.deadlineMillis());
        for (int i = 0; i < PING.length() - 1; i++) {
            hears(machine, PING.getBuffer(i, i + 1), 51_000 + i * 1_000);
        }
        ends(machine, 110_000, Refusal.IDLE);
    }

    @Test
    void beforeLoginNothingIsASignOfLife() {
        BridgeMachine machine = machine(true);
        hears(machine, PING.copy(), 9_000);
        ends(machine, 11_000, Refusal.NOT_LOGGED_IN);
    }

    @Test
    void theLoginIsASignOfLife() {
        BridgeMachine machine = machine(true);
        hears(machine, PING.copy(), 9_000);
        machine.loggedIn();
        ends(machine, 69_000, Refusal.IDLE);
    }

    @Test
    void whoIsNotReadFromIsNotBlamedForSilence() {
        BridgeMachine machine = machine(false);
        machine.hold(true, 2_000);
        assertEquals(Long.MAX_VALUE, machine.deadlineMillis());
        machine.tick(1_000_000);
        machine.hold(false, 1_000_000);
        ends(machine, 1_060_000, Refusal.IDLE);
    }

    /** Else a few that stop in the middle of a frame could hold the memory of all. */
    @Test
    void whoStoppedInTheMiddleOfAFrameIs() {
        BridgeMachine machine = machine(false);
        hears(machine, PING.getBuffer(0, 9), 2_000);
        machine.hold(true, 3_000);
        ends(machine, 61_000, Refusal.IDLE);
    }

    /** After the login frames may be as long as the configuration says, but no longer than the cap. */
    @Test
    void theLoginDoesNotRaiseTheCap() {
        BridgeMachine machine = machine(true);
        machine.limitMessage(100_000);
        machine.loggedIn();
        machine.receive(Buffer.buffer().appendInt(99_996).appendBytes(new byte[60_000]), 2_000);
        assertNull(machine.nextEvent());
        assertEquals(60_004, machine.heldBytes());
        machine.receive(Buffer.buffer(new byte[39_996]).appendInt(99_997), 2_000);
        machine.nextEvent();
        BridgeFrame.Bad tooLong = assertInstanceOf(BridgeFrame.Bad.class, machine.nextEvent());
        assertEquals(Refusal.FRAME_TOO_LARGE, tooLong.refusal());
        assertEquals("frame: 100001 bytes (expected: <= 100000)", tooLong.detail());
        assertEquals(0, machine.heldBytes());
    }

    @Test
    void aLargeUnfinishedFrameIsAnEventOncePerRead() {
        BridgeMachine machine = machine(false);
        machine.receive(Buffer.buffer().appendInt(1_000_000).appendBytes(new byte[60_000]), 2_000);
        assertNull(machine.nextEvent());
        machine.receive(Buffer.buffer(new byte[60_000]), 2_000);
        assertEquals(new BridgeFrame.Unfinished(120_004), machine.nextEvent());
        assertNull(machine.nextEvent());
        machine.receive(Buffer.buffer(new byte[10]), 2_000);
        assertEquals(new BridgeFrame.Unfinished(120_014), machine.nextEvent());
        assertEquals(120_004 + 1_024, machine.heldBytes());
    }
}
