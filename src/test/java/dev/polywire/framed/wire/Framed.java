package dev.polywire.framed.wire;

import dev.polywire.core.wire.FrameTap;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/** A machine, and what tests of it say all the time. */
final class Framed {

    private static final int MAX_BYTES = 64 * 1024;

    private Framed() {}

    static FramedMachine machine() {
        return machine(MAX_BYTES);
    }

    static FramedMachine machine(int maxFrameBytes) {
        return new FramedMachine(new FramedLimits(maxFrameBytes, 1_000), FrameTap.NONE);
    }

    /** The payloads of everything that the machine has understood by now. */
    static List<Buffer> messages(FramedMachine machine) {
        List<Buffer> all = new ArrayList<>();
        for (FramedMessage next = machine.nextEvent(); next != null; next = machine.nextEvent()) {
            all.add(next.payload().copy());
        }
        return all;
    }

    /** The payloads, after the machine has received {@code pieces} one by one. */
    static List<Buffer> messages(FramedMachine machine, List<Buffer> pieces) {
        List<Buffer> all = new ArrayList<>();
        for (Buffer piece : pieces) {
            machine.receive(piece, 0);
            all.addAll(messages(machine));
        }
        return all;
    }

    /** Everything it has to send. */
    static Buffer output(FramedMachine machine) {
        Buffer all = Buffer.buffer();
        for (Buffer next = machine.takeOutput(); next != null; next = machine.takeOutput()) {
            all.appendBuffer(next);
        }
        return all;
    }

    /** {@code bytes} in pieces of 1 to {@code most}. */
    static List<Buffer> pieces(Buffer bytes, int most, java.util.Random random) {
        List<Buffer> pieces = new ArrayList<>();
        for (int at = 0; at < bytes.length(); ) {
            int end = Math.min(bytes.length(), at + 1 + random.nextInt(most));
            pieces.add(bytes.getBuffer(at, end));
            at = end;
        }
        return pieces;
    }
}
