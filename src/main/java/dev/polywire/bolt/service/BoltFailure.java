package dev.polywire.bolt.service;

import dev.polywire.bolt.client.BoltException;
import dev.polywire.bolt.wire.BoltResponse;
import dev.polywire.bolt.wire.FailureKind;
import dev.polywire.core.bus.request.Failure;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The failure for a caller: one of the table, with the server's code and message when the server refused the request. */
final class BoltFailure {

    /** The server stopped the query at its timeout, and undid it. */
    private static final Set<String> TIMED_OUT = Set.of(
            "Neo.ClientError.Transaction.TransactionTimedOut",
            "Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration");

    private BoltFailure() {}

    static ServiceException of(Throwable cause) {
        return cause instanceof BoltException refused ? refused(refused) : Failure.of(cause, BoltFailure::said);
    }

    /** The same for one of several statements; those before it are done. */
    static ServiceException at(int statement, Throwable cause) {
        ServiceException one = of(cause);
        JsonObject known = one.getDebugInfo();
        JsonObject server = known.getJsonObject("server", new JsonObject()).put("statement", statement);
        boolean first = statement == 0;
        Failure failure = Failure.of(one.failureCode());
        return (failure == null ? Failure.INTERNAL : failure)
                .because(
                        "statements[" + statement + "]: " + one.getMessage(),
                        first && known.getBoolean("retryable"),
                        !first || known.getBoolean("mayHaveExecuted"),
                        server);
    }

    private static ServiceException refused(BoltException refused) {
        BoltResponse.Failure said = refused.failure();
        FailureKind kind = refused.kind();
        Failure failure = TIMED_OUT.contains(said.code())
                ? Failure.TIMEOUT
                : switch (kind) {
                    case UNAUTHENTICATED, LOGIN_EXPIRED -> Failure.UNAUTHENTICATED;
                    case FORBIDDEN -> Failure.FORBIDDEN;
                    case NOT_FOUND -> Failure.NOT_FOUND;
                    default -> Failure.REFUSED_BY_SERVER;
                };
        return failure.because(refused.getMessage(), kind.isRetryable(), false, words(said));
    }

    /** A cause within a cause is a map within a map; the reader has limited the depth. */
    private static JsonObject words(BoltResponse.Failure said) {
        JsonObject words = new JsonObject().put("code", said.code()).put("message", said.message());
        if (said.gqlStatus() != null) {
            words.put("gqlStatus", said.gqlStatus());
        }
        if (said.description() != null) {
            words.put("description", said.description());
        }
        if (!said.diagnostics().isEmpty()) {
            words.put("diagnostics", TypedJson.fields(said.diagnostics()));
        }
        if (said.cause() != null) {
            words.put("cause", words(said.cause()));
        }
        return words;
    }

    private static @Nullable JsonObject said(Throwable refusal) {
        return refusal instanceof BoltException refused ? words(refused.failure()) : null;
    }
}
