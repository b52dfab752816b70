package dev.polywire.bolt.wire;

import static dev.polywire.bolt.wire.BoltVersion.V4_4;
import static dev.polywire.bolt.wire.BoltVersion.V5_8;
import static dev.polywire.bolt.wire.BoltVersion.V6_1;
import static dev.polywire.bolt.wire.Packed.listOf;
import static dev.polywire.bolt.wire.Packed.map;
import static dev.polywire.bolt.wire.Packed.read;
import static dev.polywire.bolt.wire.Packed.repeated;
import static dev.polywire.bolt.wire.Packed.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.core.wire.ProtocolException.Kind;
import dev.polywire.testing.Vectors;
import dev.polywire.testing.Vectors.Vector;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values and their bytes: every vector both ways, and what is none. */
class PackStreamTest {

    private static final Vectors VECTORS = Vectors.read("packstream.txt");
    private static final Vectors SEED = Vectors.read("bolt1-seed-tests.txt");
    private static final Vectors NEGATIVE = Vectors.read("packstream-negative.txt");
    /** Right to read, and written in another way. */
    private static final Set<String> NOT_SMALLEST = Set.of("i8_42", "i16_42", "i32_42", "i64_42", "map_dup");
    /** Messages, not values; what they are made of is read by {@code BoltMessagesTest}. */
    private static final Set<String> MESSAGES = Set.of("trailing", "not_struct", "struct_bad_count");

    static Stream<Vector> values() {
        return Stream.concat(VECTORS.all().stream(), SEED.all().stream())
                .filter(vector -> !vector.id().contains("hdr"))
                .filter(vector -> !vector.id().matches("(msg|rt|struct)_.*"));
    }

    @ParameterizedTest
    @MethodSource("values")
    void bothWays(Vector vector) {
        Object value = read(vector.bytes(), V6_1);
        Buffer written = write(value, V6_1);
        if (NOT_SMALLEST.contains(vector.id())) {
            assertEquals(value, read(written, V6_1));
            assertTrue(written.length() < vector.bytes().length());
        } else {
            assertEquals(vector.hex(), Vectors.hex(written));
        }
    }

    @ParameterizedTest
    @MethodSource("values")
    void cutShort(Vector vector) {
        for (int length = 0; length < vector.bytes().length(); length++) {
            Buffer begun = vector.bytes().getBuffer(0, length);
            assertThrows(ProtocolException.class, () -> read(begun, V6_1));
            assertThrows(
                    ProtocolException.class, () -> Packed.reader(begun, V6_1).value());
        }
    }

    static Stream<Object[]> meanings() {
        return Stream.of(
                row("int_-15", -15L),
                row("int_-16", -16L),
                row("int_-17", -17L),
                row("int_255", 255L),
                row("int_-2147483649", -2147483649L),
                row("int_9223372036854775807", Long.MAX_VALUE),
                row("i64_42", 42L),
                row("float_-0.0", -0.0),
                row("float_5e-324", Double.MIN_VALUE),
                row("float_-inf", Double.NEGATIVE_INFINITY),
                row("str_0_", ""),
                row("str_14_4772c3b6", "Größenmaßstäbe"),
                row("str_1_f09f9880", "😀"),
                row("bytes_3", Buffer.buffer(new byte[] {1, 2, 3})),
                row("list_16", LongStream.rangeClosed(1, 16).boxed().toList()),
                row("list_mixed", List.of(1L, 2.0, "three")),
                row("map_dup", Map.of("key_1", 3L, "key_2", 2L)),
                row("uuid_v2", UUID.fromString("00112233-4455-6677-8899-aabbccddeeff")));
    }

    @ParameterizedTest
    @MethodSource("meanings")
    void meaning(String id, Object value) {
        assertEquals(value, read(VECTORS.get(id).bytes(), V6_1));
    }

    /** Sizes of one, two and four bytes, the last that fits and the first that does not. */
    @Test
    void sizes() {
        sized("str_hdr_255", "x".repeat(255), 255, "78");
        sized("str_hdr_65535", "x".repeat(65_535), 65_535, "78");
        sized("str_hdr_65536", "x".repeat(65_536), 65_536, "78");
        for (int size : List.of(255, 256, 65_535, 65_536)) {
            sized("bytes_hdr_" + size, Buffer.buffer(new byte[size]), size, "00");
        }
        for (int size : List.of(256, 65_535, 65_536)) {
            sized("list_hdr_" + size, listOf(size, null), size, "c0");
        }
        for (int size : List.of(255, 256)) {
            Object[] pairs = IntStream.range(0, size)
                    .boxed()
                    .flatMap(i -> Stream.of((Object) ("" + i), i))
                    .toArray();
            Buffer written = write(map(pairs), V5_8);
            assertEquals(VECTORS.get("map_hdr_" + size).hex(), Vectors.hex(written.getBuffer(0, size < 256 ? 2 : 3)));
            assertEquals(size, ((Map<?, ?>) read(written, V5_8)).size());
        }
    }

    private static void sized(String id, Object value, int size, String each) {
        Buffer bytes = repeated(VECTORS.get(id).bytes(), size, Vectors.bytes(each));
        assertEquals(value, read(bytes, V5_8));
        assertEquals(bytes, write(value, V5_8));
    }

    @ParameterizedTest
    @CsvSource({
        "42, 2a",
        "-1, ff",
        "-15, f1",
        "-16, f0",
        "-17, c8ef",
        "-128, c880",
        "-129, c9ff7f",
        "127, 7f",
        "128, c90080",
        "255, c900ff",
        "-32768, c98000",
        "-32769, caffff7fff",
        "32768, ca00008000",
        "2147483648, cb0000000080000000"
    })
    void b3Defect1SmallIntegers(long value, String hex) {
        assertEquals(hex, Vectors.hex(write(value, V4_4)));
        assertEquals(value, read(Vectors.bytes(hex), V4_4));
    }

    @Test
    void b3Defect2SizeOfTextIsInBytes() {
        assertEquals("d014" + "c3a5".repeat(10), Vectors.hex(write("å".repeat(10), V4_4)));
        assertEquals("å".repeat(10), read(Vectors.bytes("d014" + "c3a5".repeat(10)), V4_4));
    }

    /** The seed's server writes them for more fields than a half-byte can count. */
    @ParameterizedTest
    @ValueSource(strings = {"b144ff", "dc0144ff", "dd000144ff"})
    void structuresOfAnySize(String hex) {
        assertEquals(new TemporalValue.Date(-1), read(Vectors.bytes(hex), V4_4));
    }

    static Stream<Vector> negative() {
        return NEGATIVE.all().stream().filter(vector -> !MESSAGES.contains(vector.id()));
    }

    @ParameterizedTest
    @MethodSource("negative")
    void noValue(Vector vector) {
        assertEquals(Kind.DECODE, failure(vector.bytes(), BoltLimits.DEFAULT).kind());
    }

    @Test
    void structureWithAnotherCountOfFields() {
        assertEquals(
                "fields: 2 (expected: 4)",
                failure(NEGATIVE.get("struct_bad_count").bytes(), BoltLimits.DEFAULT)
                        .getMessage());
    }

    @Test
    void uuidBefore61IsAnUnknownMarker() {
        ProtocolException unknown = assertThrows(
                ProtocolException.class, () -> read(VECTORS.get("uuid_v2").bytes(), BoltVersion.V6_0));
        assertEquals("marker: E0 (expected: one of Bolt 6.0)", unknown.getMessage());
        assertThrows(ProtocolException.class, () -> write(new UUID(1, 2), BoltVersion.V6_0));
    }

    @ParameterizedTest
    @CsvSource({
        // overlong, surrogate, beyond Unicode, cut, a byte that never is, a text after many good bytes
        "82c0af",
        "83eda080",
        "84f4908080",
        "81c3",
        "81ff",
        "8f61616161616161616161616161c328",
        // the same as a key
        "a181ff01"
    })
    void notUtf8(String hex) {
        assertEquals(
                "string: not UTF-8",
                failure(Vectors.bytes(hex), BoltLimits.DEFAULT).getMessage());
    }

    @Test
    void replacementCharacterIsText() {
        assertEquals("a\ufffdb", read(write("a\ufffdb", V5_8), V5_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "a\udc00b", "\ude00\ud83d"})
    void halfACharacterIsNotWritten(String text) {
        assertEquals(
                "string: half a surrogate pair (expected: Unicode text)",
                assertThrows(ProtocolException.class, () -> write(text, V5_8)).getMessage());
    }

    @Test
    void depth() {
        BoltLimits limits = new BoltLimits(1_024, 3, 1_000);
        assertEquals(
                List.of(List.of(List.of(1L))),
                new PackStreamReader(Vectors.bytes("91919101"), ValueDialect.of(V5_8), limits).value());
        for (String hex : List.of("9191919101", "a18161a18161a18161a0", "b34e009091a0", "b34e0090a18161919191c0")) {
            assertThrows(
                    ProtocolException.class,
                    () -> new PackStreamReader(Vectors.bytes(hex), ValueDialect.of(V5_8), limits).value());
        }
        List<Object> endless = new ArrayList<>();
        endless.add(endless);
        assertEquals(
                "depth: more (expected: <= 250)",
                assertThrows(ProtocolException.class, () -> write(endless, V5_8))
                        .getMessage());
    }

    @Test
    void elementsOfAllListsTogether() {
        // Three lists of two, which are six elements, in four bytes.
        assertEquals(
                "size: 2 (expected: <= 0)",
                failure(Vectors.bytes("92920192"), BoltLimits.DEFAULT).getMessage());
        assertEquals(
                "size: 3 (expected: <= 2)",
                failure(Vectors.bytes("93010203"), new BoltLimits(1_024, 10, 2)).getMessage());
    }

    @Test
    void otherValuesOfJava() {
        assertEquals(
                "98010203c14000000000000000cc0101c0c2c3",
                Vectors.hex(
                        write(Arrays.asList((byte) 1, (short) 2, 3, 2.0f, new byte[] {1}, null, false, true), V5_8)));
        assertThrows(ProtocolException.class, () -> write(new Object(), V5_8));
        assertThrows(ProtocolException.class, () -> write(Map.of(1, 2), V5_8));
    }

    @Test
    void aWriterStopsAtItsLimit() {
        PackStreamWriter out = new PackStreamWriter(ValueDialect.of(V5_8), 4);
        out.text("abc");
        ProtocolException over = assertThrows(ProtocolException.class, () -> out.integer(1));
        assertEquals(Kind.LIMIT, over.kind());
        assertEquals("message: over its limit by 1 bytes", over.getMessage());
    }

    private static ProtocolException failure(Buffer bytes, BoltLimits limits) {
        ProtocolException skipped = assertThrows(
                ProtocolException.class, () -> new PackStreamReader(bytes, ValueDialect.of(V6_1), limits).skip());
        ProtocolException read = assertThrows(
                ProtocolException.class,
                () -> new PackStreamReader(bytes, ValueDialect.of(BoltVersion.V6_0), limits).value());
        assertEquals(read.kind(), skipped.kind());
        return read;
    }

    private static Object[] row(String id, Object value) {
        return new Object[] {id, value};
    }
}
