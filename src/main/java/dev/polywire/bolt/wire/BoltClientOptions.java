package dev.polywire.bolt.wire;

import dev.polywire.core.wire.Limits;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a client behaves on one connection.
 *
 * @param userAgent who we are: name, slash, version
 * @param boltAgent what we are made of, for servers from 5.3 on; at least {@code product}
 * @param auth who the user is
 * @param routing the address we dialled and what came with it, for servers that route; null: we do not route
 * @param notifications which ones we want, if the server can choose
 * @param offer versions, best first
 * @param limits what we read
 * @param handshakeTimeoutMillis from {@code start} until we are ready, 1 to 3,600,000, default 10,000
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
        // Says now, not at the first connection, that the offer is too long.
        offer.slots();
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

    /** The same, telling a server that we route. */
    public BoltClientOptions with(Map<String, @Nullable Object> routing) {
        return new BoltClientOptions(
                userAgent, boltAgent, auth, routing, notifications, offer, limits, handshakeTimeoutMillis);
    }

    /** What is sent behind the handshake, all at once: INIT, or HELLO, or HELLO and LOGON. */
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

    /** Without who the user is. */
    @Override
    public String toString() {
        return "BoltClientOptions[userAgent=" + userAgent + ", auth=" + auth + ", offer=" + offer + ", limits=" + limits
                + "]";
    }
}
