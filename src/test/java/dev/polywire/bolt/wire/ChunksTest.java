package dev.polywire.bolt.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.core.wire.ProtocolException.Kind;
import dev.polywire.testing.Cuts;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages out of chunks, however those are cut, and chunks out of messages. */
class ChunksTest {

    private static final Vectors VECTORS = Vectors.read("bolt-chunking.txt");
    private static final int LIMIT = 1 << 24;

    static Stream<Object[]> vectors() {
        return Stream.of(
                row("one", 16),
                row("two", 20),
                row("two_msgs", 16, 8),
                row("noop_between", 16, 8),
                row("byte_chunks", 16));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void b3Defect3AnyCut(String id, List<Integer> lengths) {
        Buffer bytes = VECTORS.get(id).bytes();
        List<Buffer> messages = messages(List.of(bytes));
        assertEquals(lengths, messages.stream().map(Buffer::length).toList());
        assertEquals(counting(16), messages.get(0).getBuffer(0, 16));
        Cuts.positions(bytes.length())
                .forEach(at -> assertEquals(messages, messages(Cuts.at(bytes, at)), () -> "cut at " + at));
        assertEquals(messages, messages(Cuts.singleBytes(bytes)));
    }

    @Test
    void aMessageOfOneChunkIsAPartOfWhatCame() {
        ChunkReader reader = new ChunkReader(LIMIT);
        reader.receive(VECTORS.get("two_msgs").bytes());
        assertTrue(reader.next());
        byte[] first = reader.bytes();
        assertTrue(reader.next());
        assertEquals(first, reader.bytes());
        assertFalse(reader.next());
    }

    /** The bodies around the seed's buffer of 8192 bytes, around a full chunk, and around two. */
    static IntStream lengths() {
        return IntStream.of(
                1, 2, 8178, 8190, 8192, 8193, 65_533, 65_534, 65_535, 65_536, 65_537, 65_538, 131_070, 131_071,
                200_000);
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void b3Defects4To6AnyLength(int length) {
        Buffer message = counting(length);
        Buffer written = written(message);
        int chunks = (length + 65_534) / 65_535;
        assertEquals(length + 2 * chunks + 2, written.length());
        assertEquals(List.of(message), messages(List.of(written)));
        Cuts.positions(written.length())
                .filter(at -> length < 10_000 ? at % 97 == 0 || at < 20 : at < 20 || written.length() - at < 20)
                .forEach(at -> assertEquals(List.of(message), messages(Cuts.at(written, at)), () -> "cut at " + at));
    }

    @ParameterizedTest
    @CsvSource({"8184", "8185", "8186", "8187", "8188", "8189", "8190", "8191", "8192", "8193", "8194"})
    void b3Defect6SeveralMessagesInOneWrite(int length) {
        MessageWriter writer = new MessageWriter(ValueDialect.of(BoltVersion.V1), LIMIT);
        for (int i = 0; i < 3; i++) {
            byte[] body = counting(length).getBytes();
            writer.write(out -> out.raw(body, 0, body.length), null);
        }
        Buffer written = writer.take();
        assertNull(writer.take());
        assertEquals(List.of(counting(length), counting(length), counting(length)), messages(List.of(written)));
    }

    @Test
    void largestChunk() {
        Buffer full = Packed.repeated(VECTORS.get("max_chunk_hdr").bytes(), 65_535, Vectors.bytes("00"));
        assertEquals(full.copy().appendBuffer(Vectors.bytes("0000")), written(Buffer.buffer(new byte[65_535])));
        Buffer over = full.copy().appendBuffer(VECTORS.get("over_max_tail").bytes());
        assertEquals(
                List.of(65_536),
                messages(List.of(over)).stream().map(Buffer::length).toList());
    }

    @Test
    void aBadMessageLeavesTheOthersAlone() {
        MessageWriter writer = new MessageWriter(ValueDialect.of(BoltVersion.V1), 64);
        writer.write(out -> out.text("good"), null);
        ProtocolException tooLong = assertThrows(
                ProtocolException.class, () -> writer.write(out -> out.text("x").text("y".repeat(64)), null));
        assertEquals(Kind.LIMIT, tooLong.kind());
        assertThrows(
                ProtocolException.class,
                () -> writer.write(out -> out.integer(1).value(new Object()), null));
        writer.write(out -> out.text("last"), null);
        assertEquals("000584676f6f640000" + "0005846c6173740000", Vectors.hex(writer.take()));
    }

    @Test
    void noopsSayNothing() {
        Buffer noops = Buffer.buffer(new byte[20_000]);
        assertEquals(List.of(), messages(List.of(noops)));
        ChunkReader reader = new ChunkReader(LIMIT);
        reader.receive(noops);
        assertFalse(reader.next());
        assertEquals(0, reader.waitingBytes());
        assertFalse(reader.isUnfinished());
    }

    @Test
    void unfinished() {
        ChunkReader reader = new ChunkReader(LIMIT);
        for (String piece : List.of("00", "05", "aabb", "ccddee", "00")) {
            reader.receive(Vectors.bytes(piece));
            assertFalse(reader.next());
            assertTrue(reader.isUnfinished());
        }
        reader.receive(Vectors.bytes("00"));
        assertTrue(reader.next());
        assertFalse(reader.isUnfinished());
        assertEquals(0, reader.waitingBytes());
    }

    @ParameterizedTest
    @CsvSource({"000b, 11", "0005aaaaaaaaaa0006, 11", "ffff, 65535"})
    void tooLongIsKnownAtTheChunksSize(String hex, int bytes) {
        ChunkReader reader = new ChunkReader(10);
        reader.receive(Vectors.bytes(hex));
        ProtocolException tooLong = assertThrows(ProtocolException.class, reader::next);
        assertEquals(Kind.LIMIT, tooLong.kind());
        assertEquals("message: " + bytes + " bytes (expected: <= 10)", tooLong.getMessage());
    }

    @Test
    void bytesBeforeTheChunks() {
        ChunkReader reader = new ChunkReader(10);
        assertEquals(-1, reader.nextByte());
        reader.receive(Vectors.bytes("ff"));
        reader.receive(Vectors.bytes("01" + "0001aa0000"));
        assertArrayEquals(new int[] {0xff, 1}, new int[] {reader.nextByte(), reader.nextByte()});
        assertTrue(reader.next());
    }

    /** However a stream is cut, as many bytes wait as are in no message. */
    @Test
    void waitingBytes() {
        Random random = new Random(7);
        for (int i = 0; i < 1_000; i++) {
            ChunkReader reader = new ChunkReader(LIMIT);
            Buffer stream = written(counting(1 + random.nextInt(50)));
            int cut = random.nextInt(stream.length());
            reader.receive(stream.getBuffer(0, cut));
            assertEquals(cut, reader.waitingBytes());
            assertFalse(reader.next());
            reader.receive(stream.getBuffer(cut, stream.length()));
            assertTrue(reader.next());
            assertEquals(0, reader.waitingBytes());
        }
    }

    private static Object[] row(String id, Integer... lengths) {
        return new Object[] {id, List.of(lengths)};
    }

    /** 00 01 02 ... */
    private static Buffer counting(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        return Buffer.buffer(bytes);
    }

    private static Buffer written(Buffer message) {
        MessageWriter writer = new MessageWriter(ValueDialect.of(BoltVersion.V1), LIMIT);
        byte[] body = message.getBytes();
        writer.write(out -> out.raw(body, 0, body.length), null);
        return writer.take();
    }

    private static List<Buffer> messages(List<Buffer> pieces) {
        ChunkReader reader = new ChunkReader(LIMIT);
        List<Buffer> messages = new ArrayList<>();
        for (Buffer piece : pieces) {
            reader.receive(piece);
            while (reader.next()) {
                messages.add(
                        Buffer.buffer().appendBytes(reader.bytes(), reader.start(), reader.end() - reader.start()));
            }
        }
        return messages;
    }
}
