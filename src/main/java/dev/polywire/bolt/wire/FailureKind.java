package dev.polywire.bolt.wire;

import java.util.Map;

/** What a server's code means to who asked (Neo4j status codes). */
public enum FailureKind {
    /** It does not know the user, or the proof is wrong or too old. */
    UNAUTHENTICATED(false),
    /** The login was good once; a new one may be. */
    LOGIN_EXPIRED(true),
    FORBIDDEN(false),
    /** There is no such database. */
    NOT_FOUND(false),
    /** The same transaction may succeed later. */
    TRANSIENT(true),
    /** It may succeed with another server of the cluster, which a new routing table names. */
    NOT_LEADER(true),
    /** What was sent is no query, or cannot be done. */
    REFUSED(false);

    private static final Map<String, FailureKind> CODES = Map.ofEntries(
            Map.entry("Neo.ClientError.Security.Unauthorized", UNAUTHENTICATED),
            Map.entry("Neo.ClientError.Security.AuthenticationRateLimit", UNAUTHENTICATED),
            Map.entry("Neo.ClientError.Security.CredentialsExpired", UNAUTHENTICATED),
            Map.entry("Neo.ClientError.Security.TokenExpired", LOGIN_EXPIRED),
            Map.entry("Neo.ClientError.Security.AuthorizationExpired", LOGIN_EXPIRED),
            Map.entry("Neo.ClientError.Security.Forbidden", FORBIDDEN),
            Map.entry("Neo.ClientError.Database.DatabaseNotFound", NOT_FOUND),
            Map.entry("Neo.ClientError.Cluster.NotALeader", NOT_LEADER),
            Map.entry("Neo.ClientError.General.ForbiddenOnReadOnlyDatabase", NOT_LEADER),
            // Called transient by old servers; they are the caller's own doing.
            Map.entry("Neo.TransientError.Transaction.Terminated", REFUSED),
            Map.entry("Neo.TransientError.Transaction.LockClientStopped", REFUSED));

    private final boolean retryable;

    FailureKind(boolean retryable) {
        this.retryable = retryable;
    }

    /** Of {@code Neo.ClientError.Statement.SyntaxError} and the like. */
    public static FailureKind of(String code) {
        return CODES.getOrDefault(code, code.startsWith("Neo.TransientError.") ? TRANSIENT : REFUSED);
    }

    /** Whether a transaction that failed so is to be tried again. */
    public boolean isRetryable() {
        return retryable;
    }
}
