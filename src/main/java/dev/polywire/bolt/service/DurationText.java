package dev.polywire.bolt.service;

import dev.polywire.bolt.wire.TemporalValue.Duration;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as ISO 8601, each part with its own sign: {@code P1Y-2M3DT4H5M-6.7S}. */
final class DurationText {

    private static final String WHOLE = "([-+]?[0-9]{1,19})";
    private static final Pattern DURATION = Pattern.compile("P(?=.)(?:" + WHOLE + "Y)?(?:" + WHOLE + "M)?(?:" + WHOLE
            + "W)?(?:" + WHOLE + "D)?(?:T(?=.)(?:" + WHOLE + "H)?(?:" + WHOLE
            + "M)?(?:([-+]?[0-9]{1,19}(?:\\.[0-9]{1,9})?)S)?)?");

    private DurationText() {}

    static String of(Duration duration) {
        StringBuilder text = new StringBuilder("P");
        part(text, duration.months() / 12, "Y");
        part(text, duration.months() % 12, "M");
        part(text, duration.days(), "D");
        BigDecimal seconds = BigDecimal.valueOf(duration.seconds()).add(BigDecimal.valueOf(duration.nanos(), 9));
        BigInteger minutes = seconds.toBigInteger().divide(BigInteger.valueOf(60));
        BigDecimal rest = seconds.subtract(new BigDecimal(minutes.multiply(BigInteger.valueOf(60))));
        StringBuilder clock = new StringBuilder("T");
        part(clock, minutes.longValueExact() / 60, "H");
        part(clock, minutes.longValueExact() % 60, "M");
        if (rest.signum() != 0) {
            clock.append(rest.stripTrailingZeros().toPlainString()).append('S');
        }
        if (clock.length() > 1) {
            text.append(clock);
        }
        return text.length() > 1 ? text.toString() : "PT0S";
    }

    /** @throws ArithmeticException when a part is beyond 64 bits */
    static Duration parse(String text) {
        Matcher parts = DURATION.matcher(text);
        if (!parts.matches()) {
            throw new DateTimeException("malformed (expected: ISO 8601)");
        }
        BigInteger months = whole(parts, 1, 12).add(whole(parts, 2, 1));
        BigInteger days = whole(parts, 3, 7).add(whole(parts, 4, 1));
        BigDecimal seconds = new BigDecimal(whole(parts, 5, 3_600).add(whole(parts, 6, 60)))
                .add(parts.group(7) == null ? BigDecimal.ZERO : new BigDecimal(parts.group(7)));
        BigInteger nanos = seconds.movePointRight(9).toBigIntegerExact();
        BigInteger second = BigInteger.valueOf(1_000_000_000);
        BigInteger rest = nanos.mod(second);
        return new Duration(
                months.longValueExact(),
                days.longValueExact(),
                nanos.subtract(rest).divide(second).longValueExact(),
                rest.intValueExact());
    }

    private static void part(StringBuilder text, long value, String unit) {
        if (value != 0) {
            text.append(value).append(unit);
        }
    }

    private static BigInteger whole(Matcher parts, int group, int factor) {
        String digits = parts.group(group);
        return digits == null ? BigInteger.ZERO : new BigInteger(digits).multiply(BigInteger.valueOf(factor));
    }
}
