package dev.polywire.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.Machine;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * One machine and one stream. It gives events or a {@link ProtocolException} and nothing else, gives nothing behind that,
 * and holds no more than one unfinished frame: every byte but those was shown to the tap.
 */
public final class MachineRun implements FrameTap {

    private static final long NOW_MILLIS = 1_000;

    private final StringBuilder outcome = new StringBuilder();
    private long fedBytes;
    private long frameBytes;
    private boolean over;

    /** What a test does with an event. @return what it was, in a word or a number; null: it depends on the cuts */
    public interface Reader<E> {
        @Nullable
        Object read(E event);
    }

    /** The machine has said that the rest of the stream is thrown away. */
    public void over() {
        over = true;
    }

    @Override
    public void frame(boolean sent, String name, Buffer bytes, boolean secret) {
        assertNotNull(name);
        frameBytes += sent ? 0 : bytes.length();
    }

    /**
     * Feeds the stream, and closes it.
     *
     * @param machine made with this as its tap
     * @param maxFrameBytes of a frame, header and all
     * @return what came out: the same wherever the stream is cut
     */
    public <E> String play(Machine<E> machine, Pieces pieces, long maxFrameBytes, Reader<E> reader) {
        try {
            feed(machine, pieces, maxFrameBytes, reader);
            machine.peerClosed(NOW_MILLIS);
            drain(machine, reader);
            return outcome.append("closed").toString();
        } catch (ProtocolException violation) {
            assertNotNull(violation.getMessage());
            assertNull(machine.nextEvent(), "an event behind the end");
            return outcome.append(violation.kind()).toString();
        } finally {
            takeOutput(machine);
        }
    }

    /** Feeds the stream, and leaves it open. */
    public <E> void feed(Machine<E> machine, Pieces pieces, long maxFrameBytes, Reader<E> reader) {
        for (Buffer piece : pieces.all()) {
            machine.receive(piece, NOW_MILLIS);
            fedBytes += piece.length();
            drain(machine, reader);
            long held = fedBytes - frameBytes;
            assertTrue(over || held < maxFrameBytes, () -> held + " bytes are held");
        }
    }

    private <E> void drain(Machine<E> machine, Reader<E> reader) {
        for (E event = machine.nextEvent(); event != null; event = machine.nextEvent()) {
            Object what = reader.read(event);
            outcome.append(what == null ? "" : what + " ");
            assertNotNull(event.toString());
        }
    }

    private static void takeOutput(Machine<?> machine) {
        long waiting = machine.outputBytes();
        long taken = 0;
        for (Buffer out = machine.takeOutput(); out != null; out = machine.takeOutput()) {
            taken += out.length();
        }
        assertEquals(waiting, taken);
        assertEquals(0, machine.outputBytes());
    }
}
