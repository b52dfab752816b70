package dev.polywire.mongodb.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.core.wire.ProtocolException.Kind;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each compressor both ways, and on bytes that are a lie. */
class CompressorTest {

    private static final List<String> NAMES = List.of("noop", "snappy", "zlib", "zstd");

    static Stream<Compressor> compressors() {
        return NAMES.stream().map(CompressorTest::compressor);
    }

    private static Compressor compressor(String name) {
        Compressor compressor = Compressors.named(name, ZlibCompressor.DEFAULT_LEVEL);
        assertNotNull(compressor);
        return compressor;
    }

    @ParameterizedTest
    @MethodSource("compressors")
    void givesBackWhatItGot(Compressor compressor) {
        Random random = new Random(compressor.id());
        for (int length : List.of(0, 1, 4, 5, 100, 4_095, 70_000, 300_000)) {
            for (Buffer bytes : List.of(zeros(length), noise(random, length))) {
                Buffer compressed = compressor.compress(bytes);
                assertEquals(bytes, compressor.decompress(compressed, length), () -> "of " + length);
                assertEquals(Kind.FRAMING, refused(compressor, compressed, length + 1));
                if (length > 0) {
                    refused(compressor, compressed, length - 1);
                    refused(compressor, compressed.getBuffer(0, compressed.length() - 1), length);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"noop, 0", "snappy, 1", "zlib, 2", "zstd, 3"})
    void hasItsNumber(String name, int id) {
        assertEquals(id, compressor(name).id());
        assertEquals(name, compressor(name).name());
    }

    @ParameterizedTest
    @ValueSource(strings = {"snappy", "zlib", "zstd"})
    void makesLess(String name) {
        assertTrue(compressor(name).compress(zeros(10_000)).length() < 1_000);
    }

    @Test
    void noneOfAnotherName() {
        assertNull(Compressors.named("none", -1));
        assertEquals(
                List.of("zstd", "zlib"),
                Compressors.names(Compressors.usable(List.of("lz4", "zstd", "zlib", "zstd"), 9)));
    }

    @Test
    void theFirstOfOursThatTheServerHas() {
        List<Compressor> ours = Compressors.usable(List.of("zstd", "zlib", "snappy"), -1);
        assertEquals(
                List.of("zlib", "snappy"),
                Compressors.names(Compressors.shared(ours, List.of("snappy", "lz4", "zlib"))));
        assertEquals(List.of(), Compressors.shared(ours, List.of("none")));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1, 9})
    void levelsOfZlib(int level) {
        Compressor zlib = new ZlibCompressor(level);
        Buffer bytes = zeros(1_000);
        assertEquals(level == 0, zlib.compress(bytes).length() > 1_000);
        assertEquals(bytes, new ZlibCompressor(6).decompress(zlib.compress(bytes), 1_000));
    }

    @ParameterizedTest
    @ValueSource(ints = {-2, 10})
    void noOtherLevel(int level) {
        assertThrows(IllegalArgumentException.class, () -> new ZlibCompressor(level));
    }

    /** Nothing of that size is allocated: the tests' heap would not hold it. */
    @ParameterizedTest
    @CsvSource({"snappy", "zlib", "zstd", "noop"})
    void doesNotAllocateWhatCannotBe(String name) {
        assertThrows(
                ProtocolException.class,
                () -> compressor(name).decompress(Vectors.bytes("ffffffff07 00 00"), Integer.MAX_VALUE - 100));
    }

    @Tag("M36")
    @Test
    void snappysOwnLengthIsReadFirst() {
        Buffer lie = Vectors.bytes("ffffffff07 0061");
        ProtocolException refused =
                assertThrows(ProtocolException.class, () -> compressor("snappy").decompress(lie, 100));
        assertEquals("LIMIT snappy: 2147483647 bytes (expected: 100)", refused.kind() + " " + refused.getMessage());
        assertEquals(Kind.FRAMING, refused(compressor("snappy"), Vectors.bytes("ffffffffff01"), 100));
        assertEquals(Kind.FRAMING, refused(compressor("snappy"), Buffer.buffer(), 0));
    }

    @Test
    void zlibWithBytesBehindItOrADictionary() {
        Compressor zlib = compressor("zlib");
        Buffer longer = zlib.compress(zeros(100)).appendByte((byte) 0);
        assertEquals(Kind.FRAMING, refused(zlib, longer, 100));
        assertEquals(Kind.FRAMING, refused(zlib, Vectors.bytes("7820 00000001 030000000001"), 1));
    }

    /** Mutated data: a refusal or bytes of that length, never a failure of the JDK's. */
    @ParameterizedTest
    @MethodSource("compressors")
    void mutatedData(Compressor compressor) {
        Random random = new Random(40 + compressor.id());
        Buffer text = Buffer.buffer();
        for (int i = 0; i < 60; i++) {
            text.appendString("{\"name\": \"" + random.nextInt(20) + "\"}");
        }
        Buffer good = compressor.compress(text);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            Buffer data = good.getBuffer(0, random.nextInt(8) == 0 ? random.nextInt(good.length()) : good.length());
            for (int changes = random.nextInt(4); changes > 0 && data.length() > 0; changes--) {
                data.setByte(random.nextInt(data.length()), (byte) random.nextInt(256));
            }
            int declared = random.nextInt(8) == 0 ? random.nextInt(2 * text.length()) : text.length();
            try {
                assertEquals(declared, compressor.decompress(data, declared).length());
            } catch (ProtocolException bad) {
                refused++;
            }
        }
        assertTrue(refused > 2_000, "the changes reach what they test: " + refused);
        assertEquals(text, compressor.decompress(good, text.length()), "still works");
    }

    private static Kind refused(Compressor compressor, Buffer compressed, int length) {
        return assertThrows(ProtocolException.class, () -> compressor.decompress(compressed, length))
                .kind();
    }

    private static Buffer zeros(int length) {
        return Buffer.buffer(new byte[length]);
    }

    private static Buffer noise(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return Buffer.buffer(bytes);
    }
}
