package dev.polywire.core.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.core.wire.ProtocolException.Kind;
import io.vertx.core.buffer.Buffer;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ByteReaderTest {

    /** name, bytes, how it is read, what it gives */
    static Stream<Arguments> values() {
        return Stream.of(
                row("u8", "ff", r -> r.u8("x"), (short) 255),
                row("int32 big endian", "80000001", r -> r.int32("x"), 0x80000001),
                row("int32 little endian", "01000080", r -> r.int32LE("x"), 0x80000001),
                row("int64 big endian", "8000000000000001", r -> r.int64("x"), 0x8000000000000001L),
                row("int64 little endian", "0100000000000080", r -> r.int64LE("x"), 0x8000000000000001L),
                row("slice", "0a0b0c", r -> r.slice(3, "x"), Bytes.hex("0a0b0c")),
                row("utf8", "c3a9e282acf09f9880", r -> r.utf8(9, "x"), "é€😀"),
                row("cstring", "c3a900", r -> r.cstring("x"), "é"),
                row("empty cstring", "00", r -> r.cstring("x"), ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("values")
    void readsItAndNothingShorter(String name, Buffer bytes, Function<ByteReader, Object> read, Object value) {
        // Bytes on both sides that belong to others.
        Buffer around = Bytes.hex("7700").appendBuffer(bytes).appendBuffer(Bytes.hex("007700"));
        ByteReader reader = new ByteReader(around, 2, 2 + bytes.length(), Kind.DECODE);
        assertEquals(value, read.apply(reader));
        assertEquals(0, reader.remaining());
        assertEquals(2 + bytes.length(), reader.position());
        for (int end = 0; end < bytes.length(); end++) {
            ByteReader shorter = new ByteReader(around, 2, 2 + end, Kind.FRAMING);
            ProtocolException bad = assertThrows(ProtocolException.class, () -> read.apply(shorter), end + " bytes");
            assertEquals(Kind.FRAMING, bad.kind());
            assertEquals(2, shorter.position(), "nothing was read");
        }
    }

    @ParameterizedTest
    @CsvSource({"-1", "5", "2147483647", "-2147483648"})
    void lengthsAreCheckedAgainstTheBytesThatAreThere(int count) {
        ByteReader reader = new ByteReader(Bytes.hex("01020304"), Kind.DECODE);
        for (Function<ByteReader, Object> read : java.util.List.<Function<ByteReader, Object>>of(
                r -> r.slice(count, "body"), r -> r.utf8(count, "body"), r -> {
                    r.skip(count, "body");
                    return "";
                })) {
            ProtocolException bad = assertThrows(ProtocolException.class, () -> read.apply(reader));
            assertEquals(Kind.DECODE, bad.kind());
            assertEquals("body: " + count + " bytes (expected: <= 4)", bad.getMessage());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ff", // never a first byte
        "c080", // overlong
        "c3", // cut
        "eda080", // a surrogate
        "f4908080", // beyond U+10FFFF
        "80", // a continuation alone
    })
    void textIsStrictUtf8(String hex) {
        int count = hex.length() / 2;
        ByteReader reader = new ByteReader(Bytes.hex(hex), Kind.DECODE);
        ProtocolException bad = assertThrows(ProtocolException.class, () -> reader.utf8(count, "name"));
        assertEquals("name: not UTF-8", bad.getMessage());
        ByteReader terminated = new ByteReader(Bytes.hex(hex + "00"), Kind.DECODE);
        assertThrows(ProtocolException.class, () -> terminated.cstring("name"));
    }

    @Test
    void aStringWithoutItsZeroByteDoesNotReadWhatFollows() {
        ByteReader reader = new ByteReader(Bytes.hex("616200"), 0, 2, Kind.FRAMING);
        ProtocolException bad = assertThrows(ProtocolException.class, () -> reader.cstring("key"));
        assertEquals("key: no zero byte (expected: within 2 bytes)", bad.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "4,                    1, 3",
        "2147483647,           1, 3",
        "4294967296,           1, 3",
        "9223372036854775807,  1, 3",
        "-1,                   1, 3",
        "-9223372036854775808, 1, 3",
        "2,                    2, 1"
    })
    void noMoreIsAnnouncedThanIsThere(long count, int leastBytes, int most) {
        ByteReader reader = new ByteReader(Bytes.hex("010203"), Kind.DECODE);
        assertEquals(most, reader.announced(most, leastBytes, "items"));
        assertEquals(0, reader.announced(0, leastBytes, "items"));
        ProtocolException bad =
                assertThrows(ProtocolException.class, () -> reader.announced(count, leastBytes, "items"));
        assertEquals("items: " + Long.toUnsignedString(count) + " (expected: <= " + most + ")", bad.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"-1,2", "2,1", "0,5", "5,5"})
    void partsThatAreNotThereAreABug(int start, int end) {
        Buffer four = Bytes.hex("01020304");
        assertThrows(IndexOutOfBoundsException.class, () -> new ByteReader(four, start, end, Kind.DECODE));
    }

    @Test
    void randomReadsOfRandomBytesEndInAValueOrAProtocolException() {
        Random random = new Random(3);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            ByteReader reader = new ByteReader(Buffer.buffer(bytes), Kind.DECODE);
            try {
                while (reader.remaining() > 0) {
                    int before = reader.position();
                    switch (random.nextInt(6)) {
                        case 0 -> reader.u8("x");
                        case 1 -> reader.cstring("x");
                        case 2 -> reader.slice(reader.int32("x"), "x");
                        case 3 -> reader.utf8(reader.int32LE("x"), "x");
                        case 4 -> reader.skip(random.nextInt(5) + 1, "x");
                        default -> reader.int64("x");
                    }
                    assertEquals(bytes.length - reader.position(), reader.remaining());
                    assertEquals(true, reader.position() > before);
                }
            } catch (ProtocolException bad) {
                assertEquals(Kind.DECODE, bad.kind());
            }
        }
    }

    private static Arguments row(String name, String hex, Function<ByteReader, Object> read, Object value) {
        return Arguments.of(name, Bytes.hex(hex), read, value);
    }
}
