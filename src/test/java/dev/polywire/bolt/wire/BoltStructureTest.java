package dev.polywire.bolt.wire;

import static dev.polywire.bolt.wire.BoltVersion.V4_4;
import static dev.polywire.bolt.wire.BoltVersion.V6_0;
import static dev.polywire.bolt.wire.Packed.map;
import static dev.polywire.bolt.wire.Packed.read;
import static dev.polywire.bolt.wire.Packed.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.bolt.wire.GraphValue.Node;
import dev.polywire.bolt.wire.GraphValue.Path;
import dev.polywire.bolt.wire.GraphValue.Relationship;
import dev.polywire.bolt.wire.GraphValue.UnboundRelationship;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.Vectors;
import dev.polywire.testing.Vectors.Vector;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Structures and their bytes, in the forms of old and new versions. */
class BoltStructureTest {

    private static final Vectors VECTORS = Vectors.read("bolt-structures.txt");
    private static final GraphValue.Node A = new Node(42, List.of(), map(), "n42");
    private static final UnboundRelationship X = new UnboundRelationship(1000, "R", map(), "r1000");

    static Stream<Vector> vectors() {
        return VECTORS.all().stream();
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void bothWays(Vector vector) {
        BoltVersion version = vector.id().matches(".*(_pre5|legacy)") ? V4_4 : V6_0;
        Object value = read(vector.bytes(), version);
        assertEquals(vector.hex(), Vectors.hex(write(value, version)));
        // Whoever speaks another version reads it, too.
        assertEquals(value, read(vector.bytes(), BoltVersion.V2));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void cutShort(Vector vector) {
        for (int length = 0; length < vector.bytes().length(); length++) {
            int end = length;
            assertThrows(ProtocolException.class, () -> read(vector.bytes().getBuffer(0, end), V6_0));
        }
    }

    static Stream<Object[]> meanings() {
        return Stream.of(
                row("node_pre5", new Node(3, List.of("Example", "Node"), map("name", "example"), "3")),
                row("node_5", new Node(3, List.of("Example", "Node"), map("name", "example"), "abc123")),
                row("rel_pre5", new Relationship(11, 2, 3, "KNOWS", map("name", "example"), "11", "2", "3")),
                row("rel_5", new Relationship(11, 2, 3, "KNOWS", map("name", "example"), "abc123", "def456", "ghi789")),
                row("unbound_5", new UnboundRelationship(17, "KNOWS", map("name", "example"), "foo")),
                row("path_single", new Path(List.of(new Node(1, List.of(), map(), "n1")), List.of(), List.of())),
                row("p3d", new Point.Point3D(4979, 12.78, 56.7, 100)),
                row("unsupported", new UnsupportedType("QuantumFloat", 42, 21, map("message", "upgrade"))));
    }

    @ParameterizedTest
    @MethodSource("meanings")
    void meaning(String id, Object value) {
        assertEquals(value, read(VECTORS.get(id).bytes(), V6_0));
    }

    @Test
    void pathIsAWalk() {
        Path path = (Path) read(VECTORS.get("path_5").bytes(), V6_0);
        assertEquals(
                List.of("n42", "n69", "n1"),
                path.nodes().stream().map(Node::elementId).toList());
        assertEquals(
                List.of("r1000", "r1001"),
                path.relationships().stream()
                        .map(UnboundRelationship::elementId)
                        .toList());
        assertEquals(List.of(1L, 1L, 1L, 0L, -2L, 2L), path.indices());
    }

    static Stream<Object[]> times() {
        ZonedDateTime paris = ZonedDateTime.of(1970, 1, 1, 2, 15, 0, 42, ZoneId.of("Europe/Paris"));
        return Stream.of(
                row("date_neg", new TemporalValue.Date(-1).toLocalDate(), LocalDate.of(1969, 12, 31)),
                row("date_2007", TemporalValue.Date.of(LocalDate.of(2007, 12, 3)), null),
                row("time", TemporalValue.Time.of(OffsetTime.parse("02:15:00.000000042+01:00")), null),
                row("localtime", TemporalValue.LocalTime.of(LocalTime.parse("02:15:00.000000042")), null),
                row(
                        "localdt",
                        TemporalValue.LocalDateTime.of(LocalDateTime.parse("1970-01-01T02:15:00.000000042")),
                        null),
                row("dt_legacy", TemporalValue.DateTime.of(paris.toOffsetDateTime()), null),
                row("dtz_utc", TemporalValue.DateTimeZoneId.of(paris), null),
                row("dtz_legacy", new TemporalValue.LegacyDateTimeZoneId(8100, 42, "Europe/Paris"), null));
    }

    @ParameterizedTest
    @MethodSource("times")
    void timesOfJava(String id, Object value, Object java) {
        if (java != null) {
            assertEquals(java, value);
        } else {
            assertEquals(value, read(VECTORS.get(id).bytes(), V6_0));
        }
    }

    @Test
    void timesBecomeJavasAgain() {
        OffsetDateTime time = OffsetDateTime.parse("1970-01-01T02:15:00.000000042+01:00");
        ZonedDateTime paris = time.atZoneSameInstant(ZoneId.of("Europe/Paris"));
        assertEquals(time, TemporalValue.DateTime.of(time).toOffsetDateTime());
        assertEquals(
                time.toOffsetTime(), TemporalValue.Time.of(time.toOffsetTime()).toOffsetTime());
        assertEquals(
                time.toLocalTime(),
                TemporalValue.LocalTime.of(time.toLocalTime()).toLocalTime());
        assertEquals(
                time.toLocalDateTime(),
                TemporalValue.LocalDateTime.of(time.toLocalDateTime()).toLocalDateTime());
        assertEquals(paris, TemporalValue.DateTimeZoneId.of(paris).toZonedDateTime());
        assertEquals(paris, new TemporalValue.LegacyDateTimeZoneId(8100, 42, "Europe/Paris").toZonedDateTime());
        assertEquals(new TemporalValue.Duration(14, 3, 0, 0), TemporalValue.Duration.of(Period.of(1, 2, 3)));
        assertEquals(
                new TemporalValue.Duration(0, 0, -1, 999_999_999), TemporalValue.Duration.of(Duration.ofNanos(-1)));
    }

    /** In the night of the change 02:30 comes twice: only UTC says which. */
    @Test
    void zonesBeforeUtcDatesAndSince() {
        TemporalValue.DateTimeZoneId second = new TemporalValue.DateTimeZoneId(1_698_543_000, 0, "Europe/Paris");
        assertEquals(second, read(write(second, V6_0), V6_0));
        assertEquals(
                new TemporalValue.LegacyDateTimeZoneId(1_698_546_600, 0, "Europe/Paris"),
                read(write(second, V4_4), V4_4));
        assertEquals(
                new TemporalValue.DateTimeZoneId(1_698_539_400, 0, "Europe/Paris"),
                read(write(read(write(second, V4_4), V4_4), V6_0), V6_0));
    }

    @Test
    void aZoneThatNobodyKnowsStaysAName() {
        TemporalValue.DateTimeZoneId mars = new TemporalValue.DateTimeZoneId(0, 0, "Mars/Olympus");
        assertEquals(mars, read(write(mars, V6_0), V6_0));
        assertThrows(DateTimeException.class, mars::toZonedDateTime);
        assertThrows(ProtocolException.class, () -> write(mars, V4_4));
        TemporalValue.LegacyDateTimeZoneId legacy = new TemporalValue.LegacyDateTimeZoneId(0, 0, "Mars/Olympus");
        assertEquals(legacy, read(write(legacy, V4_4), V4_4));
        assertThrows(ProtocolException.class, () -> write(legacy, V6_0));
    }

    /** With the patch 4.3 and 4.4 have UTC dates, and no element ids. */
    @Test
    void utcPatch() {
        ValueDialect patched = new ValueDialect(V4_4, true);
        assertEquals("b349c90e1c2ac90e10", Vectors.hex(write(new TemporalValue.DateTime(3612, 42, 3600), patched)));
        assertEquals("b34e2a90a0", Vectors.hex(write(A, patched)));
    }

    @ParameterizedTest
    @CsvSource({"vec_i16, 1 2 -1", "vec_i32, 1 -1", "vec_i64, 1 -1", "vec_f32, 1.5 -0.25", "vec_empty, ''"})
    void vectors(String id, String numbers) {
        dev.polywire.bolt.wire.Vector vector =
                (dev.polywire.bolt.wire.Vector) read(VECTORS.get(id).bytes(), V6_0);
        assertEquals(
                numbers,
                String.join(
                        " ",
                        IntStream.range(0, vector.size())
                                .mapToObj(i -> vector.get(i).toString())
                                .toList()));
    }

    @ParameterizedTest
    @CsvSource({
        "unknown tag, b17a01",
        "no tag, b1",
        "zero fields of a known tag, b04e",
        "node with a number as label, b34e009101a0",
        "node with a text as id, b34e813190a0",
        "node without a map, b34e009090",
        "relationship of 6 fields, b6520b020381 61a081 62",
        "path without nodes, b350909090",
        "path through a text, b35091816190 90",
        "path of an odd number of indices, b35091b34e0190a0909101",
        "path along a relationship that is not there, b35091b34e0190a090920100",
        "path to a node that is not there, b35091b34e0190a091b3720181 61a0920101",
        "path along relationship 0, b35091b34e0190a091b372018161a0920000",
        "path against the smallest number, b35091b34e0190a09092cb800000000000000000",
        "date beyond all times, b144cb7fffffffffffffff",
        "nanoseconds of more than a day, b174cb7fffffffffffffff",
        "negative nanoseconds, b26400ff",
        "offset of a day, b354 00ca00015180",
        "offset of 33 bits, b25400cb0000000100000000",
        "seconds that wrap around, b346cb80000000000000000001",
        "seconds with their offset that wrap, b349cb7fffffffffffffff0001",
        "date of a float, b144c10000000000000000",
        "point of integers, b358010203",
        "vector of 3 bytes, b256cc01c9cc03000102",
        "vector of an unknown type, b256cc01c4cc00",
        "vector of two types, b256cc02c9c9cc00",
        "unsupported type of a text, b43f8161816115a0"
    })
    void noStructure(String name, String hex) {
        ProtocolException bad = assertThrows(ProtocolException.class, () -> read(Vectors.bytes(hex), V6_0), name);
        assertEquals(ProtocolException.Kind.DECODE, bad.kind());
    }

    /** What follows a structure that cannot be read is not looked at: the chunks say where the next message begins. */
    @Test
    void b3Defect18UnknownTagsAreTyped() {
        assertEquals(
                "structure: 7A (expected: a known one)",
                assertThrows(ProtocolException.class, () -> read(Vectors.bytes("b07a"), V6_0))
                        .getMessage());
    }

    private static Object[] row(Object... columns) {
        return columns;
    }
}
