package dev.polywire.bolt.wire;

import java.util.Map;

/** The meaning of a server's code for the caller (Neo4j status codes). */
public enum FailureKind {
    /** The user is unknown, or the credentials are wrong or expired. */
    UNAUTHENTICATED(false),
    /** The login was valid before; a new login may be. */
    LOGIN_EXPIRED(true),
    FORBIDDEN(false),
    /** There is no such database. */
    NOT_FOUND(false),
    /** The same transaction may succeed later. */
    TRANSIENT(true),
    /** The transaction may succeed on another server of the cluster, which a new routing table names. */
    NOT_LEADER(true),
    /** The request is invalid, or cannot be done. */
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
            // Old servers call these transient, but the caller has caused them.
            Map.entry("Neo.TransientError.Transaction.Terminated", REFUSED),
            Map.entry("Neo.TransientError.Transaction.LockClientStopped", REFUSED));

    private final boolean retryable;

    FailureKind(boolean retryable) {
        this.retryable = retryable;
    }

    /** The kind of {@code Neo.ClientError.Statement.SyntaxError} and the like. */
    public static FailureKind of(String code) {
        return CODES.getOrDefault(code, code.startsWith("Neo.TransientError.") ? TRANSIENT : REFUSED);
    }

    /** Whether a transaction with this failure should be repeated. */
    public boolean isRetryable() {
        return retryable;
    }
}
