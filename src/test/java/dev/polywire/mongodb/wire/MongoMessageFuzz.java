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

/**
 * One whole message of any operation: what was read can be written, and reads as the same. A first byte of 1 puts a right
 * checksum behind it, which no fuzzer would find. What is compressed is opened too.
 */
public final class MongoMessageFuzz implements FuzzTarget {

    static final List<Compressor> COMPRESSORS =
            Compressors.usable(List.of("zlib", "snappy", "zstd", "noop"), ZlibCompressor.DEFAULT_LEVEL);

    private static final int MAX_INFLATED_BYTES = 1_000_000;

    @Override
    public String name() {
        return "mongo-message";
    }

    @Override
    public Stream<Buffer> seeds() {
        return Stream.concat(messages(), HostileReplies.rows().map(HostileReplies.Row::bytes))
                .flatMap(frame -> Stream.of(seed(0, frame), seed(1, frame)));
    }

    /** Whole ones, of both sides; those of the legacy operations compressed too. */
    static Stream<Buffer> messages() {
        Stream<Buffer> compressed = Vectors.read("mongo-legacy-ops.txt").all().stream()
                .map(Vectors.Vector::bytes)
                .flatMap(frame -> COMPRESSORS.stream()
                        .map(each -> Compression.compressed(frame, each, MessageHeader.MAX_MESSAGE_BYTES)));
        return Stream.concat(plain(), compressed);
    }

    private static Stream<Buffer> plain() {
        return Stream.of("mongo-op-msg.txt", "mongo-legacy-ops.txt", "mongo-op-compressed.txt", "mongo-negative.txt")
                .flatMap(file -> Vectors.read(file).all().stream())
                .map(Vectors.Vector::bytes);
    }

    private static Buffer seed(int first, Buffer frame) {
        return Buffer.buffer().appendByte((byte) first).appendBuffer(frame);
    }

    @Override
    public void run(Buffer input) {
        Buffer frame = input.getBuffer(1, input.length());
        if (frame.length() < MessageHeader.BYTES + 4) {
            return;
        }
        if (input.getByte(0) == 1 && frame.getIntLE(12) == OpMsg.OP_CODE) {
            frame.setIntLE(MessageHeader.BYTES, frame.getIntLE(MessageHeader.BYTES) | OpMsg.CHECKSUM_PRESENT);
            frame.appendIntLE(Checksum.crc32c(frame, frame.length()));
        }
        MessageHeader header = MessageHeader.read(frame);
        MongoMessage message;
        try {
            message = MongoMessage.read(header, frame);
        } catch (ProtocolException bad) {
            Complaint.require(bad, Kind.FRAMING, Kind.LIMIT, Kind.DECODE);
            return;
        }
        Buffer written = message.write(7, 8, MessageHeader.MAX_MESSAGE_BYTES);
        assertEquals(frame.length(), written.length());
        Buffer again =
                MongoMessage.read(MessageHeader.read(written), written).write(7, 8, MessageHeader.MAX_MESSAGE_BYTES);
        assertEquals(written, again);
        if (message instanceof OpCompressed compressed) {
            open(header, compressed);
        }
    }

    private static void open(MessageHeader header, OpCompressed compressed) {
        Compression compression = new Compression(COMPRESSORS);
        try {
            Buffer inside = compressed.inflate(header, compression.of(compressed), MAX_INFLATED_BYTES);
            assertEquals(MessageHeader.BYTES + compressed.uncompressedBytes(), inside.length());
            Compressor compressor = compression.of(compressed);
            assertEquals(inside, OpCompressed.of(inside, compressor).inflate(header, compressor, MAX_INFLATED_BYTES));
            MongoMessage.read(MessageHeader.read(inside), inside);
        } catch (ProtocolException bad) {
            Complaint.require(bad, Kind.FRAMING, Kind.LIMIT, Kind.DECODE);
        }
    }
}
