package dev.polywire.framed.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.framed.wire.TypedValue.Distinct;
import dev.polywire.framed.wire.TypedValue.Pairs;
import dev.polywire.framed.wire.TypedValue.Tuple;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Pickles that CPython wrote, what they are in Java, and what is refused. */
class PickleCodecTest {

    private static final PickleCodec CODEC = new PickleCodec(1024 * 1024);
    private static final Vectors VECTORS = Vectors.read("smart-frames.txt");

    static Stream<Arguments> values() {
        Map<String, Object> nested = Map.of("a", List.of(1L, map("b", tuple(null, true))), "c", 2.5);
        return Stream.of(
                row("p4_int1", 1L),
                row("p4_str", "string"),
                row("p4_true", true),
                row("p4_dict", Map.of("key", "value")),
                row("p4_none", null),
                row("p4_str2", "another string"),
                row("p4_tuple", tuple(1L, 2L, 3L)),
                row("p5_int1", 1L),
                row("p5_true", true),
                row("p5_dict", Map.of("key", "value")),
                row("p5_list", List.of(1L, 2L, 3L)),
                row("p5_none", null),
                row("p5_tuple", tuple(1L, 2L, 3L)),
                row("p2_int1", 1L),
                row("p2_str", "string"),
                row("p2_true", true),
                row("p2_list", List.of(1L, 2L, 3L)),
                row("p2_none", null),
                row("p2_str2", "another string"),
                row("p2_tuple", tuple(1L, 2L, 3L)),
                row("p4_int0", 0L),
                row("p4_int255", 255L),
                row("p4_int256", 256L),
                row("p4_int65536", 65_536L),
                row("p4_int_2_31", 1L << 31),
                row("p4_int_neg_2_63", Long.MIN_VALUE),
                row("p4_int_big", BigInteger.TWO.pow(100)),
                row("p4_float1_5", 1.5),
                row("p4_utf8", "häß☃"),
                row("p4_str300", "x".repeat(300)),
                row("p4_bytes", Vectors.bytes("00ff")),
                row("p4_empty_dict", Map.of()),
                row("p4_empty_tuple", tuple()),
                row("p4_tuple1", tuple(1L)),
                row("p4_tuple2", tuple(1L, 2L)),
                row("p4_nested", nested),
                row("p4_memo", List.of("shared", "shared")),
                row("p4_set", new Distinct(List.of(1L))),
                row("p4_reply_hi", "server replied: hi"),
                row("echo_s", "server replied: hello"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("values")
    void ofCPython(String id, Object value) {
        Buffer pickle = payload(id);
        assertEquals(value, CODEC.decode(pickle));
        assertEquals(value, CODEC.decode(CODEC.encode(value)));
        for (int end = 0; end < pickle.length(); end++) {
            assertRefused(pickle.slice(0, end));
        }
    }

    @Test
    void everyVectorIsRead() {
        long pickles = VECTORS.all().stream()
                .filter(vector -> vector.id().matches("p[245]_.*|echo_s"))
                .count();
        // p4_bytearray names a class.
        assertEquals(pickles - 1, values().count());
    }

    @Test
    void hundredFloats() {
        List<Object> floats = Framed.messages(
                        Framed.machine(), Framed.pieces(VECTORS.get("floats100").bytes(), 10, new Random(10)))
                .stream()
                .map(CODEC::decode)
                .toList();
        assertEquals(100, floats.size());
        assertEquals(0.5714025946899135, floats.get(0));
        assertEquals(0.9686781985609425, floats.get(99));
        List<Object> again =
                floats.stream().map(CODEC::encode).map(CODEC::decode).toList();
        assertEquals(floats, again);
    }

    /** At the sizes where the opcode changes. */
    @ParameterizedTest
    @MethodSource("edges")
    void bothWays(Object value) {
        assertEquals(value, CODEC.decode(CODEC.encode(value)));
    }

    static Stream<Object> edges() {
        List<Object> all = new ArrayList<>();
        for (long each :
                new long[] {0, 0xff, 0x100, 0xffff, 0x10000, Integer.MAX_VALUE, Integer.MAX_VALUE + 1L, Long.MAX_VALUE
                }) {
            all.addAll(List.of(each, -each - 1));
        }
        for (int bits : new int[] {63, 64, 2_039, 2_040, 3_321}) {
            all.addAll(List.of(
                    BigInteger.TWO.pow(bits), BigInteger.TWO.pow(bits).negate().subtract(BigInteger.ONE)));
        }
        for (int length : new int[] {0, 255, 256, 65_536}) {
            all.addAll(List.of("x".repeat(length), Buffer.buffer(new byte[length])));
        }
        all.addAll(List.of(Double.NaN, Double.NEGATIVE_INFINITY, -0.0, Double.MIN_VALUE));
        all.addAll(List.of("\0😀", tuple(tuple(), List.of(tuple(1L))), new Distinct(List.of(tuple(1L), "a"))));
        all.add(new Pairs(List.of(Map.entry(1L, "a"), Map.entry(tuple(1L, 2L), List.of()), Map.entry("s", 1.0))));
        return all.stream();
    }

    @ParameterizedTest
    @EnumSource(PickleOpcode.class)
    void everyOpcodeThatIsNoData(PickleOpcode opcode) {
        Buffer pickle = Vectors.bytes("80044e").appendByte((byte) opcode.code).appendBytes(new byte[16]);
        String said = assertRefused(pickle);
        if (opcode.use != PickleOpcode.Use.DATA) {
            assertEquals("pickle: opcode " + opcode + " at byte 3 " + opcode.use.words + " (expected: data)", said);
        }
    }

    @Test
    void theBytesAreThoseOfCPython() {
        assertEquals(68, PickleOpcode.values().length);
        assertEquals(
                68,
                Arrays.stream(PickleOpcode.values())
                        .map(each -> each.code)
                        .distinct()
                        .count());
        String classes = "GLOBAL STACK_GLOBAL REDUCE BUILD INST OBJ NEWOBJ NEWOBJ_EX EXT1 EXT2 EXT4 PERSID BINPERSID";
        assertEquals(
                List.of(classes.split(" ")),
                Arrays.stream(PickleOpcode.values())
                        .filter(each -> each.use == PickleOpcode.Use.CLASS)
                        .map(Enum::name)
                        .toList());
    }

    /** Whatever the bytes: a value, or a refusal. */
    @Test
    void mutated() {
        Random random = new Random(4);
        List<Buffer> seeds = values().map(row -> payload((String) row.get()[0])).toList();
        int refused = 0;
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = seeds.get(random.nextInt(seeds.size())).getBytes();
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                CODEC.encode(CODEC.decode(Buffer.buffer(bytes)));
            } catch (ProtocolException bad) {
                refused++;
            }
        }
        assertTrue(refused > 1_000 && refused < 50_000, "refused " + refused);
    }

    private static String assertRefused(Buffer pickle) {
        ProtocolException bad = assertThrows(ProtocolException.class, () -> CODEC.decode(pickle));
        assertEquals(ProtocolException.Kind.DECODE, bad.kind());
        return bad.getMessage();
    }

    private static Buffer payload(String id) {
        Buffer frame = VECTORS.get(id).bytes();
        return frame.slice(4, frame.length());
    }

    private static Arguments row(String id, Object value) {
        return Arguments.of(id, value);
    }

    private static Tuple tuple(Object... items) {
        return new Tuple(Arrays.asList(items));
    }

    private static Map<String, Object> map(String key, Object value) {
        return Map.of(key, value);
    }
}
