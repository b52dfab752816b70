package dev.polywire.bolt.wire;

import dev.polywire.core.wire.Limits;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

/** Dates and times, as numbers; each converts to its {@code java.time} class and back. From Bolt 2 on. */
public sealed interface TemporalValue extends BoltStructure {

    @Override
    default BoltVersion since() {
        return BoltVersion.V2;
    }

    /** {@code days} since 1970-01-01 */
    record Date(long days) implements TemporalValue {

        public static final int TAG = 0x44;

        public Date {
            Limits.range("days", days, LocalDate.MIN.toEpochDay(), LocalDate.MAX.toEpochDay());
        }

        public static Date of(LocalDate date) {
            return new Date(date.toEpochDay());
        }

        public LocalDate toLocalDate() {
            return LocalDate.ofEpochDay(days);
        }

        @Override
        public void write(PackStreamWriter out) {
            out.structure(1, TAG).integer(days);
        }
    }

    /** {@code nanoseconds since local midnight, seconds east of UTC} */
    record Time(long nanosOfDay, int offsetSeconds) implements TemporalValue {

        public static final int TAG = 0x54;

        public Time {
            checkNanosOfDay(nanosOfDay);
            checkOffset(offsetSeconds);
        }

        public static Time of(OffsetTime time) {
            return new Time(time.toLocalTime().toNanoOfDay(), time.getOffset().getTotalSeconds());
        }

        public OffsetTime toOffsetTime() {
            return java.time.LocalTime.ofNanoOfDay(nanosOfDay).atOffset(ZoneOffset.ofTotalSeconds(offsetSeconds));
        }

        @Override
        public void write(PackStreamWriter out) {
            out.structure(2, TAG).integer(nanosOfDay).integer(offsetSeconds);
        }
    }

    /** {@code nanoseconds since midnight} */
    record LocalTime(long nanosOfDay) implements TemporalValue {

        public static final int TAG = 0x74;

        public LocalTime {
            checkNanosOfDay(nanosOfDay);
        }

        public static LocalTime of(java.time.LocalTime time) {
            return new LocalTime(time.toNanoOfDay());
        }

        public java.time.LocalTime toLocalTime() {
            return java.time.LocalTime.ofNanoOfDay(nanosOfDay);
        }

        @Override
        public void write(PackStreamWriter out) {
            out.structure(1, TAG).integer(nanosOfDay);
        }
    }

    /** {@code seconds since 1970-01-01T00:00, nanoseconds}, both without a zone */
    record LocalDateTime(long seconds, int nanos) implements TemporalValue {

        public static final int TAG = 0x64;

        public LocalDateTime {
            checkSeconds(seconds);
            checkNanos(nanos);
        }

        public static LocalDateTime of(java.time.LocalDateTime time) {
            return new LocalDateTime(time.toEpochSecond(ZoneOffset.UTC), time.getNano());
        }

        public java.time.LocalDateTime toLocalDateTime() {
            return java.time.LocalDateTime.ofEpochSecond(seconds, nanos, ZoneOffset.UTC);
        }

        @Override
        public void write(PackStreamWriter out) {
            out.structure(2, TAG).integer(seconds).integer(nanos);
        }
    }

    /**
     * {@code seconds since 1970-01-01T00:00Z, nanoseconds, seconds east of UTC}; before UTC dates the first number is the
     * sum of the first and the last.
     */
    record DateTime(long seconds, int nanos, int offsetSeconds) implements TemporalValue {

        public static final int TAG = 0x49;
        public static final int LEGACY_TAG = 0x46;

        public DateTime {
            checkSeconds(seconds);
            checkNanos(nanos);
            checkOffset(offsetSeconds);
            checkSeconds(seconds + offsetSeconds);
        }

        public static DateTime of(OffsetDateTime time) {
            return new DateTime(
                    time.toEpochSecond(), time.getNano(), time.getOffset().getTotalSeconds());
        }

        public OffsetDateTime toOffsetDateTime() {
            return java.time.LocalDateTime.ofEpochSecond(seconds + offsetSeconds, nanos, ZoneOffset.UTC)
                    .atOffset(ZoneOffset.ofTotalSeconds(offsetSeconds));
        }

        @Override
        public void write(PackStreamWriter out) {
            boolean utc = out.dialect().utcDates();
            out.structure(3, utc ? TAG : LEGACY_TAG)
                    .integer(utc ? seconds : seconds + offsetSeconds)
                    .integer(nanos)
                    .integer(offsetSeconds);
        }
    }

    /**
     * {@code seconds since 1970-01-01T00:00Z, nanoseconds, name of a zone}. This JVM may not know the zone.
     */
    record DateTimeZoneId(long seconds, int nanos, String zone) implements TemporalValue {

        public static final int TAG = 0x69;

        public DateTimeZoneId {
            checkSeconds(seconds);
            checkNanos(nanos);
        }

        public static DateTimeZoneId of(ZonedDateTime time) {
            return new DateTimeZoneId(
                    time.toEpochSecond(), time.getNano(), time.getZone().getId());
        }

        /** @throws DateTimeException when this JVM does not know the zone, or the time is out of its range */
        public ZonedDateTime toZonedDateTime() {
            return Instant.ofEpochSecond(seconds, nanos).atZone(ZoneId.of(zone));
        }

        @Override
        public void write(PackStreamWriter out) {
            if (out.dialect().utcDates()) {
                out.structure(3, TAG).integer(seconds).integer(nanos).text(zone);
            } else {
                LocalDateTime local = TemporalValue.known(
                        () -> LocalDateTime.of(toZonedDateTime().toLocalDateTime()));
                new LegacyDateTimeZoneId(local.seconds(), nanos, zone).writeLegacy(out);
            }
        }
    }

    /** The same before UTC dates, with the local time's seconds, which are ambiguous when clocks are set back. */
    record LegacyDateTimeZoneId(long localSeconds, int nanos, String zone) implements TemporalValue {

        public static final int TAG = 0x66;

        public LegacyDateTimeZoneId {
            checkSeconds(localSeconds);
            checkNanos(nanos);
        }

        /** @throws DateTimeException when this JVM does not know the zone */
        public ZonedDateTime toZonedDateTime() {
            return new LocalDateTime(localSeconds, nanos).toLocalDateTime().atZone(ZoneId.of(zone));
        }

        @Override
        public void write(PackStreamWriter out) {
            if (out.dialect().utcDates()) {
                TemporalValue.known(() -> DateTimeZoneId.of(toZonedDateTime())).write(out);
            } else {
                writeLegacy(out);
            }
        }

        private void writeLegacy(PackStreamWriter out) {
            out.structure(3, TAG).integer(localSeconds).integer(nanos).text(zone);
        }
    }

    /** {@code months, days, seconds, nanoseconds}, each independent of the others */
    record Duration(long months, long days, long seconds, int nanos) implements TemporalValue {

        public static final int TAG = 0x45;

        public static Duration of(Period period) {
            return new Duration(period.toTotalMonths(), period.getDays(), 0, 0);
        }

        public static Duration of(java.time.Duration duration) {
            return new Duration(0, 0, duration.getSeconds(), duration.getNano());
        }

        @Override
        public void write(PackStreamWriter out) {
            out.structure(4, TAG).integer(months).integer(days).integer(seconds).integer(nanos);
        }
    }

    private static void checkNanosOfDay(long value) {
        Limits.range("nanosOfDay", value, 0, java.time.LocalTime.MAX.toNanoOfDay());
    }

    private static void checkNanos(int value) {
        Limits.range("nanos", value, 0, 999_999_999);
    }

    private static void checkOffset(int value) {
        int most = ZoneOffset.MAX.getTotalSeconds();
        Limits.range("offsetSeconds", value, -most, most);
    }

    private static void checkSeconds(long value) {
        Limits.range(
                "seconds",
                value,
                java.time.LocalDateTime.MIN.toEpochSecond(ZoneOffset.UTC),
                java.time.LocalDateTime.MAX.toEpochSecond(ZoneOffset.UTC));
    }

    private static <T> T known(java.util.function.Supplier<T> conversion) {
        try {
            return conversion.get();
        } catch (DateTimeException unknown) {
            throw PackStreamReader.bad("zone: not known here (expected: one that is, before UTC dates)");
        }
    }
}
