package dev.polywire.core.bus.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.net.CallException;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.LoggedTraces;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.Arrays;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of failures is a promise to every caller in every language: it does not change. */
class FailureTest {

    /** code, name, retryable, may have executed. */
    private static final String TABLE = """
            4400 BAD_REQUEST no no
            4401 UNAUTHENTICATED no no
            4403 FORBIDDEN no no
            4404 NOT_FOUND no no
            4408 TIMEOUT no yes
            4409 CONFLICT no no
            4413 LIMIT_EXCEEDED no no
            4429 OVERLOADED yes no
            4499 CANCELLED no yes
            4500 INTERNAL no yes
            4502 REFUSED_BY_SERVER no no
            4503 UNAVAILABLE yes no
            4504 CONNECTION_LOST yes no
            4505 UNKNOWN_OUTCOME no yes
            4520 PROTOCOL_VIOLATION no yes
            4530 SHUTTING_DOWN yes no
            4531 NODE_LOST no yes
            """;

    private static final int MAX_CHARACTERS = 1_024;

    @Test
    void theTableIsComplete() {
        String table = Arrays.stream(Failure.values())
                .map(each -> each.code() + " " + each + " " + word(each.retryable()) + " "
                        + word(each.mayHaveExecuted()) + "\n")
                .collect(Collectors.joining());
        assertEquals(TABLE, table);
    }

    @ParameterizedTest
    @EnumSource
    void aFailureSaysWhatItIs(Failure failure) {
        ServiceException said = failure.because("why");
        assertEquals(failure.code(), said.failureCode());
        assertEquals("why", said.getMessage());
        assertEquals(
                new JsonObject()
                        .put("name", failure.name())
                        .put("retryable", failure.retryable())
                        .put("mayHaveExecuted", failure.mayHaveExecuted()),
                said.getDebugInfo());
        assertSame(failure, Failure.of(failure.code()));
        assertSame(said, Failure.of(said));
    }

    @Test
    void theServersWordsStandBesides() {
        JsonObject server = new JsonObject().put("code", 11_000);
        JsonObject said = Failure.REFUSED_BY_SERVER
                .because("duplicate", true, true, server)
                .getDebugInfo();
        assertEquals(
                new JsonObject()
                        .put("name", "REFUSED_BY_SERVER")
                        .put("retryable", true)
                        .put("mayHaveExecuted", true)
                        .put("server", server),
                said);
    }

    @ParameterizedTest
    @EnumSource
    void everyReasonOfACallHasItsFailure(CallException.Reason reason) {
        ServiceException said = Failure.of(new CallException(reason, "why"));
        assertEquals(reason.name(), said.getDebugInfo().getString("name"));
        assertEquals("why", said.getMessage());
    }

    static Stream<Arguments> causes() {
        return Stream.of(
                Arguments.of(new FieldException("a.b", "missing"), Failure.BAD_REQUEST, "a.b: missing", false),
                Arguments.of(ProtocolException.framing("x"), Failure.PROTOCOL_VIOLATION, "x", true),
                Arguments.of(ProtocolException.decode("x"), Failure.PROTOCOL_VIOLATION, "x", true),
                Arguments.of(ProtocolException.limit("x"), Failure.LIMIT_EXCEEDED, "x", true),
                Arguments.of(
                        new ReplyException(ReplyFailure.TIMEOUT, "Timed out after waiting 9(ms) for a reply"),
                        Failure.TIMEOUT,
                        "no answer from the bus by the deadline",
                        true),
                Arguments.of(
                        new ReplyException(
                                ReplyFailure.TIMEOUT, "Discarded the request. address: r, repliedAddress: polywire.a"),
                        Failure.SHUTTING_DOWN,
                        "the service left",
                        false),
                Arguments.of(
                        new ReplyException(
                                ReplyFailure.TIMEOUT, "Discarded the request. address: r, repliedAddress: a"),
                        Failure.OVERLOADED,
                        "the consumer at the address is paused and takes no more",
                        false),
                Arguments.of(
                        new CompletionException(new ExecutionException(Failure.NOT_FOUND.because("gone"))),
                        Failure.NOT_FOUND,
                        "gone",
                        false),
                Arguments.of(
                        new CompletionException(new FieldException("a.b", "missing")),
                        Failure.BAD_REQUEST,
                        "a.b: missing",
                        false),
                Arguments.of(
                        new ReplyException(ReplyFailure.NO_HANDLERS, "No handlers for address a"),
                        Failure.UNAVAILABLE,
                        "nobody at the address",
                        false),
                Arguments.of(
                        new ReplyException(ReplyFailure.ERROR, "no message codec"),
                        Failure.BAD_REQUEST,
                        "body: the node at the address cannot decode it",
                        false),
                Arguments.of(
                        new ReplyException(ReplyFailure.RECIPIENT_FAILURE, -1, "secret"),
                        Failure.INTERNAL,
                        "failure -1",
                        true),
                Arguments.of(new ServiceException(-1, "secret"), Failure.INTERNAL, "internal error", true),
                Arguments.of(new ServiceException(500, "secret"), Failure.INTERNAL, "internal error", true),
                Arguments.of(new IllegalStateException("secret"), Failure.INTERNAL, "internal error", true));
    }

    @ParameterizedTest
    @MethodSource("causes")
    void everyCauseHasAFailure(Throwable cause, Failure failure, String why, boolean mayHaveExecuted) {
        ServiceException said;
        try (LoggedTraces log = new LoggedTraces()) {
            said = Failure.of(cause);
        }
        assertEquals(failure.code(), said.failureCode());
        assertEquals(failure.name(), said.getDebugInfo().getString("name"));
        assertEquals(mayHaveExecuted, said.getDebugInfo().getBoolean("mayHaveExecuted"));
        assertEquals(why, said.getMessage());
    }

    @Test
    void whatNobodyExpectedIsLogged() {
        try (LoggedTraces log = new LoggedTraces()) {
            Failure.of(new IllegalStateException("kept here"));
            Failure.of(new FieldException("a", "missing"));
            assertEquals(1, log.traces().size());
            assertTrue(log.traces().get(0).endsWith("kept here"), log.traces()::toString);
        }
    }

    static Stream<Arguments> texts() {
        return Stream.of(
                Arguments.of("a\r\nb\tc\u0000d\u007fe\u0085f", "a\\u000d\\u000ab\\u0009c\\u0000d\\u007fe\\u0085f"),
                Arguments.of("a\u2028b\u2029c", "a\\u2028b\\u2029c"),
                Arguments.of("gr\u00fc\u00df \ud83d\ude00", "gr\u00fc\u00df \ud83d\ude00"),
                Arguments.of("a\ud83d \ude00\ud83d", "a\\ud83d \\ude00\\ud83d"),
                Arguments.of("", ""),
                Arguments.of(null, ""),
                Arguments.of("x".repeat(MAX_CHARACTERS), "x".repeat(MAX_CHARACTERS)),
                Arguments.of("x".repeat(MAX_CHARACTERS + 1), "x".repeat(MAX_CHARACTERS)),
                Arguments.of("x".repeat(MAX_CHARACTERS - 1) + "\n", "x".repeat(MAX_CHARACTERS - 1)),
                Arguments.of("x".repeat(MAX_CHARACTERS - 1) + "\ud83d\ude00", "x".repeat(MAX_CHARACTERS - 1)));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void aTextFitsOnALine(String text, String shown) {
        assertEquals(shown, Failure.INTERNAL.because(text).getMessage());
    }

    private static String word(boolean flag) {
        return flag ? "yes" : "no";
    }
}
