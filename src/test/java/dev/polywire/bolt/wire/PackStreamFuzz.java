package dev.polywire.bolt.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.fuzz.Complaint;
import dev.polywire.fuzz.FuzzTarget;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.stream.Stream;

/**
 * {@code | version: 1 byte | value |}. A value or DECODE; what was passed over without complaint can be read, what was read
 * can be written, and what was written reads as the same.
 */
public final class PackStreamFuzz implements FuzzTarget {

    @Override
    public String name() {
        return "packstream";
    }

    @Override
    public Stream<Buffer> seeds() {
        return Stream.of("packstream.txt", "packstream-negative.txt", "bolt-structures.txt")
                .flatMap(file -> Vectors.read(file).all().stream())
                .map(Vectors.Vector::bytes)
                .flatMap(value -> Stream.of(seed(0, value), seed(BoltVersion.ALL.size() - 1, value)));
    }

    private static Buffer seed(int version, Buffer value) {
        return Buffer.buffer().appendByte((byte) version).appendBuffer(value);
    }

    @Override
    public void run(Buffer input) {
        BoltVersion version = BoltVersion.ALL.get(input.getUnsignedByte(0) % BoltVersion.ALL.size());
        Buffer value = input.getBuffer(1, input.length());
        try {
            PackStreamReader in = Packed.reader(value, version);
            in.skip();
            in.finish();
        } catch (ProtocolException bad) {
            Complaint.require(bad, ProtocolException.Kind.DECODE);
            return;
        }
        Object read = Packed.read(value, version);
        Buffer written;
        try {
            written = Packed.write(read, version);
        } catch (ProtocolException unsayable) {
            // A zone that is not known here, or a structure of another version.
            Complaint.require(unsayable, ProtocolException.Kind.DECODE);
            return;
        }
        assertEquals(written, Packed.write(Packed.read(written, version), version));
    }
}
