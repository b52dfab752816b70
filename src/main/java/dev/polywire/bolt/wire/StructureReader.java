package dev.polywire.bolt.wire;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Maps each tag to its structure and the count of its fields. */
final class StructureReader {

    private StructureReader() {}

    static BoltStructure read(PackStreamReader in, int tag, int fields) {
        try {
            return switch (tag) {
                case GraphValue.Node.TAG -> node(in, fields);
                case GraphValue.Relationship.TAG -> relationship(in, fields);
                case GraphValue.UnboundRelationship.TAG -> unbound(in, fields);
                case GraphValue.Path.TAG -> path(in, fields);
                case Point.Point2D.TAG -> {
                    require(fields, 3);
                    yield new Point.Point2D(in.integer(), in.floating(), in.floating());
                }
                case Point.Point3D.TAG -> {
                    require(fields, 4);
                    yield new Point.Point3D(in.integer(), in.floating(), in.floating(), in.floating());
                }
                case Vector.TAG -> {
                    require(fields, 2);
                    Buffer marker = in.bytes();
                    yield new Vector(Vector.Element.of(marker), in.bytes());
                }
                case UnsupportedType.TAG -> {
                    require(fields, 4);
                    yield new UnsupportedType(in.text(), in.int32(), in.int32(), in.map());
                }
                default -> temporal(in, tag, fields);
            };
        } catch (IllegalArgumentException outOfRange) {
            throw PackStreamReader.bad("structure: " + outOfRange.getMessage());
        }
    }

    private static TemporalValue temporal(PackStreamReader in, int tag, int fields) {
        switch (tag) {
            case TemporalValue.Date.TAG:
                require(fields, 1);
                return new TemporalValue.Date(in.integer());
            case TemporalValue.Time.TAG:
                require(fields, 2);
                return new TemporalValue.Time(in.integer(), in.int32());
            case TemporalValue.LocalTime.TAG:
                require(fields, 1);
                return new TemporalValue.LocalTime(in.integer());
            case TemporalValue.LocalDateTime.TAG:
                require(fields, 2);
                return new TemporalValue.LocalDateTime(in.integer(), in.int32());
            case TemporalValue.DateTime.TAG:
                require(fields, 3);
                return new TemporalValue.DateTime(in.integer(), in.int32(), in.int32());
            case TemporalValue.DateTime.LEGACY_TAG:
                require(fields, 3);
                return legacy(in.integer(), in.int32(), in.int32());
            case TemporalValue.DateTimeZoneId.TAG:
                require(fields, 3);
                return new TemporalValue.DateTimeZoneId(in.integer(), in.int32(), in.zone());
            case TemporalValue.LegacyDateTimeZoneId.TAG:
                require(fields, 3);
                return new TemporalValue.LegacyDateTimeZoneId(in.integer(), in.int32(), in.zone());
            case TemporalValue.Duration.TAG:
                require(fields, 4);
                return new TemporalValue.Duration(in.integer(), in.integer(), in.integer(), in.int32());
            default:
                throw PackStreamReader.bad(String.format("structure: %02X (expected: a known one)", tag));
        }
    }

    private static TemporalValue.DateTime legacy(long localSeconds, int nanos, int offsetSeconds) {
        // Checks the seconds before a subtraction that might overflow.
        long seconds = new TemporalValue.LocalDateTime(localSeconds, nanos).seconds() - offsetSeconds;
        return new TemporalValue.DateTime(seconds, nanos, offsetSeconds);
    }

    private static GraphValue.Node node(PackStreamReader in, int fields) {
        require(fields, 3, 4);
        long id = in.integer();
        List<String> labels = in.texts();
        Map<String, @Nullable Object> properties = in.map();
        return new GraphValue.Node(id, labels, properties, elementId(in, fields == 4, id));
    }

    private static GraphValue.Relationship relationship(PackStreamReader in, int fields) {
        require(fields, 5, 8);
        long id = in.integer();
        long start = in.integer();
        long end = in.integer();
        String type = in.text();
        Map<String, @Nullable Object> properties = in.map();
        boolean elementIds = fields == 8;
        return new GraphValue.Relationship(
                id,
                start,
                end,
                type,
                properties,
                elementId(in, elementIds, id),
                elementId(in, elementIds, start),
                elementId(in, elementIds, end));
    }

    private static GraphValue.UnboundRelationship unbound(PackStreamReader in, int fields) {
        require(fields, 3, 4);
        long id = in.integer();
        String type = in.text();
        Map<String, @Nullable Object> properties = in.map();
        return new GraphValue.UnboundRelationship(id, type, properties, elementId(in, fields == 4, id));
    }

    private static GraphValue.Path path(PackStreamReader in, int fields) {
        require(fields, 3);
        return new GraphValue.Path(
                all(in, GraphValue.Node.class), all(in, GraphValue.UnboundRelationship.class), all(in, Long.class));
    }

    private static <T> List<T> all(PackStreamReader in, Class<T> type) {
        List<@Nullable Object> items = in.list();
        List<T> typed = new ArrayList<>(items.size());
        for (Object item : items) {
            if (!type.isInstance(item)) {
                throw PackStreamReader.bad("path: holds another value (expected: " + type.getSimpleName() + ")");
            }
            typed.add(type.cast(item));
        }
        return typed;
    }

    private static String elementId(PackStreamReader in, boolean sent, long id) {
        return sent ? in.text() : Long.toString(id);
    }

    private static void require(int fields, int... expected) {
        for (int count : expected) {
            if (fields == count) {
                return;
            }
        }
        throw PackStreamReader.bad("fields: " + fields + " (expected: " + expected[expected.length - 1] + ")");
    }
}
