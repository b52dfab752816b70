package dev.polywire.bridge;

import dev.polywire.core.bus.request.RequestTable;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The headers of a {@code send}. Names are ASCII and compared without case, as on the bus: otherwise the
 * permissions could read {@code Action} and the service {@code action} of the same frame.
 *
 * @param values all except {@code timeout}, looked up without case
 * @param timeoutMillis the requested timeout, of any size and sign; null: absent
 */
record BridgeHeaders(Map<String, String> values, @Nullable Long timeoutMillis) {

    static final int MAX_HEADERS = 64;
    static final int MAX_NAME_CHARACTERS = 200;
    /** Names and values together. */
    static final int MAX_CHARACTERS = 16 * 1024;

    /** These headers control how a message is delivered, and for which caller. In lower case. */
    private static final Set<String> OURS = Set.of("codecname", "localonly", RequestTable.CALLER);
    /** A longer text is not accepted as a number of milliseconds, whatever its value. */
    private static final String INTEGER = "-?[0-9]{1,40}";

    private static final BigInteger MAX_INT64 = BigInteger.valueOf(Long.MAX_VALUE);
    private static final BigInteger MIN_INT64 = BigInteger.valueOf(Long.MIN_VALUE);

    BridgeHeaders {
        values = Collections.unmodifiableMap(values);
    }

    /** The header {@code action}, or null. */
    @Nullable
    String action() {
        return values.get("action");
    }

    /** @param value the field of the frame; null reads like an empty object */
    static BridgeHeaders read(@Nullable Object value) {
        Map<String, String> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        if (value == null) {
            return new BridgeHeaders(values, null);
        }
        if (!(value instanceof JsonObject json)) {
            throw bad("headers: not an object (expected: an object of strings)");
        }
        if (json.size() > MAX_HEADERS) {
            throw bad("headers: " + json.size() + " (expected: <= " + MAX_HEADERS + ")");
        }
        Long timeoutMillis = null;
        int characters = 0;
        for (String name : json.fieldNames()) {
            checkName(name);
            Object each = json.getValue(name);
            if (name.equalsIgnoreCase(RequestTable.TIMEOUT) && timeoutMillis == null) {
                timeoutMillis = millis(each);
            } else if (!(each instanceof String text)) {
                throw bad("headers: a value is not a string (expected: an object of strings)");
            } else if (name.equalsIgnoreCase(RequestTable.TIMEOUT) || values.put(name, text) != null) {
                throw bad("headers: a name twice (expected: names that differ by more than case)");
            } else {
                characters += name.length() + text.length();
            }
        }
        if (characters > MAX_CHARACTERS) {
            throw bad("headers: " + characters + " characters (expected: <= " + MAX_CHARACTERS + ")");
        }
        return new BridgeHeaders(values, timeoutMillis);
    }

    private static void checkName(String name) {
        if (name.isEmpty()
                || name.length() > MAX_NAME_CHARACTERS
                || !name.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw bad("headers: a name is not 1 to " + MAX_NAME_CHARACTERS + " printable ASCII characters");
        }
        for (String ours : OURS) {
            if (ours.equalsIgnoreCase(name)) {
                throw new RefusedException(Refusal.FORBIDDEN_HEADER, "headers." + ours + ": set by the bridge only");
            }
        }
    }

    /** A value out of range is not an error: it is brought into range later. */
    private static Long millis(@Nullable Object value) {
        BigInteger number = null;
        if (value instanceof Integer || value instanceof Long) {
            number = BigInteger.valueOf(((Number) value).longValue());
        } else if (value instanceof BigInteger big) {
            number = big;
        } else if (value instanceof String text && text.matches(INTEGER)) {
            number = new BigInteger(text);
        }
        if (number == null) {
            throw bad("headers.timeout: not a number of milliseconds (expected: an integer, or integer text)");
        }
        return number.min(MAX_INT64).max(MIN_INT64).longValue();
    }

    private static RefusedException bad(String detail) {
        return new RefusedException(Refusal.BAD_HEADERS, detail);
    }
}
