package dev.polywire.framed.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.fuzz.Complaint;
import dev.polywire.testing.AbuseVectors;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.stream.Stream;

/** What is true of each codec: a value, or DECODE or LIMIT; a value can be written, and reads as the same. */
public final class Payloads {

    /** What values may take in the fuzz targets. */
    public static final long MAX_VALUE_BYTES = 1024 * 1024;

    private Payloads() {}

    /** @param generous the same codec with a greater bound: what is written may cost more than what was read */
    static void readAndWrite(PayloadCodec codec, PayloadCodec generous, Buffer input) {
        Object value;
        try {
            value = codec.decode(input);
        } catch (ProtocolException bad) {
            Complaint.require(bad, ProtocolException.Kind.DECODE, ProtocolException.Kind.LIMIT);
            return;
        }
        Buffer written = codec.encode(value);
        assertEquals(written, generous.encode(generous.decode(written)));
    }

    /** The payloads of recorded and of hostile frames. */
    public static Stream<Buffer> seeds() {
        return Stream.concat(
                        Vectors.read("smart-frames.txt").all().stream().map(Vectors.Vector::bytes),
                        AbuseVectors.of("smart-connection").all().stream().map(AbuseVectors.AbuseVector::bytes))
                .filter(frame -> frame.length() > FramedMachine.HEADER_BYTES)
                .map(frame -> frame.getBuffer(FramedMachine.HEADER_BYTES, frame.length()));
    }
}
