package dev.polywire.amqp.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.core.wire.Utf8;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A2.1 and A2.3: the primitive types and the protocol header. */
class AmqpPrimitivesTest {

    private static final Vectors VECTORS = Vectors.read("amqp-primitive-types.txt");
    private static final Vectors HEADERS = Vectors.read("amqp-protocol-header.txt");

    static Stream<Arguments> whole() {
        return Stream.of(
                Arguments.of("line4", "bit", false),
                Arguments.of("line5", "bit", true),
                Arguments.of("line6", "octet", 0),
                Arguments.of("line7", "octet", 0x10),
                Arguments.of("line8", "short", 0),
                Arguments.of("line9", "short", 0x1234),
                Arguments.of("line10", "short", 0xffff),
                Arguments.of("line11", "long", 0L),
                Arguments.of("line12", "long", 0xffff_ffffL),
                Arguments.of("line13", "longlong", 0L),
                Arguments.of("line14", "longlong", 0x1122334455667788L),
                Arguments.of("line15", "longlong", -1L),
                Arguments.of("line16", "shortstr", "foo"),
                Arguments.of("line17", "shortstr", "Омск"),
                Arguments.of("line18", "longstr", Buffer.buffer()),
                Arguments.of("line19", "longstr", Buffer.buffer("foo")),
                Arguments.of("line20", "longlong", 0L),
                Arguments.of("line21", "longlong", 758_678_400L),
                Arguments.of("line22", "table", Map.of()),
                Arguments.of("line38", "longlong", -1L));
    }

    @ParameterizedTest
    @MethodSource("whole")
    void bothWays(String line, String type, Object value) {
        Buffer bytes = VECTORS.get(line).bytes();
        AmqpReader in = new AmqpReader(bytes);
        assertEquals(value, read(type, in));
        in.requireEnd();
        assertEquals(Vectors.hex(bytes), Vectors.hex(Encoded.written(out -> write(type, value, out))));
    }

    @Test
    void table() {
        Map<String, Object> table = new LinkedHashMap<>();
        table.put("foo", true);
        table.put("bar", LongString.of("baz"));
        Buffer bytes = VECTORS.get("line23").bytes();
        assertEquals(table, new AmqpReader(bytes).table());
        assertEquals(Vectors.hex(bytes), Vectors.hex(Encoded.written(out -> out.table(table))));
    }

    static Stream<Vectors.Vector> incomplete() {
        return VECTORS.all().stream().filter(each -> each.description().contains("INCOMPLETE"));
    }

    @ParameterizedTest
    @MethodSource("incomplete")
    void tooShort(Vectors.Vector vector) {
        String type = vector.description().replaceAll(".*\\] (\\w+):.*", "$1");
        assertThrows(ProtocolException.class, () -> read(type, new AmqpReader(vector.bytes())));
    }

    @Test
    void everyVectorIsInATable() {
        assertEquals(VECTORS.all().size(), whole().count() + incomplete().count() + 2);
        assertEquals(14, incomplete().count());
    }

    /** Line 39: nine bits; and runs of any length, ended by anything else. */
    @Test
    void bits() {
        Buffer nine = Encoded.written(out -> {
            for (int i = 0; i < 9; i++) {
                out.bit(true);
            }
        });
        assertEquals(Vectors.hex(VECTORS.get("line39").bytes()), Vectors.hex(nine));
        Random random = new Random(4);
        for (int length = 0; length < 40; length++) {
            boolean[] bits = new boolean[length];
            for (int i = 0; i < length; i++) {
                bits[i] = random.nextBoolean();
            }
            Buffer bytes = Encoded.written(out -> {
                for (boolean bit : bits) {
                    out.bit(bit);
                }
                out.u8(7).bit(true);
            });
            AmqpReader in = new AmqpReader(bytes);
            boolean[] read = new boolean[length];
            for (int i = 0; i < length; i++) {
                read[i] = in.bit();
            }
            assertArrayEquals(bits, read);
            assertEquals(7, in.u8());
            assertTrue(in.bit());
            assertEquals((length + 7) / 8 + 2, bytes.length());
        }
    }

    /** The JDK would write a question mark. */
    @Test
    void halfASurrogatePairIsNotWritten() {
        AmqpWriter out = new AmqpWriter();
        for (Executable writing : List.<Executable>of(
                () -> out.shortString("routingKey", "a\ud800"),
                () -> out.longString("\udc00"),
                () -> out.table(Map.of("a", List.of("\ud800"))),
                () -> out.table(Map.of("\ud800", 1)),
                () -> LongString.of("\ud800"),
                () -> SaslMechanism.plain("\ud800", "secret"),
                () -> SaslMechanism.plain("user", "secret\ud800"),
                () -> SaslMechanism.amqplain("user", "secret\ud800"))) {
            IllegalArgumentException half = assertThrows(IllegalArgumentException.class, writing);
            assertTrue(String.valueOf(half.getMessage()).endsWith(Utf8.NOT_UNICODE), half::getMessage);
            assertFalse(String.valueOf(half.getMessage()).contains("secret"), half::getMessage);
        }
    }

    @Test
    void protocolHeader() {
        assertEquals(new ProtocolHeader(0, 255, 0, 16), header("line4"));
        assertEquals(Vectors.hex(HEADERS.get("line5").bytes()), Vectors.hex(new ProtocolHeader(0, 0, 10, 255).write()));
        assertThrows(ProtocolException.class, () -> header("line6"));
        assertEquals(
                "protocol: begins with 00000001 (expected: 414d5150, AMQP)",
                assertThrows(ProtocolException.class, () -> ProtocolHeader.read(Vectors.bytes("0000000100000000")))
                        .getMessage());
        assertEquals(ProtocolHeader.V0_9_1, header("line7"));
        assertEquals("AMQP 3-1-0-0", header("line8").toString());
        assertThrows(IllegalArgumentException.class, () -> new ProtocolHeader(0, 256, 0, 0));
    }

    private static ProtocolHeader header(String line) {
        return ProtocolHeader.read(HEADERS.get(line).bytes());
    }

    private static Object read(String type, AmqpReader in) {
        return switch (type) {
            case "bit" -> in.bit();
            case "octet" -> in.u8();
            case "short" -> in.u16();
            case "long" -> in.u32();
            case "longlong" -> in.u64();
            case "shortstr" -> in.shortString();
            case "longstr" -> in.longString();
            default -> in.table();
        };
    }

    private static void write(String type, Object value, AmqpWriter out) {
        switch (type) {
            case "bit" -> out.bit((Boolean) value);
            case "octet" -> out.u8((Integer) value);
            case "short" -> out.u16((Integer) value);
            case "long" -> out.u32((Long) value);
            case "longlong" -> out.u64((Long) value);
            case "shortstr" -> out.shortString("name", (String) value);
            case "longstr" -> out.longString((Buffer) value);
            default -> out.table(Map.of());
        }
    }
}
