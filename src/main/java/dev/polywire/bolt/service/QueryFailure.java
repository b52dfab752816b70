package dev.polywire.bolt.service;

import dev.polywire.bolt.client.BoltException;
import dev.polywire.bolt.server.Failures;
import dev.polywire.bolt.wire.BoltResponse;
import dev.polywire.core.bus.request.Failure;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The failure that a Bolt client gets for a failure on the bus; it determines the driver's reaction.
 *
 * <pre>
 *   debugInfo.server.code is Neo4j's             that code, and its message
 *   retryable; no consumer at the address        Neo.TransientError.General.DatabaseUnavailable
 *   TIMEOUT                                      Neo.ClientError.Transaction.TransactionTimedOut
 *   UNAUTHENTICATED of a login, else FORBIDDEN   Neo.ClientError.Security.Unauthorized, Forbidden
 *   BAD_REQUEST, NOT_FOUND, CONFLICT, LIMIT_EXCEEDED, REFUSED_BY_SERVER
 *                                                Neo.ClientError.Statement.ArgumentError
 *   INTERNAL and codes outside the table         Neo.DatabaseError.General.UnknownError; its text is only logged
 *   the others                                   the same, with their text
 * </pre>
 */
final class QueryFailure {

    /** A code that drivers understand: they use its class and title. */
    private static final Pattern NEO4J =
            Pattern.compile("Neo\\.(ClientError|TransientError|DatabaseError)\\.[A-Za-z]{1,60}\\.[A-Za-z]{1,100}");

    private static final Pattern GQL_STATUS = Pattern.compile("[0-9A-Z]{5}");

    private QueryFailure() {}

    /** @return {@code cause} itself when the client must not see it */
    static Throwable of(Throwable cause) {
        return cause instanceof ReplyException reply ? told(reply, Failures.FORBIDDEN) : cause;
    }

    /** The same for the failure of a login. */
    static Throwable ofLogin(Throwable cause) {
        return cause instanceof ReplyException reply ? told(reply, Failures.UNAUTHORIZED) : cause;
    }

    private static RuntimeException told(ReplyException reply, String unauthenticated) {
        JsonObject info = reply instanceof ServiceException typed ? typed.getDebugInfo() : null;
        if (info != null && info.getValue("server") instanceof JsonObject server) {
            BoltResponse.Failure words = words(server, String.valueOf(reply.getMessage()));
            if (words != null) {
                return new BoltException(words);
            }
        }
        Failure failure = failure(reply);
        if (failure == null || failure == Failure.INTERNAL) {
            return reply;
        }
        boolean retryable =
                info != null && info.getValue("retryable") instanceof Boolean said ? said : failure.retryable();
        String text =
                isBusOwn(reply) ? "what answers queries: " + Failure.of(reply).getMessage() : reply.getMessage();
        return Failures.of(
                retryable ? Failures.UNAVAILABLE : code(failure, unauthenticated),
                text == null ? "what answers queries: " + failure : text);
    }

    private static @Nullable Failure failure(ReplyException reply) {
        return Failure.of(isBusOwn(reply) ? Failure.of(reply).failureCode() : reply.failureCode());
    }

    /** The bus's own failures: no consumer, a timeout, a message dropped unread. */
    private static boolean isBusOwn(ReplyException reply) {
        return reply.failureType() != ReplyFailure.RECIPIENT_FAILURE;
    }

    private static String code(Failure failure, String unauthenticated) {
        return switch (failure) {
            case UNAUTHENTICATED -> unauthenticated;
            case FORBIDDEN -> Failures.FORBIDDEN;
            case TIMEOUT -> Failures.TIMED_OUT;
            case BAD_REQUEST, NOT_FOUND, CONFLICT, LIMIT_EXCEEDED, REFUSED_BY_SERVER -> Failures.ARGUMENT_ERROR;
            case OVERLOADED, UNAVAILABLE, CONNECTION_LOST, SHUTTING_DOWN -> Failures.UNAVAILABLE;
            case CANCELLED, INTERNAL, UNKNOWN_OUTCOME, PROTOCOL_VIOLATION, NODE_LOST -> BoltResponse.Failure.UNKNOWN;
        };
    }

    /** Null: the failure has no code of Neo4j. */
    private static BoltResponse.@Nullable Failure words(JsonObject server, String otherwise) {
        String code = text(server, "code");
        if (code == null || !NEO4J.matcher(code).matches()) {
            return null;
        }
        String message = text(server, "message");
        String gqlStatus = text(server, "gqlStatus");
        boolean known = gqlStatus != null && GQL_STATUS.matcher(gqlStatus).matches();
        return new BoltResponse.Failure(
                code,
                message == null ? otherwise : message,
                known ? gqlStatus : null,
                known ? text(server, "description") : null,
                TypedJson.parameters("server.diagnostics", known ? diagnostics(server) : null),
                null);
    }

    private static @Nullable JsonObject diagnostics(JsonObject server) {
        return server.getValue("diagnostics") instanceof JsonObject diagnostics ? diagnostics : null;
    }

    private static @Nullable String text(JsonObject server, String name) {
        return server.getValue(name) instanceof String text ? text : null;
    }
}
