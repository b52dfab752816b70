package dev.polywire.bolt.server;

import dev.polywire.bolt.client.BoltException;
import dev.polywire.bolt.wire.BoltResponse;
import dev.polywire.core.net.CallException;
import org.jspecify.annotations.Nullable;

/**
 * Failures by Neo4j's codes, which determine the driver's reaction: it repeats a managed transaction on {@code
 * Neo.TransientError.*}, and reports all other codes to its user.
 */
public final class Failures {

    public static final String UNAUTHORIZED = "Neo.ClientError.Security.Unauthorized";
    public static final String TOO_MANY_LOGINS = "Neo.ClientError.Security.AuthenticationRateLimit";
    public static final String FORBIDDEN = "Neo.ClientError.Security.Forbidden";
    public static final String SYNTAX_ERROR = "Neo.ClientError.Statement.SyntaxError";
    public static final String ARGUMENT_ERROR = "Neo.ClientError.Statement.ArgumentError";
    public static final String DATABASE_NOT_FOUND = "Neo.ClientError.Database.DatabaseNotFound";
    public static final String TIMED_OUT = "Neo.ClientError.Transaction.TransactionTimedOut";
    public static final String UNAVAILABLE = "Neo.TransientError.General.DatabaseUnavailable";
    public static final String DEADLOCK = "Neo.TransientError.Transaction.DeadlockDetected";

    private static final BoltResponse.Failure BUG =
            new BoltResponse.Failure(BoltResponse.Failure.UNKNOWN, "the server failed; its log says why");

    private Failures() {}

    /** @param message for people; the client sees it */
    public static BoltException of(String code, String message) {
        return new BoltException(new BoltResponse.Failure(code, message));
    }

    /** The failure of a wrong login. */
    public static BoltException unauthorized() {
        return of(UNAUTHORIZED, "the login is wrong");
    }

    /** The FAILURE for the client, without internal addresses. Null: the client gets {@link #bug}, and the log the text. */
    static BoltResponse.@Nullable Failure told(Throwable cause) {
        if (cause instanceof BoltException failure) {
            return failure.failure();
        }
        return cause instanceof CallException call
                ? new BoltResponse.Failure(code(call.reason()), "what the server needs for it: " + call.reason())
                : null;
    }

    static BoltResponse.Failure bug() {
        return BUG;
    }

    /** Whether a login was wrong, rather than impossible to check. */
    static boolean isWrongLogin(Throwable cause) {
        return cause instanceof BoltException failure
                && failure.failure().code().startsWith("Neo.ClientError.Security.");
    }

    /** The code of a failed call behind the handler; retryable only when the call certainly had no effect. */
    private static String code(CallException.Reason reason) {
        return switch (reason) {
            case UNAVAILABLE, CONNECTION_LOST, OVERLOADED, SHUTTING_DOWN -> UNAVAILABLE;
            case TIMEOUT -> TIMED_OUT;
            case UNAUTHENTICATED, FORBIDDEN -> FORBIDDEN;
            case BAD_REQUEST, LIMIT_EXCEEDED, NOT_FOUND, CONFLICT -> ARGUMENT_ERROR;
            case UNKNOWN_OUTCOME -> BoltResponse.Failure.UNKNOWN;
        };
    }
}
