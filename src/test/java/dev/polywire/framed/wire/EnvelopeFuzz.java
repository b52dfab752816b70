package dev.polywire.framed.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.fuzz.Complaint;
import dev.polywire.fuzz.FuzzTarget;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.stream.Stream;

/** An envelope or DECODE; an envelope is written as it was read. */
public final class EnvelopeFuzz implements FuzzTarget {

    @Override
    public String name() {
        return "envelope";
    }

    @Override
    public Stream<Buffer> seeds() {
        return Stream.of(
                        "000000000000000000",
                        "0000000000000000006869",
                        "000000000000000001",
                        "010000000000000007 6869",
                        "02ffffffffffffffff",
                        "030000000000000007 6e6f",
                        "040000000000000007",
                        "01000000")
                .map(Vectors::bytes);
    }

    @Override
    public void run(Buffer input) {
        FramedEnvelope envelope;
        try {
            envelope = FramedEnvelope.read(input);
        } catch (ProtocolException bad) {
            Complaint.require(bad, ProtocolException.Kind.DECODE);
            return;
        }
        assertEquals(input, envelope.write());
    }
}
