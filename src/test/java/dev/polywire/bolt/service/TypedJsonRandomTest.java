package dev.polywire.bolt.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.bolt.wire.BoltLimits;
import dev.polywire.bolt.wire.BoltVersion;
import dev.polywire.bolt.wire.PackStreamReader;
import dev.polywire.bolt.wire.PackStreamWriter;
import dev.polywire.bolt.wire.Point;
import dev.polywire.bolt.wire.TemporalValue;
import dev.polywire.bolt.wire.ValueDialect;
import dev.polywire.bolt.wire.Vector;
import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.StrictJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Values made by chance: there and back through JSON text they are the same, whichever way they became JSON. */
class TypedJsonRandomTest {

    private static final int VALUES = 50_000;
    private static final long GREATEST_SECONDS = 31_000_000_000_000_000L;
    private static final String[] NAMES = {"a", "$type", "_value", "", "$x", "ü"};
    private static final String[] ZONES = {"Europe/Paris", "Mars/Olympus", "UTC"};

    private final Random random = new Random(20_261_121);

    @Test
    void thereAndBack() {
        ValueDialect dialect = ValueDialect.of(BoltVersion.V6_1);
        StrictJson json = new StrictJson(1_000);
        for (int i = 0; i < VALUES; i++) {
            Object value = value(4);
            JsonObject typed = new JsonObject().put("it", TypedJson.value(value));
            JsonObject text = (JsonObject) json.read(typed.toBuffer());
            assertEquals(value, TypedJson.parameters("p", text).get("it"), typed::encode);

            Buffer packed = new PackStreamWriter(dialect, Integer.MAX_VALUE)
                    .value(value)
                    .take();
            Object direct = ValueToJson.next(new PackStreamReader(packed, dialect, BoltLimits.DEFAULT));
            assertEquals(typed.encode(), new JsonObject().put("it", direct).encode());
        }
    }

    /** What is in the way of a type is complained of, or is another value; nothing else happens. */
    @Test
    void changedText() {
        List<JsonObject> typed = new ArrayList<>();
        while (typed.size() < 1_000) {
            if (TypedJson.value(value(0)) instanceof JsonObject each && each.getValue("_value") instanceof String) {
                typed.add(each);
            }
        }
        for (int i = 0; i < VALUES; i++) {
            JsonObject each = typed.get(random.nextInt(typed.size())).copy();
            StringBuilder text = new StringBuilder(each.getString("_value"));
            int at = random.nextInt(text.length() + 1);
            text.replace(
                    at,
                    Math.min(text.length(), at + random.nextInt(3)),
                    "PTZ+-:.[]( 9".charAt(random.nextInt(12)) + "");
            JsonObject parameters = new JsonObject().put("it", each.put("_value", text.toString()));
            try {
                TypedJson.parameters("p", parameters);
            } catch (FieldException bad) {
                assertEquals("p.it", bad.path());
            }
        }
        assertThrows(FieldException.class, () -> TypedJson.parameters("p", new JsonObject("{\"it\":{\"$type\":1}}")));
    }

    private Object value(int depth) {
        return switch (random.nextInt(depth == 0 ? 16 : 19)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextLong() >> random.nextInt(64);
            case 3 -> Double.longBitsToDouble(random.nextLong());
            case 4 -> new String[] {"", "text", "\ud83d\ude00\0\n\"", "1"}[random.nextInt(4)];
            case 5 -> Buffer.buffer(bytes(random.nextInt(20)));
            case 6 -> new TemporalValue.Date(random.nextLong(-365_000_000_000L, 365_000_000_000L));
            case 7 -> new TemporalValue.Time(nanosOfDay(), random.nextInt(-64_800, 64_801));
            case 8 -> new TemporalValue.LocalTime(nanosOfDay());
            case 9 -> new TemporalValue.LocalDateTime(seconds(), nanos());
            case 10 -> new TemporalValue.DateTime(seconds(), nanos(), random.nextInt(-64_800, 64_801));
            case 11 -> new TemporalValue.DateTimeZoneId(seconds(), nanos(), ZONES[random.nextInt(3)]);
            case 12 -> duration();
            case 13 -> new Point.Point2D(random.nextInt(10_000), random.nextGaussian(), Double.POSITIVE_INFINITY);
            case 14 -> new Point.Point3D(4_979, random.nextInt(), random.nextDouble(), -0.0);
            case 15 -> random.nextBoolean() ? new UUID(random.nextLong(), random.nextLong()) : vector();
            case 16 -> list(depth - 1);
            default -> map(depth - 1);
        };
    }

    private TemporalValue.Duration duration() {
        return new TemporalValue.Duration(
                random.nextLong() >> random.nextInt(64),
                random.nextLong() >> random.nextInt(64),
                random.nextLong() >> random.nextInt(64),
                nanos());
    }

    private Vector vector() {
        Vector.Element element = Vector.Element.values()[random.nextInt(6)];
        // Bits of a NaN are not kept: one is as good as another.
        byte[] bytes = bytes(16);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] &= 0x3f;
        }
        return new Vector(element, Buffer.buffer(bytes));
    }

    private List<Object> list(int depth) {
        List<Object> list = new ArrayList<>();
        for (int left = random.nextInt(4); left > 0; left--) {
            list.add(value(depth));
        }
        return list;
    }

    private Map<String, Object> map(int depth) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int left = random.nextInt(4); left > 0; left--) {
            map.put(NAMES[random.nextInt(NAMES.length)], value(depth));
        }
        return map;
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private long nanosOfDay() {
        return random.nextLong(86_400_000_000_000L);
    }

    private long seconds() {
        return random.nextBoolean() ? random.nextInt() : random.nextLong(-GREATEST_SECONDS, GREATEST_SECONDS);
    }

    private int nanos() {
        return random.nextBoolean() ? 0 : random.nextInt(1_000_000_000);
    }
}
