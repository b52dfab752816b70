package dev.polywire.core.bus.binding;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.bus.stream.Rejection;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole table: what each failure at the address means for the item. */
class DeliveryOutcomeTest {

    /** Only what says that nobody had the item, or that it may succeed later, is sent again. */
    @Test
    void ofEachFailureOfOurs() {
        Map<DeliveryOutcome, String> table = new TreeMap<>(Map.of(
                DeliveryOutcome.REJECTED,
                "BAD_REQUEST UNAUTHENTICATED FORBIDDEN NOT_FOUND CONFLICT LIMIT_EXCEEDED CANCELLED INTERNAL"
                        + " REFUSED_BY_SERVER UNKNOWN_OUTCOME PROTOCOL_VIOLATION",
                DeliveryOutcome.REQUEUED,
                "UNAVAILABLE CONNECTION_LOST",
                DeliveryOutcome.TIMED_OUT,
                "TIMEOUT",
                DeliveryOutcome.NO_ANSWER,
                "OVERLOADED SHUTTING_DOWN NODE_LOST"));
        assertEquals(
                table,
                Arrays.stream(Failure.values())
                        .collect(Collectors.groupingBy(
                                failure -> DeliveryOutcome.of(failure.because("no")),
                                TreeMap::new,
                                Collectors.mapping(Failure::name, Collectors.joining(" ")))));
    }

    /** Other services answer with codes that say nothing about another attempt: an item that is sent again goes round for ever. */
    @ParameterizedTest
    @ValueSource(ints = {500, -1, 0, 1, 7, 404, 503, 4501, 4599, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void aStrangersCodeRejectsUnlessItSaysMore(int code) {
        assertEquals(DeliveryOutcome.REJECTED, of(ReplyFailure.RECIPIENT_FAILURE, code));
        assertEquals(DeliveryOutcome.REJECTED, said(code, new JsonObject().put("causeName", "java.lang.Exception")));
        assertEquals(DeliveryOutcome.REJECTED, said(code, new JsonObject().put("retryable", "true")));
        assertEquals(DeliveryOutcome.REJECTED, said(code, new JsonObject().put("retryable", false)));
        assertEquals(DeliveryOutcome.REQUEUED, said(code, new JsonObject().put("retryable", true)));
    }

    @ParameterizedTest
    @CsvSource({"NO_HANDLERS,NO_ANSWER", "TIMEOUT,TIMED_OUT", "ERROR,REJECTED"})
    void ofTheBussOwn(ReplyFailure type, DeliveryOutcome outcome) {
        assertEquals(outcome, of(type, -1));
    }

    @Test
    void whatTheBusDiscardedOrCannotCarry() {
        assertEquals(
                DeliveryOutcome.NO_ANSWER,
                DeliveryOutcome.of(new ReplyException(ReplyFailure.TIMEOUT, "Discarded the request. address: a")));
        assertEquals(DeliveryOutcome.REJECTED, DeliveryOutcome.of(new IllegalArgumentException("no codec")));
    }

    /** A protocol that writes UTF-8 cannot write half a surrogate pair, and the item would never be settled. */
    @Test
    void aReasonIsUnicodeAndNotTooLong() {
        String text = "x".repeat(Rejection.MAX_REASON_CHARS - 1);
        String pair = "\ud83d\ude00";
        assertEquals("bad " + pair, reason("bad " + pair));
        assertEquals(text, reason(text + pair));
        assertEquals(text.substring(1) + pair, reason(text.substring(1) + pair + "more"));
        assertEquals(text + "y", reason(text + "yz"));
        assertEquals("a?b?", reason("a\ude00b\ud83d"));
        assertEquals("?" + text, reason("\ud83d" + text + pair));
        assertEquals("null", reason(null));
    }

    private static String reason(String message) {
        return DeliveryOutcome.reason(new IllegalStateException(message));
    }

    private static DeliveryOutcome of(ReplyFailure type, int code) {
        return DeliveryOutcome.of(new ReplyException(type, code, "no"));
    }

    private static DeliveryOutcome said(int code, JsonObject debugInfo) {
        return DeliveryOutcome.of(new ServiceException(code, "no", debugInfo));
    }
}
