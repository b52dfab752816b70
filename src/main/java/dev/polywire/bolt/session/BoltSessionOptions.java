package dev.polywire.bolt.session;

import dev.polywire.bolt.wire.AuthToken;
import dev.polywire.bolt.wire.BoltClientOptions;
import dev.polywire.bolt.wire.BoltUri;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.TlsOptions;
import dev.polywire.core.wire.Limits;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link BoltClient} reaches its servers.
 *
 * @param uri the first address
 * @param tls null: as the scheme requires, with the JDK's authorities
 * @param connectTimeoutMillis for TCP, and again for TLS; 1 to 600,000, default 10,000
 * @param auth the login
 * @param wire the behaviour of each connection; its user is ignored
 * @param pool the limits for each server
 * @param maxRetryMillis how long a managed transaction is repeated, 0 to 3,600,000, default 30,000
 */
public record BoltSessionOptions(
        BoltUri uri,
        @Nullable TlsOptions tls,
        int connectTimeoutMillis,
        AuthSource auth,
        BoltClientOptions wire,
        PoolOptions pool,
        long maxRetryMillis) {

    public static final long DEFAULT_MAX_RETRY_MILLIS = 30_000;

    private static final TlsOptions JDK_AUTHORITIES = new TlsOptions(null, null, null, true);

    public BoltSessionOptions {
        Limits.range("connectTimeoutMillis", connectTimeoutMillis, 1, 600_000);
        Limits.range("maxRetryMillis", maxRetryMillis, 0, 3_600_000);
        if (tls == null && uri.tls()) {
            tls = JDK_AUTHORITIES;
        }
        if (uri.routed()) {
            wire = wire.with(uri.routing());
        }
    }

    /** @param endpoint its time limit and its TLS; the host and port are those of the {@code uri} */
    public BoltSessionOptions(
            BoltUri uri,
            EndpointOptions endpoint,
            AuthSource auth,
            BoltClientOptions wire,
            PoolOptions pool,
            long maxRetryMillis) {
        this(uri, endpoint.tls(), endpoint.connectTimeoutMillis(), auth, wire, pool, maxRetryMillis);
    }

    /** The defaults. */
    public static BoltSessionOptions of(BoltUri uri, AuthToken user) {
        return new BoltSessionOptions(
                uri,
                null,
                EndpointOptions.DEFAULT_CONNECT_TIMEOUT_MILLIS,
                AuthSource.of(user),
                new BoltClientOptions("Polywire/0.1", user),
                PoolOptions.DEFAULT,
                DEFAULT_MAX_RETRY_MILLIS);
    }
}
