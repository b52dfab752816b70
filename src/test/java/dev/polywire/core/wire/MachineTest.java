package dev.polywire.core.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every machine has from {@link Machine}: one end, one violation, deadlines for as long as there is a peer. */
class MachineTest {

    private enum Timer {
        FIRST,
        SECOND
    }

    /** A machine of single bytes: 0 is a violation, 1 the end, 2 says nothing. */
    private static final class Bytes extends TimedMachine<Integer, Timer> {

        final OutputQueue out;
        final List<String> told = new ArrayList<>();
        private final ArrayDeque<Byte> held = new ArrayDeque<>();
        private final Intake intake = new Intake() {
            @Override
            public long heldBytes() {
                return held.size();
            }

            @Override
            public void cap(int maxBytes) {
                throw new UnsupportedOperationException();
            }
        };
        boolean endsWhenAsked = true;

        Bytes() {
            this(new OutputQueue());
        }

        private Bytes(OutputQueue out) {
            super(out, FrameTap.NONE, new Timers<>(Timer.class));
            this.out = out;
        }

        void at(Timer timer, long millis) {
            timers.set(timer, millis);
        }

        @Override
        protected Intake intake() {
            return intake;
        }

        @Override
        protected void arrived(Buffer bytes, long nowMillis) {
            for (byte each : bytes.getBytes()) {
                held.add(each);
            }
        }

        @Override
        protected @Nullable Integer next() {
            Byte next = held.poll();
            if (next == null || next == 2) {
                return null;
            } else if (next == 0) {
                throw ProtocolException.framing("zero");
            } else if (next == 1) {
                finish();
            }
            return (int) next;
        }

        @Override
        protected @Nullable Integer ended() {
            told.add("ended");
            if (endsWhenAsked) {
                finish();
            }
            return null;
        }

        @Override
        protected void farewell(ProtocolException violation) {
            told.add("farewell " + violation.getMessage());
            out.addByte(9);
        }

        @Override
        protected void due(Timer timer, long nowMillis) {
            told.add(timer + " at " + nowMillis);
            if (timer == Timer.SECOND) {
                throw ProtocolException.silence("second");
            }
        }
    }

    private final Bytes machine = new Bytes();

    private void receive(int... bytes) {
        Buffer all = Buffer.buffer();
        for (int each : bytes) {
            all.appendByte((byte) each);
        }
        machine.receive(all, 0);
    }

    @Test
    void aViolationIsTheEndAndIsToldOnce() {
        receive(5, 0, 6);
        assertEquals(5, machine.nextEvent());
        ProtocolException violation = assertThrows(ProtocolException.class, machine::nextEvent);
        assertEquals(ProtocolException.Kind.FRAMING, violation.kind());
        assertTrue(machine.isOver());
        assertNull(machine.nextEvent());
        receive(7);
        assertEquals(1, machine.heldBytes(), "nothing is taken any more");
        assertEquals(List.of("farewell zero"), machine.told);
        assertEquals(1, machine.outputBytes());
        assertEquals(Buffer.buffer(new byte[] {9}), machine.takeOutput());
        assertNull(machine.takeOutput());
    }

    @Test
    void anEndInOrderHasAnEventAndNoFarewell() {
        receive(1, 5);
        assertEquals(1, machine.nextEvent());
        assertNull(machine.nextEvent());
        machine.peerClosed(0);
        assertNull(machine.nextEvent());
        assertEquals(List.of(), machine.told);
    }

    @Test
    void thePeersEndIsToldBehindAllItsEvents() {
        receive(5, 6);
        machine.peerClosed(0);
        assertEquals(5, machine.nextEvent());
        assertEquals(6, machine.nextEvent());
        assertEquals(List.of(), machine.told);
        assertNull(machine.nextEvent());
        assertNull(machine.nextEvent());
        assertEquals(List.of("ended"), machine.told);
    }

    @Test
    void whoHasSomethingToSayStillIsAskedAgain() {
        machine.endsWhenAsked = false;
        machine.peerClosed(0);
        assertNull(machine.nextEvent());
        assertFalse(machine.isOver());
        assertNull(machine.nextEvent());
        assertEquals(List.of("ended", "ended"), machine.told);
    }

    @Test
    void timersAreDueInTheirOrderAndEarlyTicksAreHarmless() {
        machine.at(Timer.FIRST, 10);
        assertEquals(10, machine.deadlineMillis());
        machine.tick(9);
        machine.tick(10);
        machine.tick(11);
        assertEquals(List.of("FIRST at 10"), machine.told);
        assertEquals(Long.MAX_VALUE, machine.deadlineMillis());
    }

    @Test
    void silenceIsAViolation() {
        machine.at(Timer.FIRST, 20);
        machine.at(Timer.SECOND, 15);
        ProtocolException late = assertThrows(ProtocolException.class, () -> machine.tick(20));
        assertTrue(late.isSilence());
        assertEquals(List.of("FIRST at 20", "SECOND at 20", "farewell second"), machine.told);
        assertEquals(Long.MAX_VALUE, machine.deadlineMillis());
        machine.tick(100);
        assertNull(machine.nextEvent());
    }

    @Test
    void nothingIsDueFromAPeerThatIsGone() {
        machine.at(Timer.SECOND, 15);
        machine.peerClosed(10);
        assertEquals(Long.MAX_VALUE, machine.deadlineMillis());
        machine.tick(20);
        assertEquals(List.of(), machine.told);
    }

    /** What throws out of {@code next} while it is over already has said its farewell itself. */
    @Test
    void theSameViolationComesOut() {
        ProtocolException mine = ProtocolException.limit("mine");
        Machine<String> throwing = new Machine<>(new OutputQueue(), FrameTap.NONE) {
            @Override
            protected Intake intake() {
                return new FrameAccumulator(Layouts.BIG_ENDIAN_FOLLOWING.prefix, 0);
            }

            @Override
            protected void arrived(Buffer bytes, long nowMillis) {}

            @Override
            protected @Nullable String next() {
                finish();
                throw mine;
            }

            @Override
            protected @Nullable String ended() {
                return null;
            }

            @Override
            protected void farewell(ProtocolException violation) {
                throw new AssertionError("said already");
            }
        };
        assertSame(mine, assertThrows(ProtocolException.class, throwing::nextEvent));
    }
}
