package dev.polywire.core.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.core.wire.ProtocolException.Kind;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ByteWriterTest {

    /** name, what is written, the bytes */
    static Stream<Arguments> values() {
        return Stream.of(
                row("u8", w -> w.u8(255), "ff"),
                row("int32 big endian", w -> w.int32(0x80000001), "80000001"),
                row("int32 little endian", w -> w.int32LE(0x80000001), "01000080"),
                row("int64 big endian", w -> w.int64(0x8000000000000001L), "8000000000000001"),
                row("int64 little endian", w -> w.int64LE(0x8000000000000001L), "0100000000000080"),
                row("bytes", w -> w.bytes(Bytes.hex("0a0b")), "0a0b"),
                row("cstring", w -> w.cstring("é€"), "c3a9e282ac00"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("values")
    void writesItUpToTheLimitAndNotOneByteMore(String name, UnaryOperator<ByteWriter> write, String hex) {
        int size = hex.length() / 2;
        assertEquals(hex, Bytes.hex(write.apply(new ByteWriter(0, size)).done()));
        ByteWriter tight = new ByteWriter(100, size);
        tight.u8(0x11);
        ProtocolException bad = assertThrows(ProtocolException.class, () -> write.apply(tight));
        assertEquals(Kind.LIMIT, bad.kind());
        assertEquals("message: " + (size + 1) + " bytes (expected: <= " + size + ")", bad.getMessage());
        assertEquals("11", Bytes.hex(tight.done()), "nothing of it was written");
    }

    @Test
    void lengthsAreFilledInBehind() {
        ByteWriter writer = new ByteWriter(16, 16).u8(1).int32LE(0).u8(2);
        writer.fillInt32LE(1, writer.position());
        assertEquals("010600000002", Bytes.hex(writer.done()));
    }

    @ParameterizedTest
    @CsvSource({"-1", "1", "4", "100"})
    void fillingDoesNotGrowTheMessage(int position) {
        ByteWriter writer = new ByteWriter(16, 16).int32LE(0);
        assertThrows(IndexOutOfBoundsException.class, () -> writer.fillInt32LE(position, 9));
        assertEquals("00000000", Bytes.hex(writer.done()));
    }

    @Test
    void aZeroCharacterWouldEndAStringEarly() {
        ByteWriter writer = new ByteWriter(16, 16);
        ProtocolException bad = assertThrows(ProtocolException.class, () -> writer.cstring("users\0.$cmd"));
        assertEquals(Kind.DECODE, bad.kind());
        assertEquals(0, writer.position());
    }

    private static Arguments row(String name, UnaryOperator<ByteWriter> write, String hex) {
        return Arguments.of(name, write, hex);
    }
}
