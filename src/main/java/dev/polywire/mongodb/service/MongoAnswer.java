package dev.polywire.mongodb.service;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.mongodb.wire.BsonElements;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns a server's answer into the caller's result: its document, or a failure. */
final class MongoAnswer {

    /** Labels with which a server reports that the same command may succeed later. */
    private static final Set<String> RETRYABLE_LABELS =
            Set.of("RetryableWriteError", "RetryableError", "TransientTransactionError", "SystemOverloadedError");

    /**
     * Codes of a server that is not primary, or no longer, or not yet: the retryable errors of the retryable reads
     * specification that are not about the network.
     */
    private static final Set<Integer> RETRYABLE_CODES =
            Set.of(91, 134, 189, 262, 10_107, 11_600, 11_602, 13_435, 13_436);

    /** Codes of a command that was stopped while it ran: ExceededTimeLimit and the three of interruption. */
    private static final Set<Integer> STOPPED_CODES = Set.of(262, 11_600, 11_601, 11_602);

    /** Codes of servers that do not have an operation any more: UnsupportedOpQueryCommand, and one without a name. */
    private static final Set<Integer> REMOVED_CODES = Set.of(352, 5_739_101);

    private static final int MAX_TIME_EXPIRED = 50;

    /** The types that {@link BsonElements#isTrue} treats as numbers. */
    private static final Set<String> NUMBERS = Set.of("$numberInt", "$numberLong", "$numberDouble");

    private static final String WRITE_ERRORS = "writeErrors";
    private static final String WRITE_CONCERN_ERROR = "writeConcernError";
    /** How many writes of a bulkWrite have failed; which, is in its cursor. */
    private static final String N_ERRORS = "nErrors";
    /** What a bulkWrite has done. */
    private static final List<String> DONE = List.of("nInserted", "nUpserted", "nModified", "nDeleted");

    private MongoAnswer() {}

    /**
     * @return {@code answer}, or throws REFUSED_BY_SERVER or TIMEOUT
     * @throws ProtocolException DECODE for a refusal whose parts are of wrong types
     */
    static JsonObject accepted(JsonObject answer) {
        if (!ok(answer)) {
            throw refused(answer, null);
        }
        if (integer(answer.getValue(N_ERRORS)) > 0) {
            throw bulkRefused(answer);
        }
        if (answer.containsKey(WRITE_ERRORS) || answer.containsKey(WRITE_CONCERN_ERROR)) {
            throw partlyRefused(answer);
        }
        return answer;
    }

    /** The same for a checked answer in bytes, which is converted to JSON only when it is a refusal. */
    static Buffer accepted(Buffer answer) {
        return accepted(answer, null);
    }

    /** The same. @param instead what to use when the server has no such operation, for people */
    static Buffer accepted(Buffer answer, @Nullable String instead) {
        boolean ok = false;
        boolean errors = false;
        BsonElements elements = new BsonElements(answer, 0);
        while (elements.next()) {
            errors |= elements.is(WRITE_ERRORS) || elements.is(WRITE_CONCERN_ERROR) || elements.is(N_ERRORS);
            ok = elements.is("ok") ? elements.isTrue() : ok;
        }
        if (!ok) {
            throw refused(ExtendedJson.decodeChecked(answer, false), instead);
        } else if (errors) {
            accepted(ExtendedJson.decodeChecked(answer, false));
        }
        return answer;
    }

    /** @param answer with {@code errmsg}, or with {@code $err} of an OP_REPLY @param instead as above */
    static RuntimeException refused(JsonObject answer, @Nullable String instead) {
        int code = integer(answer.getValue("code"));
        String why = text(answer.getValue(answer.containsKey("$err") ? "$err" : "errmsg"));
        if (instead != null && (REMOVED_CODES.contains(code) || why.contains("no longer supported"))) {
            why += " (" + instead + ")";
        }
        if (code == MAX_TIME_EXPIRED) {
            return Failure.TIMEOUT.because(why, false, true, answer);
        }
        boolean retryable = RETRYABLE_CODES.contains(code) || labelled(answer);
        return Failure.REFUSED_BY_SERVER.because(why, retryable, STOPPED_CODES.contains(code), answer);
    }

    /** A part of a batch was not written, or a write has not reached the members that its concern requires. */
    private static RuntimeException partlyRefused(JsonObject answer) {
        Object errors = answer.getValue(WRITE_ERRORS);
        boolean concern = errors == null || errors instanceof JsonArray none && none.isEmpty();
        Object first = concern ? answer.getValue(WRITE_CONCERN_ERROR) : first(errors);
        // In the canonical form a number is an object, too.
        if (!(first instanceof JsonObject error) || TypeWrapper.isTyped(error)) {
            throw ProtocolException.decode("write errors: not documents (expected: documents)");
        }
        boolean written = concern || integer(answer.getValue("n")) > 0;
        return Failure.REFUSED_BY_SERVER.because(text(error.getValue("errmsg")), labelled(answer), written, answer);
    }

    /** The same of a bulkWrite: its first failure is that of the first batch, unless it is in a later one. */
    private static RuntimeException bulkRefused(JsonObject answer) {
        boolean written = DONE.stream().anyMatch(each -> integer(answer.getValue(each)) > 0);
        return Failure.REFUSED_BY_SERVER.because(firstFailure(answer), labelled(answer), written, answer);
    }

    private static String firstFailure(JsonObject answer) {
        if (answer.getValue("cursor") instanceof JsonObject cursor
                && cursor.getValue("firstBatch") instanceof JsonArray results) {
            for (Object each : results) {
                if (each instanceof JsonObject result && !ok(result)) {
                    return text(result.getValue("errmsg"));
                }
            }
        }
        return text(null);
    }

    private static @Nullable Object first(@Nullable Object errors) {
        return errors instanceof JsonArray array ? array.getValue(0) : null;
    }

    private static boolean labelled(JsonObject answer) {
        return answer.getValue("errorLabels") instanceof JsonArray labels
                && labels.stream().anyMatch(RETRYABLE_LABELS::contains);
    }

    private static boolean ok(JsonObject answer) {
        Object ok = answer.getValue("ok");
        return Boolean.TRUE.equals(ok) || number(ok) != 0;
    }

    private static String text(@Nullable Object errmsg) {
        return errmsg instanceof String text ? text : "no reason given";
    }

    private static int integer(@Nullable Object value) {
        return (int) number(value);
    }

    /** A number in either form of Extended JSON, else 0. */
    private static double number(@Nullable Object value) {
        if (value instanceof JsonObject typed && typed.size() == 1) {
            Map.Entry<String, Object> only = typed.iterator().next();
            return NUMBERS.contains(only.getKey()) && only.getValue() instanceof String digits ? parsed(digits) : 0;
        }
        return value instanceof Number number ? number.doubleValue() : 0;
    }

    /** A stored document may look like a number without being one. */
    private static double parsed(String digits) {
        try {
            return Double.parseDouble(digits);
        } catch (NumberFormatException none) {
            return 0;
        }
    }
}
