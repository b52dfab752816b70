package dev.polywire.bolt.service;

import dev.polywire.bolt.wire.TemporalValue;
import dev.polywire.bolt.wire.TemporalValue.Date;
import dev.polywire.bolt.wire.TemporalValue.DateTime;
import dev.polywire.bolt.wire.TemporalValue.DateTimeZoneId;
import dev.polywire.bolt.wire.TemporalValue.Duration;
import dev.polywire.bolt.wire.TemporalValue.LegacyDateTimeZoneId;
import dev.polywire.bolt.wire.TemporalValue.LocalDateTime;
import dev.polywire.bolt.wire.TemporalValue.LocalTime;
import dev.polywire.bolt.wire.TemporalValue.Time;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;

/** Dates, times and durations as ISO 8601. */
final class TemporalText {

    private TemporalText() {}

    static JsonObject of(TemporalValue value) {
        if (value instanceof Date date) {
            return ValueToJson.typed("Date", date.toLocalDate().toString());
        } else if (value instanceof Time time) {
            return ValueToJson.typed("Time", time.toOffsetTime().toString());
        } else if (value instanceof LocalTime time) {
            return ValueToJson.typed("LocalTime", time.toLocalTime().toString());
        } else if (value instanceof LocalDateTime time) {
            return ValueToJson.typed("LocalDateTime", time.toLocalDateTime().toString());
        } else if (value instanceof DateTime time) {
            return ValueToJson.typed("OffsetDateTime", time.toOffsetDateTime().toString());
        } else if (value instanceof DateTimeZoneId time) {
            return ValueToJson.typed("ZonedDateTime", zoned(time));
        } else if (value instanceof LegacyDateTimeZoneId time) {
            return ValueToJson.typed("ZonedDateTime", zoned(time));
        }
        return ValueToJson.typed("Duration", DurationText.of((Duration) value));
    }

    /**
     * The value of a type, null when the type is not temporal.
     *
     * @throws DateTimeException when it cannot be parsed
     * @throws ArithmeticException when it is too large
     * @throws IllegalArgumentException when it is too large for the protocol, or malformed
     */
    static @Nullable TemporalValue parse(String type, String text) {
        return switch (type) {
            case "Date" -> Date.of(LocalDate.parse(text));
            case "Time" -> Time.of(OffsetTime.parse(text));
            case "LocalTime" -> LocalTime.of(java.time.LocalTime.parse(text));
            case "LocalDateTime" -> LocalDateTime.of(java.time.LocalDateTime.parse(text));
            case "OffsetDateTime" -> DateTime.of(OffsetDateTime.parse(text));
            case "ZonedDateTime" -> zoned(text);
            case "Duration" -> DurationText.parse(text);
            default -> null;
        };
    }

    /** If this JVM does not know the zone, the time is still given, in UTC. */
    private static String zoned(DateTimeZoneId time) {
        OffsetDateTime at;
        try {
            at = time.toZonedDateTime().toOffsetDateTime();
        } catch (DateTimeException unknown) {
            at = Instant.ofEpochSecond(time.seconds(), time.nanos()).atOffset(ZoneOffset.UTC);
        }
        return at + "[" + time.zone() + "]";
    }

    /** If this JVM does not know the zone, only the local time is given. */
    private static String zoned(LegacyDateTimeZoneId time) {
        try {
            return time.toZonedDateTime().toOffsetDateTime() + "[" + time.zone() + "]";
        } catch (DateTimeException unknown) {
            return new LocalDateTime(time.localSeconds(), time.nanos()).toLocalDateTime() + "[" + time.zone() + "]";
        }
    }

    /** If the text has offset and zone, the offset determines the instant; the server resolves the zone. */
    private static TemporalValue zoned(String text) {
        int bracket = text.indexOf('[');
        if (bracket < 0) {
            return DateTime.of(OffsetDateTime.parse(text));
        }
        String zone = text.substring(bracket + 1, Math.max(bracket + 1, text.length() - 1));
        if (zone.isEmpty() || zone.indexOf('[') >= 0 || !text.endsWith("]")) {
            throw new DateTimeException("zone: malformed (expected: in brackets, at the end)");
        }
        String time = text.substring(0, bracket);
        if (!isOffset(time)) {
            return local(java.time.LocalDateTime.parse(time), zone);
        }
        OffsetDateTime at = OffsetDateTime.parse(time);
        return new DateTimeZoneId(at.toEpochSecond(), at.getNano(), zone);
    }

    private static boolean isOffset(String time) {
        int clock = time.indexOf('T');
        return time.endsWith("Z") || time.indexOf('+', clock) > clock || time.indexOf('-', clock) > clock;
    }

    private static TemporalValue local(java.time.LocalDateTime time, String zone) {
        try {
            return DateTimeZoneId.of(ZonedDateTime.of(time, java.time.ZoneId.of(zone)));
        } catch (DateTimeException unknown) {
            return new LegacyDateTimeZoneId(time.toEpochSecond(ZoneOffset.UTC), time.getNano(), zone);
        }
    }
}
