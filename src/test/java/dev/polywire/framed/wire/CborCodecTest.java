package dev.polywire.framed.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.framed.wire.TypedValue.Distinct;
import dev.polywire.framed.wire.TypedValue.Pairs;
import dev.polywire.framed.wire.TypedValue.Tagged;
import dev.polywire.framed.wire.TypedValue.Tuple;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Examples of RFC 8949, appendix A, and what is refused. */
class CborCodecTest {

    private static final CborCodec CODEC = new CborCodec(1024 * 1024);

    /** What is written again in the same bytes. */
    static Stream<Arguments> values() {
        return Stream.of(
                Arguments.of("00", 0L),
                Arguments.of("1818", 24L),
                Arguments.of("1903e8", 1_000L),
                Arguments.of("1b000000e8d4a51000", 1_000_000_000_000L),
                Arguments.of("20", -1L),
                Arguments.of("3903e7", -1_000L),
                Arguments.of("3b7fffffffffffffff", Long.MIN_VALUE),
                Arguments.of("c249010000000000000000", BigInteger.TWO.pow(64)),
                Arguments.of(
                        "c349010000000000000000",
                        BigInteger.TWO.pow(64).negate().subtract(BigInteger.ONE)),
                Arguments.of("fb3ff199999999999a", 1.1),
                Arguments.of("fb7ff8000000000000", Double.NaN),
                Arguments.of("fbfff0000000000000", Double.NEGATIVE_INFINITY),
                Arguments.of("f4", false),
                Arguments.of("f5", true),
                Arguments.of("f6", null),
                Arguments.of("40", Buffer.buffer()),
                Arguments.of("4401020304", Vectors.bytes("01020304")),
                Arguments.of("60", ""),
                Arguments.of("6161", "a"),
                Arguments.of("62c3bc", "ü"),
                Arguments.of("64f0908591", "\ud800\udd51"),
                Arguments.of("80", List.of()),
                Arguments.of("8301820203820405", List.of(1L, List.of(2L, 3L), List.of(4L, 5L))),
                Arguments.of("a0", Map.of()),
                Arguments.of("a1616101", Map.of("a", 1L)),
                Arguments.of("a201020304", new Pairs(List.of(Map.entry(1L, 2L), Map.entry(3L, 4L)))),
                Arguments.of("a220016130f4", new Pairs(List.of(Map.entry(-1L, 1L), Map.entry("0", false)))),
                Arguments.of("c11a514b67b0", new Tagged(1, 1_363_896_240L)),
                Arguments.of("d818456449455446", new Tagged(24, Vectors.bytes("6449455446"))),
                Arguments.of("d90102820102", new Distinct(List.of(1L, 2L))),
                Arguments.of("1bffffffffffffffff", BigInteger.TWO.pow(64).subtract(BigInteger.ONE)),
                Arguments.of("3bffffffffffffffff", BigInteger.TWO.pow(64).negate()),
                Arguments.of("c249810000000000000000", BigInteger.valueOf(0x81).shiftLeft(64)),
                Arguments.of("a1f5820102", new Pairs(List.of(Map.entry(true, List.of(1L, 2L))))),
                Arguments.of("a24101f6fb3ff8000000000000820102", pairs()),
                Arguments.of("c48221196ab3", new Tagged(4, List.of(-2L, 27_315L))),
                Arguments.of("c0c16161", new Tagged(0, new Tagged(1, "a"))),
                Arguments.of("db7fffffffffffffff01", new Tagged(Long.MAX_VALUE, 1L)),
                Arguments.of("d9010280", new Distinct(List.of())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("values")
    void bothWays(String hex, Object value) {
        Buffer payload = Vectors.bytes(hex);
        assertEquals(value, CODEC.decode(payload));
        assertEquals(payload, CODEC.encode(value));
        for (int end = 0; end < payload.length(); end++) {
            assertRefused(payload.slice(0, end));
        }
    }

    /** Forms that are read and not written. */
    static Stream<Arguments> otherForms() {
        return Stream.of(
                Arguments.of("f90001", 5.960464477539063e-8),
                Arguments.of("fa47c35000", 100_000.0),
                Arguments.of("f97c00", Double.POSITIVE_INFINITY),
                Arguments.of("c24101", 1L),
                Arguments.of("c24181", 0x81L),
                Arguments.of("c34181", -0x82L),
                Arguments.of("f90400", 6.103515625e-5),
                Arguments.of("f97bff", 65_504.0),
                Arguments.of("f9c400", -4.0),
                Arguments.of("f97e00", Double.NaN),
                Arguments.of("f7", null),
                Arguments.of("1801", 1L),
                Arguments.of("d9d9f701", 1L),
                Arguments.of("5f42010243030405ff", Vectors.bytes("0102030405")),
                Arguments.of("7f657374726561646d696e67ff", "streaming"),
                Arguments.of("9f018202039f0405ffff", List.of(1L, List.of(2L, 3L), List.of(4L, 5L))),
                Arguments.of("bf61610161629f0203ffff", Map.of("a", 1L, "b", List.of(2L, 3L))),
                Arguments.of("bf0102ff", new Pairs(List.of(Map.entry(1L, 2L)))),
                Arguments.of("a11b7fffffffffffffff01", new Pairs(List.of(Map.entry(Long.MAX_VALUE, 1L)))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("otherForms")
    void read(String hex, Object value) {
        assertEquals(value, CODEC.decode(Vectors.bytes(hex)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                     | item: 1 bytes (expected: <= 0)",
                "0101                   | more than one item: 1 bytes behind it (expected: 0)",
                "01ff                   | more than one item: 1 bytes behind it (expected: 0)",
                "1c                     | additional information: 28 (expected: 0 to 27)",
                "1f                     | additional information: 31 (expected: 0 to 27)",
                "df01                   | additional information: 31 (expected: 0 to 27)",
                "ff                     | a break (expected: an item)",
                "81ff                   | a break (expected: an item)",
                "bf01ff                 | a break (expected: an item)",
                "5b0000000000000001     | bytes: 1 (expected: <= 0)",
                "5a0000000200           | bytes: 2 (expected: <= 1)",
                "7a0000000261           | text: 2 (expected: <= 1)",
                "9b000000000000000201   | array: 2 (expected: <= 1)",
                "9a0000000201           | array: 2 (expected: <= 1)",
                "bb00000000000000020101 | map: 2 (expected: <= 1)",
                "5f5f4101ffff           | additional information: 31 (expected: 0 to 27)",
                "5f6161ff               | chunk: major type 3 (expected: 2)",
                "7f4161ff               | chunk: major type 2 (expected: 3)",
                "7f61c3                 | text: not UTF-8",
                "61ff                   | text: not UTF-8",
                "62c080                 | text: not UTF-8",
                "63eda080               | text: not UTF-8",
                "a162c08001             | text: not UTF-8",
                "a2616101616102         | map: a key twice (expected: once)",
                "f0                     | a simple value: 16 (expected: false, true, null, undefined)",
                "f8ff                   | a simple value: 24 (expected: false, true, null, undefined)",
                "dbffffffffffffffff01   | tag: 18446744073709551615 (expected: <= 9223372036854775807)",
            })
    void refused(String hex, String complaint) {
        assertEquals("cbor: " + complaint, assertRefused(Vectors.bytes(hex)));
    }

    @Test
    void bounds() {
        Buffer deepest = Buffer.buffer(new byte[CborCodec.MAX_DEPTH]);
        for (int i = 0; i < CborCodec.MAX_DEPTH; i++) {
            deepest.setByte(i, (byte) (i == CborCodec.MAX_DEPTH - 1 ? 0x80 : 0x81));
        }
        assertEquals(deepest, CODEC.encode(CODEC.decode(deepest)));
        Buffer aroundAnItem =
                deepest.copy().setByte(deepest.length() - 1, (byte) 0x81).appendByte((byte) 1);
        assertEquals(aroundAnItem, CODEC.encode(CODEC.decode(aroundAnItem)));
        String complaint = "cbor: nesting: deeper than 500 levels";
        assertEquals(
                complaint, assertRefused(Buffer.buffer(new byte[] {(byte) 0x81}).appendBuffer(deepest)));

        byte[] empty = new byte[100_000];
        Arrays.fill(empty, (byte) 0x80);
        Buffer lists = Vectors.bytes("9a000186a0").appendBytes(empty);
        ProtocolException over = assertThrows(ProtocolException.class, () -> CODEC.decode(lists));
        assertEquals(ProtocolException.Kind.LIMIT, over.kind());
        assertEquals("cbor: value: 1048704 bytes of memory and more (expected: <= 1048576)", over.getMessage());
        Buffer digits = Vectors.bytes("c25901a1").appendBytes(empty, 0, 0x1a1);
        assertEquals("cbor: integer: 3336 bits (expected: <= 3322)", assertRefused(digits));
    }

    static Stream<Arguments> unfit() {
        List<Object> deep = List.of();
        for (int i = 0; i < CborCodec.MAX_DEPTH; i++) {
            deep = List.of(deep);
        }
        return Stream.of(
                Arguments.of(new Tuple(List.of()), "Tuple (expected: a value that CBOR has)"),
                Arguments.of(deep, "deeper than 500 levels"),
                Arguments.of("\ud800", "half a surrogate pair (expected: Unicode text)"),
                Arguments.of(Map.of("\ud800", 1), "half a surrogate pair (expected: Unicode text)"),
                Arguments.of(BigInteger.TWO.pow(3_322), "an integer of more than 3322 bits"),
                Arguments.of(new BigDecimal("0.1"), "BigDecimal (expected: an integer or a double)"));
    }

    @ParameterizedTest
    @MethodSource("unfit")
    void notWritten(Object value, String complaint) {
        assertEquals(
                complaint,
                assertThrows(IllegalArgumentException.class, () -> CODEC.encode(value))
                        .getMessage());
    }

    /** Whatever the bytes: a value, or a refusal. */
    @Test
    void mutated() {
        Random random = new Random(5);
        List<String> seeds = new ArrayList<>();
        values().forEach(row -> seeds.add((String) row.get()[0]));
        otherForms().forEach(row -> seeds.add((String) row.get()[0]));
        int refused = 0;
        for (int i = 0; i < 50_000; i++) {
            Buffer bytes =
                    Vectors.bytes(seeds.get(random.nextInt(seeds.size())) + seeds.get(random.nextInt(seeds.size())));
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                bytes.setByte(random.nextInt(bytes.length()), (byte) random.nextInt(256));
            }
            try {
                CODEC.decode(bytes);
            } catch (ProtocolException bad) {
                refused++;
            }
        }
        assertTrue(refused > 1_000 && refused < 50_000, "refused " + refused);
    }

    private static Pairs pairs() {
        List<Map.Entry<Object, Object>> pairs = new ArrayList<>();
        pairs.add(new SimpleImmutableEntry<>(Vectors.bytes("01"), null));
        pairs.add(new SimpleImmutableEntry<>(1.5, List.of(1L, 2L)));
        return new Pairs(pairs);
    }

    private static String assertRefused(Buffer payload) {
        ProtocolException bad = assertThrows(ProtocolException.class, () -> CODEC.decode(payload));
        assertEquals(ProtocolException.Kind.DECODE, bad.kind());
        return bad.getMessage();
    }
}
