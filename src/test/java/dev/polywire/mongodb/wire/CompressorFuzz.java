package dev.polywire.mongodb.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.core.wire.ProtocolException.Kind;
import dev.polywire.fuzz.Complaint;
import dev.polywire.fuzz.FuzzTarget;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.stream.Stream;

/** Compressed data of a peer: exactly the declared bytes or a failure. | compressor: 1 byte | declared: 2 bytes | data | */
public final class CompressorFuzz implements FuzzTarget {

    private static final List<Compressor> COMPRESSORS = MongoMessageFuzz.COMPRESSORS;

    @Override
    public String name() {
        return "mongo-compressor";
    }

    @Override
    public Stream<Buffer> seeds() {
        return Vectors.read("mongo-op-compressed.txt").all().stream()
                .map(Vectors.Vector::bytes)
                .flatMap(frame -> {
                    int declared = frame.getIntLE(20);
                    Buffer data = frame.getBuffer(25, frame.length());
                    return COMPRESSORS.stream().map(compressor -> seed(compressor, declared, data));
                });
    }

    private static Buffer seed(Compressor compressor, int declared, Buffer data) {
        return Buffer.buffer()
                .appendByte((byte) COMPRESSORS.indexOf(compressor))
                .appendShortLE((short) declared)
                .appendBuffer(data);
    }

    @Override
    public void run(Buffer input) {
        if (input.length() < 3) {
            return;
        }
        Compressor compressor = COMPRESSORS.get(input.getUnsignedByte(0) % COMPRESSORS.size());
        int declared = input.getUnsignedShortLE(1);
        try {
            Buffer bytes = compressor.decompress(input.getBuffer(3, input.length()), declared);
            assertEquals(declared, bytes.length());
            assertEquals(bytes, compressor.decompress(compressor.compress(bytes), declared));
        } catch (ProtocolException bad) {
            Complaint.require(bad, Kind.FRAMING, Kind.LIMIT);
        }
    }
}
