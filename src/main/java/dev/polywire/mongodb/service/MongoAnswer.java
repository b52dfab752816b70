package dev.polywire.mongodb.service;

import dev.polywire.core.bus.Failure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Set;

/** What a server's answer means to a caller: its document, or a failure. */
final class MongoAnswer {

    /** Labels by which a server says that the same command may succeed later. */
    private static final Set<String> RETRYABLE_LABELS =
            Set.of("RetryableWriteError", "RetryableError", "TransientTransactionError", "SystemOverloadedError");

    /**
     * Codes of a server that is not primary, or no longer, or not yet: the retryable errors of the retryable reads
     * specification that are not about the network.
     */
    private static final Set<Integer> RETRYABLE_CODES =
            Set.of(91, 134, 189, 262, 10_107, 11_600, 11_602, 13_435, 13_436);

    private static final int MAX_TIME_EXPIRED = 50;

    private MongoAnswer() {}

    /** @return {@code answer}, or throws REFUSED_BY_SERVER or TIMEOUT */
    static JsonObject accepted(JsonObject answer) {
        if (!ok(answer)) {
            throw refused(answer);
        }
        if (answer.containsKey("writeErrors") || answer.containsKey("writeConcernError")) {
            throw partlyRefused(answer);
        }
        return answer;
    }

    private static RuntimeException refused(JsonObject answer) {
        int code = integer(answer.getValue("code"));
        String why = answer.getString("errmsg", "no reason given");
        if (code == MAX_TIME_EXPIRED) {
            return Failure.TIMEOUT.because(why, false, true, answer);
        }
        boolean retryable = RETRYABLE_CODES.contains(code) || labelled(answer);
        return Failure.REFUSED_BY_SERVER.because(why, retryable, false, answer);
    }

    /** Some of a batch was written and some was not, or it was written here and not where it should be too. */
    private static RuntimeException partlyRefused(JsonObject answer) {
        JsonArray errors = answer.getJsonArray("writeErrors", new JsonArray());
        JsonObject first = errors.isEmpty() ? answer.getJsonObject("writeConcernError") : errors.getJsonObject(0);
        boolean written = errors.isEmpty() || integer(answer.getValue("n")) > 0;
        return Failure.REFUSED_BY_SERVER.because(
                first.getString("errmsg", "no reason given"), labelled(answer), written, answer);
    }

    private static boolean labelled(JsonObject answer) {
        return answer.getValue("errorLabels") instanceof JsonArray labels
                && labels.stream().anyMatch(RETRYABLE_LABELS::contains);
    }

    private static boolean ok(JsonObject answer) {
        Object ok = answer.getValue("ok");
        return Boolean.TRUE.equals(ok) || integer(ok) == 1;
    }

    /** A number in either form of Extended JSON, else 0. */
    private static int integer(@org.jspecify.annotations.Nullable Object value) {
        if (value instanceof JsonObject typed && typed.size() == 1) {
            Object text = typed.iterator().next().getValue();
            return text instanceof String digits && digits.matches("-?[0-9]{1,9}(\\.0)?")
                    ? (int) Double.parseDouble(digits)
                    : 0;
        }
        return value instanceof Number number ? number.intValue() : 0;
    }
}
