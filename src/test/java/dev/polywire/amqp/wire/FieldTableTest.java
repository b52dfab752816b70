package dev.polywire.amqp.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Field tables as RabbitMQ has them, and what of A3 was wrong in the seed. */
class FieldTableTest {

    private static final Vectors VALUES = Vectors.read("amqp-field-values.txt");

    static Stream<Arguments> vectors() {
        return Stream.of(
                Arguments.of("line4", true),
                Arguments.of("line5", false),
                Arguments.of("line6", (byte) -1),
                Arguments.of("line7", new UnsignedField(8, 255)),
                Arguments.of("line8", new UnsignedField(16, 65_534)),
                Arguments.of("line9", -2),
                Arguments.of("line10", new UnsignedField(32, 4_294_967_294L)),
                Arguments.of("line11", -2L),
                Arguments.of("line12", 1.5f),
                Arguments.of("line13", 1.5),
                Arguments.of("line14", new BigDecimal("1.25")),
                Arguments.of("line15", LongString.of("x")),
                Arguments.of("line16", Timestamp.of(Instant.parse("1994-01-16T00:00:00Z"))),
                Arguments.of("line17", Map.of("a", LongString.of("b"))),
                Arguments.of("line18", List.of(1, LongString.of("a"))),
                Arguments.of("line19", null));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void vector(String line, Object value) {
        Buffer bytes = VALUES.get(line).bytes();
        assertEquals(value, read(bytes));
        assertEquals(Vectors.hex(bytes), Vectors.hex(write(value)));
    }

    @Test
    void everyVectorIsInTheTable() {
        assertEquals(vectors().count(), VALUES.all().size());
    }

    /** What is written as something else, and types that only others write. */
    static Stream<Arguments> oneWay() {
        return Stream.of(
                Arguments.of("x", "5300000001" + "78", LongString.of("x")),
                Arguments.of(Instant.ofEpochSecond(1, 999_999_999), "540000000000000001", new Timestamp(1)),
                Arguments.of(new byte[] {7}, "780000000107", Buffer.buffer(new byte[] {7})),
                Arguments.of(new BigDecimal("2E+3"), "4400000007d0", new BigDecimal("2000")),
                Arguments.of(new BigDecimal("-0.1"), "4401ffffffff", new BigDecimal("-0.1")),
                Arguments.of(Collections.singleton(true), "4100000002" + "7401", List.of(true)),
                Arguments.of(Map.of(), "4600000000", Map.of()),
                Arguments.of(List.of(), "4100000000", List.of()));
    }

    @ParameterizedTest
    @MethodSource("oneWay")
    void writtenAs(Object value, String hex, Object read) {
        assertEquals(hex, Vectors.hex(write(value)));
        assertEquals(read, read(Vectors.bytes(hex)));
    }

    @Test
    void largeL() {
        assertEquals(-2L, read(Vectors.bytes("4cfffffffffffffffe")));
    }

    /** A timestamp that no calendar has keeps its 64 bits. */
    @Test
    void senselessTimestamp() {
        Buffer bytes = Vectors.bytes("54ffffffffffffffff");
        assertEquals(new Timestamp(-1), read(bytes));
        assertEquals(Vectors.hex(bytes), Vectors.hex(write(new Timestamp(-1))));
    }

    /** A3: a long string that is no UTF-8 keeps its bytes. */
    @Test
    void longStringsAreBytes() {
        Buffer bytes = Vectors.bytes("5300000002c328");
        LongString text = (LongString) read(bytes);
        assertEquals("c328", Vectors.hex(text.bytes()));
        assertEquals("\ufffd(", text.text());
        assertEquals(Vectors.hex(bytes), Vectors.hex(write(text)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "55" + "0001", // U is not RabbitMQ's
                "51", // A16
                "5300000005" + "61", // longer than what is there
                "5300001000", // A17
                "46000000050161", // a table that ends in a key
                "4600000003016162", // ... in a value
                "410000000149",
                "49000000",
                "",
            })
    void bad(String hex) {
        assertThrows(ProtocolException.class, () -> read(Vectors.bytes(hex)));
    }

    /** A14, A15: 32 in each other is what there may be, below the table that has them. */
    @Test
    void depth() {
        Object nested = nested(32);
        assertEquals(nested, read(write(nested)));
        assertThrows(IllegalArgumentException.class, () -> write(nested(33)));
        Buffer deeper = write(nested);
        Buffer wrapped =
                Buffer.buffer().appendString("A").appendInt(deeper.length()).appendBuffer(deeper);
        assertThrows(ProtocolException.class, () -> read(wrapped));
    }

    static Stream<Object> withoutForm() {
        return Stream.of(
                new Object(),
                'c',
                new BigDecimal("2147483648"),
                BigDecimal.valueOf(1, -1_000_000_000),
                new BigDecimal("1E-256"),
                Map.of(1, 2),
                Map.of("k".repeat(256), 1));
    }

    @ParameterizedTest
    @MethodSource("withoutForm")
    void noForm(Object value) {
        assertThrows(IllegalArgumentException.class, () -> write(value));
    }

    /** Of two equal keys the last counts. */
    @Test
    void equalKeys() {
        assertEquals(Map.of("a", false), read(Vectors.bytes("4600000008" + "01617401" + "01617400")));
    }

    @Test
    void anythingComesBack() {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            Object value = Encoded.value(random, 4);
            Buffer bytes = write(value);
            assertEquals(value, read(bytes));
            int cut = random.nextInt(bytes.length());
            assertThrows(ProtocolException.class, () -> read(bytes.slice(0, cut)));
        }
    }

    @Test
    void nullIsAValue() {
        Map<String, Object> table = Collections.singletonMap("a", null);
        Buffer bytes = Encoded.written(out -> out.table(table));
        assertEquals("00000003" + "016156", Vectors.hex(bytes));
        assertEquals(table, new AmqpReader(bytes).table());
        assertEquals(Arrays.asList(1, null), read(write(Arrays.asList(1, null))));
    }

    private static Object nested(int depth) {
        Object value = List.of(true);
        for (int i = 1; i < depth; i++) {
            value = i % 2 == 0 ? List.of(value) : Map.of("a", value);
        }
        return value;
    }

    private static Object read(Buffer bytes) {
        return new FieldReader(bytes, 0, bytes.length()).value();
    }

    private static Buffer write(Object value) {
        return Encoded.written(out -> FieldWriter.value(out, value, 0));
    }
}
