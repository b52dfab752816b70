package dev.polywire.bolt.wire;

import dev.polywire.core.wire.Limits;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The behaviour of a client on one connection.
 *
 * @param userAgent the name of the program: name, slash, version
 * @param boltAgent the name of the driver, for servers from 5.3 on; at least {@code product}
 * @param auth the login
 * @param routing the dialled address and the query of the URI, for servers that route; null: no routing
 * @param notifications the wanted notifications, if the server can filter
 * @param offer versions, best first
 * @param limits of messages from the server
 * @param handshakeTimeoutMillis from {@code start} until the client is ready, 1 to 3,600,000, default 10,000
 */
public record BoltClientOptions(
        String userAgent,
        Map<String, String> boltAgent,
        AuthToken auth,
        @Nullable Map<String, @Nullable Object> routing,
        NotificationFilter notifications,
        BoltOffer offer,
        BoltLimits limits,
        long handshakeTimeoutMillis) {

    public static final long DEFAULT_HANDSHAKE_TIMEOUT_MILLIS = 10_000;

    public BoltClientOptions {
        Limits.range("handshakeTimeoutMillis", handshakeTimeoutMillis, 1, 3_600_000);
        // Fails now, not at the first connection, if the offer is too long.
        offer.used();
    }

    /** The defaults, without routing. */
    public BoltClientOptions(String userAgent, AuthToken auth) {
        this(
                userAgent,
                Map.of("product", userAgent),
                auth,
                null,
                NotificationFilter.DEFAULT,
                BoltOffer.DEFAULT,
                BoltLimits.DEFAULT,
                DEFAULT_HANDSHAKE_TIMEOUT_MILLIS);
    }

    /** The same with other versions. */
    public BoltClientOptions with(BoltOffer offer) {
        return new BoltClientOptions(
                userAgent, boltAgent, auth, routing, notifications, offer, limits, handshakeTimeoutMillis);
    }

    /** The same for another user. */
    public BoltClientOptions with(AuthToken auth) {
        return new BoltClientOptions(
                userAgent, boltAgent, auth, routing, notifications, offer, limits, handshakeTimeoutMillis);
    }

    /** The same with routing. */
    public BoltClientOptions with(Map<String, @Nullable Object> routing) {
        return new BoltClientOptions(
                userAgent, boltAgent, auth, routing, notifications, offer, limits, handshakeTimeoutMillis);
    }

    /** The requests after the handshake, sent together: INIT, or HELLO, or HELLO and LOGON. */
    List<BoltRequest> greeting(BoltVersion version) {
        if (!version.hasTransactions()) {
            return List.of(new BoltRequest.Init(userAgent, auth));
        }
        Map<String, @Nullable Object> extra = new LinkedHashMap<>();
        extra.put("user_agent", userAgent);
        if (ExtraField.BOLT_AGENT.isIn(version)) {
            extra.put(ExtraField.BOLT_AGENT.key, boltAgent);
        }
        if (routing != null && ExtraField.ROUTING.isIn(version)) {
            extra.put(ExtraField.ROUTING.key, routing);
        }
        extra.putAll(notifications.fields(version));
        if (ExtraField.PATCH_BOLT.isIn(version)) {
            extra.put(ExtraField.PATCH_BOLT.key, List.of(BoltServerInfo.UTC_PATCH));
        }
        if (version.hasLogon()) {
            return List.of(new BoltRequest.Hello(extra), new BoltRequest.Logon(auth));
        }
        extra.putAll(auth.fields());
        return List.of(new BoltRequest.Hello(extra));
    }

    /** Without the login. */
    @Override
    public String toString() {
        return "BoltClientOptions[userAgent=" + userAgent + ", auth=" + auth + ", offer=" + offer + ", limits=" + limits
                + "]";
    }
}
