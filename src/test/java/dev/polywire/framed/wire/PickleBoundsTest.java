package dev.polywire.framed.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.framed.wire.TypedValue.Distinct;
import dev.polywire.framed.wire.TypedValue.Pairs;
import dev.polywire.framed.wire.TypedValue.Tagged;
import dev.polywire.framed.wire.TypedValue.Tuple;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a pickle may not do to us, and what we do not write. */
class PickleBoundsTest {

    private static final long MAX_VALUE_BYTES = 1024 * 1024;
    private static final PickleCodec CODEC = new PickleCodec(MAX_VALUE_BYTES);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                       | PROTO: 1 bytes (expected: <= 0)",
                "4e2e                     | no PROTO in front (expected: a pickle of protocol 2 to 5)",
                "80014e2e                 | protocol: 1 (expected: 2 to 5)",
                "80064e2e                 | protocol: 6 (expected: 2 to 5)",
                "800480044e2e             | opcode PROTO (expected: in front only)",
                "8004ff2e                 | opcode: 255 at byte 2 (expected: one of pickle)",
                "80042e                   | stack: too few values (expected: 1)",
                "80044e4e2e               | more than one value (expected: one, and nothing behind STOP)",
                "80044e2e00               | more than one value (expected: one, and nothing behind STOP)",
                "8004284e2e               | more than one value (expected: one, and nothing behind STOP)",
                "80049503000000000000004e2e | FRAME: 3 (expected: <= 2)",
                "800458020000002e         | BINUNICODE: 2 (expected: <= 1)",
                "80048d02000000000000002e | BINUNICODE8: 2 (expected: <= 1)",
                "800442020000002e         | BINBYTES: 2 (expected: <= 1)",
                "80048e02000000000000002e | BINBYTES8: 2 (expected: <= 1)",
                "80059602000000000000002e | BYTEARRAY8: 2 (expected: <= 1)",
                "80048b020000002e         | LONG4: 2 (expected: <= 1)",
                "80048c02c0802e           | str: not UTF-8",
                "80048c03eda0802e         | str: not UTF-8",
                "800468052e               | memo: nothing at 5",
                "800494                   | stack: empty",
                "80045d2894               | stack: empty",
                "8004652e                 | stack: no mark",
                "80044e28652e             | stack: something else on top (expected: LIST)",
                "80044e4e612e             | stack: something else on top (expected: LIST)",
                "80045d284e862e           | stack: too few values (expected: 2)",
                "80047d284e752e           | dict: a key without a value",
                "80047d8c01614e738c01614e732e | dict: a key twice (expected: once)",
                "80047d5d4e732e           | dict: a key that can change (expected: a hashable value)",
                "80047d5d854e732e         | dict: a key that can change (expected: a hashable value)",
                "80048f285d902e           | set: a key that can change (expected: a hashable value)",
                "80045d946800612e         | a container that grows after something refers to it (expected: no cycles)",
                "80047d944e6800732e       | a container that grows after something refers to it (expected: no cycles)",
                "80045d945d28680065612e     | a container that grows after something refers to it (expected: no cycles)",
            })
    void refused(String hex, String complaint) {
        ProtocolException bad = assertThrows(ProtocolException.class, () -> CODEC.decode(Vectors.bytes(hex)));
        assertEquals(ProtocolException.Kind.DECODE, bad.kind());
        assertEquals("pickle: " + complaint, bad.getMessage());
    }

    @Test
    void depth() {
        assertEquals(List.of(List.of()), CODEC.decode(lists(2)));
        CODEC.encode(CODEC.decode(lists(PickleCodec.MAX_DEPTH)));
        Buffer aroundAnItem = pickle().appendString(
                        "]".repeat(PickleCodec.MAX_DEPTH) + "N" + "a".repeat(PickleCodec.MAX_DEPTH) + ".");
        Object value = CODEC.decode(aroundAnItem);
        assertEquals(value, CODEC.decode(CODEC.encode(value)));
        assertRefused("pickle: nesting: deeper than 500 levels", lists(PickleCodec.MAX_DEPTH + 1));
        Buffer marked = pickle().appendString(
                        "](".repeat(PickleCodec.MAX_DEPTH) + "]" + "e".repeat(PickleCodec.MAX_DEPTH) + ".");
        assertRefused("pickle: nesting: deeper than 500 levels", marked);
        Buffer tuples = pickle().appendString(")");
        for (int i = 0; i < PickleCodec.MAX_DEPTH; i++) {
            tuples.appendByte((byte) PickleOpcode.TUPLE1.code);
        }
        assertRefused("pickle: nesting: deeper than 500 levels", tuples.appendString("."));
    }

    /** A reference does not cost the peer what it costs us. */
    @ParameterizedTest
    @MethodSource("bombs")
    void bombs(String name, long maxValueBytes, Buffer pickle) {
        PickleCodec codec = new PickleCodec(maxValueBytes);
        ProtocolException over = assertThrows(ProtocolException.class, () -> codec.decode(pickle), name);
        assertEquals(ProtocolException.Kind.LIMIT, over.kind());
        assertTrue(
                over.getMessage()
                        .matches("pickle: value: \\d+ bytes of memory and more \\(expected: <= " + maxValueBytes
                                + "\\)"),
                over::getMessage);
    }

    static Stream<Arguments> bombs() {
        return Stream.concat(
                HostilePickles.references()
                        .map(bomb -> Arguments.of(bomb.name(), HostilePickles.REFERENCES_BYTES, bomb.pickle())),
                HostilePickles.values((int) MAX_VALUE_BYTES)
                        .map(bomb -> Arguments.of(bomb.name(), MAX_VALUE_BYTES, bomb.pickle())));
    }

    /** The second time: the first time classes are loaded. */
    @ParameterizedTest
    @MethodSource("references")
    void referencesAreCountedBeforeAnythingIsMadeOfThem(HostilePickles.Bomb bomb) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        PickleCodec codec = new PickleCodec(HostilePickles.REFERENCES_BYTES);
        long allocated = Long.MAX_VALUE;
        for (int i = 0; i < 2; i++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            assertThrows(ProtocolException.class, () -> codec.decode(bomb.pickle()));
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertTrue(allocated < HostilePickles.REFERENCES_BYTES / 4, allocated + " bytes allocated");
    }

    static Stream<HostilePickles.Bomb> references() {
        return HostilePickles.references();
    }

    /** An index of the memo, which may be any, costs no more than a small one. */
    @Test
    void memoOfAnyIndex() {
        PickleStack stack = new PickleStack(new ValueBudget(1_000));
        stack.push(1L);
        stack.put(0xffff_ffffL);
        stack.get(0xffff_ffffL);
        assertEquals(List.of(1L, 1L), stack.pop(2));
    }

    @Test
    void whatIsSharedIsReadOnce() {
        // a = [1]; [a, a]
        assertEquals(List.of(List.of(1L), List.of(1L)), CODEC.decode(Vectors.bytes("80045d285d944b01616800652e")));
    }

    @ParameterizedTest
    @MethodSource("unfit")
    void notWritten(Object value, String complaint) {
        assertEquals(
                complaint,
                assertThrows(IllegalArgumentException.class, () -> CODEC.encode(value))
                        .getMessage());
    }

    static Stream<Arguments> unfit() {
        Object deep = List.of();
        for (int i = 0; i < PickleCodec.MAX_DEPTH; i++) {
            deep = List.of(deep);
        }
        return Stream.of(
                Arguments.of(deep, "deeper than 500 levels"),
                Arguments.of("\ud800", "half a surrogate pair (expected: Unicode text)"),
                Arguments.of(BigInteger.TWO.pow(3_322), "an integer of more than 3322 bits"),
                Arguments.of(new BigDecimal("0.1"), "BigDecimal (expected: an integer or a double)"),
                Arguments.of(new Tagged(1, 1L), "Tagged (expected: a value that Python has without a class)"),
                Arguments.of(Set.of(List.of()), "a container as a key (expected: a hashable value)"),
                Arguments.of(
                        new Distinct(List.of(new Tuple(List.of(Map.of())))),
                        "a container as a key (expected: a hashable value)"),
                Arguments.of(
                        new Pairs(List.of(Map.entry(new Distinct(List.of()), 1L))),
                        "a container as a key (expected: a hashable value)"));
    }

    private static void assertRefused(String complaint, Buffer pickle) {
        assertEquals(
                complaint,
                assertThrows(ProtocolException.class, () -> CODEC.decode(pickle))
                        .getMessage());
    }

    private static Buffer pickle() {
        return Vectors.bytes("8004");
    }

    private static Buffer lists(int depth) {
        return pickle().appendString("]".repeat(depth) + "a".repeat(depth - 1) + ".");
    }
}
