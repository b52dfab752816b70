package dev.polywire.eventstore.client;

import dev.polywire.core.wire.Limits;
import dev.polywire.eventstore.wire.CredentialsLayout;
import dev.polywire.eventstore.wire.HeartbeatTimes;
import dev.polywire.eventstore.wire.TcpPackage;
import dev.polywire.eventstore.wire.UserCredentials;
import org.jspecify.annotations.Nullable;

/**
 * How a client connects. Its text shows no password.
 *
 * @param credentials of the connection; null: anonymous
 * @param credentialsLayout how they are written: for servers up to 5.x, or since 20.6
 * @param connectionName for the server's logs; null: none
 * @param heartbeats when the client asks whether the server is there
 * @param maxInFlight calls that may be sent and unanswered, 1 to 100,000
 * @param loginTimeoutMillis from the open connection to the server's last answer to the login, 1 to 3,600,000
 * @param maxPackageBytes of what the server sends at a time, 1 MiB to 64 MiB; a longer answer fails its call, and ends the connection
 */
public record EventStoreClientOptions(
        @Nullable UserCredentials credentials,
        CredentialsLayout credentialsLayout,
        @Nullable String connectionName,
        HeartbeatTimes heartbeats,
        int maxInFlight,
        int loginTimeoutMillis,
        int maxPackageBytes) {

    /** That of .NET's client. */
    public static final int MAX_IN_FLIGHT = 5_000;

    public static final int LOGIN_TIMEOUT_MILLIS = 5_000;

    public static final int LEAST_PACKAGE_BYTES = 1024 * 1024;

    public EventStoreClientOptions {
        Limits.range("maxInFlight", maxInFlight, 1, 100_000);
        Limits.range("loginTimeoutMillis", loginTimeoutMillis, 1, 3_600_000);
        Limits.range("maxPackageBytes", maxPackageBytes, LEAST_PACKAGE_BYTES, TcpPackage.MAX_BYTES);
    }

    /** With the defaults, for servers up to 5.x. @param credentials of the connection; null: anonymous */
    public static EventStoreClientOptions of(@Nullable UserCredentials credentials) {
        return new EventStoreClientOptions(
                credentials,
                CredentialsLayout.PASSWORDS,
                null,
                HeartbeatTimes.CLIENT,
                MAX_IN_FLIGHT,
                LOGIN_TIMEOUT_MILLIS,
                TcpPackage.MAX_BYTES);
    }

    /** The same with another limit. */
    public EventStoreClientOptions limitedTo(int maxPackageBytes) {
        return new EventStoreClientOptions(
                credentials,
                credentialsLayout,
                connectionName,
                heartbeats,
                maxInFlight,
                loginTimeoutMillis,
                maxPackageBytes);
    }
}
