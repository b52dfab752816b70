package dev.polywire.framed.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.fuzz.FuzzTarget;
import dev.polywire.fuzz.MachineRun;
import dev.polywire.fuzz.Pieces;
import dev.polywire.testing.AbuseVectors;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.stream.Stream;

/** Messages, or the end of the stream; the same ones wherever it is cut. Option 0: small messages only. */
public final class FramedMachineFuzz implements FuzzTarget {

    private static final int SMALL_BYTES = 256;
    /** More than an input may take, so that an announced length is noticed when somebody believes it. */
    private static final int LARGE_BYTES = 64 * 1024 * 1024;

    @Override
    public String name() {
        return "framed-machine";
    }

    @Override
    public Stream<Buffer> seeds() {
        return Stream.concat(
                        Vectors.read("smart-frames.txt").all().stream().map(Vectors.Vector::bytes),
                        AbuseVectors.of("smart-connection").all().stream().map(AbuseVectors.AbuseVector::bytes))
                .flatMap(stream -> Stream.of(Pieces.seed(0, stream), Pieces.slowSeed(1, stream)));
    }

    @Override
    public void run(Buffer input) {
        Pieces pieces = Pieces.of(input);
        int maxFrameBytes = pieces.option(0) ? SMALL_BYTES : LARGE_BYTES;
        assertEquals(outcome(pieces.whole(), maxFrameBytes), outcome(pieces, maxFrameBytes));
    }

    private static String outcome(Pieces pieces, int maxFrameBytes) {
        MachineRun run = new MachineRun();
        FramedMachine machine = new FramedMachine(new FramedLimits(maxFrameBytes, 1_000), run);
        return run.play(machine, pieces, maxFrameBytes + FramedMachine.HEADER_BYTES, event -> {
            machine.send(event.payload());
            return event.payload().hashCode();
        });
    }
}
