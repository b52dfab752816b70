package dev.polywire.eventstore.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.wire.FrameAccumulator;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.fuzz.Complaint;
import dev.polywire.fuzz.FuzzTarget;
import dev.polywire.fuzz.Pieces;
import dev.polywire.testing.AbuseVectors;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.stream.Stream;

/**
 * A stream of packages, or the end of it; the same wherever it is cut. What was read can be written to as many bytes, and reads
 * as the same. Option 0: credentials as since 20.6.
 */
public final class TcpPackageFuzz implements FuzzTarget {

    @Override
    public String name() {
        return "eventstore-package";
    }

    @Override
    public Stream<Buffer> seeds() {
        return Stream.of(
                        Stream.of("eventstore-packages.txt", "eventstore-framing-splits.txt")
                                .flatMap(file -> Vectors.read(file).all().stream())
                                .map(Vectors.Vector::bytes),
                        AbuseVectors.of("eventstore").all().stream().map(AbuseVectors.AbuseVector::bytes),
                        Transcript.all().stream()
                                .filter(each -> each.name().contains("/auth-"))
                                .map(TcpPackageFuzz::fromClient))
                .flatMap(streams -> streams)
                .flatMap(stream -> Stream.of(Pieces.seed(0, stream), Pieces.slowSeed(1, stream)));
    }

    private static Buffer fromClient(Transcript transcript) {
        Buffer stream = Buffer.buffer();
        transcript.lines().stream()
                .filter(line -> line.from() == 'C')
                .forEach(line -> stream.appendBuffer(line.bytes()));
        return stream;
    }

    @Override
    public void run(Buffer input) {
        Pieces pieces = Pieces.of(input);
        CredentialsLayout layout =
                pieces.option(0) ? CredentialsLayout.PASSWORDS_OR_TOKEN : CredentialsLayout.PASSWORDS;
        assertEquals(outcome(pieces.whole().all(), layout), outcome(pieces.all(), layout));
    }

    private static String outcome(List<Buffer> pieces, CredentialsLayout layout) {
        FrameAccumulator input = new FrameAccumulator(TcpPackage.LENGTH_PREFIX, TcpPackage.MAX_BYTES);
        StringBuilder outcome = new StringBuilder();
        try {
            for (Buffer piece : pieces) {
                input.append(piece);
                for (Buffer frame = input.nextFrame(); frame != null; frame = input.nextFrame()) {
                    outcome.append(read(frame, layout)).append('\n');
                }
            }
            input.requireFinished("package");
            return outcome.append("finished").toString();
        } catch (ProtocolException bad) {
            Complaint.require(bad, ProtocolException.Kind.FRAMING);
            return outcome.append(bad.isTruncation() ? "truncated" : bad.getMessage())
                    .toString();
        }
    }

    private static TcpPackage read(Buffer frame, CredentialsLayout layout) {
        TcpPackage read = TcpPackage.read(frame, layout);
        Buffer written = read.write(layout, TcpPackage.MAX_BYTES);
        assertEquals(frame.length(), written.length());
        assertEquals(read, TcpPackage.read(written, layout));
        assertTrue(read.toString().length() < 2_000 + frame.length());
        return read;
    }
}
