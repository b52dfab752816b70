import dev.polywire.bolt.wire.GraphValue;
import dev.polywire.bolt.wire.Point;
import dev.polywire.bolt.wire.TemporalValue;
import dev.polywire.bolt.wire.Vector;
import io.vertx.core.buffer.Buffer;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** One value of each type, by the name of its check. Each driver's program has the same values in its own types. */
final class KnownValues {

    private static final LocalDateTime DAY = LocalDateTime.of(2024, 2, 29, 23, 59, 58, 123_456_789);
    private static final ZoneOffset OFFSET = ZoneOffset.ofHoursMinutes(-3, -30);

    private static final GraphValue.Node ADA = new GraphValue.Node(1, List.of("Person"), Map.of("name", "Ada"), "4:x:1");
    private static final GraphValue.Node BOB =
            new GraphValue.Node(2, List.of("Person", "Guest"), Map.of("name", "Bob"), "4:x:2");

    static final List<GraphValue.Node> NODES = List.of(ADA, BOB);

    static final Map<String, Object> ALL = new HashMap<>();

    static {
        ALL.put("null", null);
        ALL.put("boolean", true);
        ALL.put("integers", List.of(0L, -16L, -17L, 128L, -40_000L, 9_007_199_254_740_993L, Long.MIN_VALUE));
        ALL.put("floats", List.of(1.5, -0.1, 1e300, Double.POSITIVE_INFINITY));
        ALL.put("strings", List.of("", "a\u00e5\u4e2d\ud83d\ude00", "x".repeat(70_000)));
        ALL.put("bytes", Buffer.buffer(new byte[] {0, 1, -1}));
        ALL.put("list", Arrays.asList(1L, null, List.of("deep")));
        ALL.put("map", map());
        ALL.put("date", TemporalValue.Date.of(LocalDate.of(2024, 2, 29)));
        ALL.put("time", TemporalValue.Time.of(OffsetTime.of(DAY.toLocalTime(), OFFSET)));
        ALL.put("local time", TemporalValue.LocalTime.of(DAY.toLocalTime()));
        ALL.put("local datetime", TemporalValue.LocalDateTime.of(DAY));
        ALL.put("datetime", TemporalValue.DateTime.of(OffsetDateTime.of(DAY, OFFSET)));
        ALL.put("zoned", TemporalValue.DateTimeZoneId.of(ZonedDateTime.of(DAY, ZoneId.of("Europe/Stockholm"))));
        ALL.put("duration", new TemporalValue.Duration(14, -3, 5, 999_999_999));
        ALL.put("point", new Point.Point2D(4326, 12.5, -7.25));
        ALL.put("point 3d", new Point.Point3D(9157, 1, 2, 3));
        ALL.put("vector", vector());
        ALL.put("node", ADA);
        ALL.put(
                "relationship",
                new GraphValue.Relationship(3, 1, 2, "KNOWS", Map.of("since", 1999L), "5:x:3", "4:x:1", "4:x:2"));
        // From Ada to Bob, along a relationship that begins at Bob.
        ALL.put(
                "path",
                new GraphValue.Path(
                        NODES,
                        List.of(new GraphValue.UnboundRelationship(3, "KNOWS", Map.of("since", 1999L), "5:x:3")),
                        List.of(-1L, 1L)));
    }

    private KnownValues() {}

    /** Whether a client has sent the value of this name. */
    static boolean isSame(String name, Object sent) {
        Object value = sent instanceof TemporalValue.LegacyDateTimeZoneId legacy
                ? TemporalValue.DateTimeZoneId.of(legacy.toZonedDateTime())
                : sent;
        return ALL.containsKey(name) && Objects.equals(ALL.get(name), value);
    }

    private static Map<String, Object> map() {
        Map<String, Object> map = new HashMap<>();
        map.put("key", Map.of("key", 1L));
        map.put("none", null);
        return map;
    }

    private static Vector vector() {
        return new Vector(Vector.Element.FLOAT_32, Buffer.buffer().appendFloat(1.5f).appendFloat(-2));
    }
}
