package dev.polywire.bolt.service;

import dev.polywire.bolt.session.AuthSource;
import dev.polywire.bolt.session.BoltSessionOptions;
import dev.polywire.bolt.session.PoolOptions;
import dev.polywire.bolt.wire.AuthToken;
import dev.polywire.bolt.wire.BoltClientOptions;
import dev.polywire.bolt.wire.BoltLimits;
import dev.polywire.bolt.wire.BoltOffer;
import dev.polywire.bolt.wire.BoltUri;
import dev.polywire.bolt.wire.BoltVersion;
import dev.polywire.core.bus.ConnectorOptions;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.EndpointOptions;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Configuration of a Bolt connector; all fields are in one object.
 *
 * @param connector name, address, limits
 * @param uri {@code bolt://host:port} for one server, {@code neo4j://host:port} for the cluster it belongs to; with
 *     {@code +s} in the scheme, TLS with the JDK's authorities. Default {@code bolt://127.0.0.1:7687}
 * @param endpoint host and port of {@code uri}, {@code connectTimeoutMillis} and {@code tls}
 * @param client {@code userAgent}, {@code versions}, {@code maxMessageBytes}, {@code notifications}, and the login:
 *     {@code user} and {@code password}, or {@code auth}; see {@link BoltLogin}
 * @param pool its fields apply to each server
 * @param maxRetryMillis how long a managed transaction is repeated at most, 0 to 3,600,000, default 30,000
 * @param whole {@code maxRecords} (1 to 1,000,000, default 10,000) and {@code maxBytes} (1,024 to 1 GiB, default 4 MiB) of
 *     one answer that is not a stream
 * @param fetchRecords the most that a stream requests from the server at a time, 1 to 10,000, default 1,000
 */
public record BoltOptions(
        ConnectorOptions connector,
        BoltUri uri,
        EndpointOptions endpoint,
        BoltClientOptions client,
        PoolOptions pool,
        long maxRetryMillis,
        WholeResult.Bounds whole,
        int fetchRecords) {

    private static final String USER_AGENT = "Polywire/0.1.0";
    private static final int GREATEST_BYTES = 1024 * 1024 * 1024;
    private static final String DEFAULT_URI = "bolt://127.0.0.1:7687";
    private static final String URI = "bolt:// or neo4j://, +s for TLS, host and port";

    /** Reads the whole configuration. */
    public static BoltOptions fromJson(Fields json) {
        String address = json.text("uri", DEFAULT_URI);
        BoltUri uri = uri(address);
        BoltUri known = uri == null ? BoltUri.parse(DEFAULT_URI) : uri;
        EndpointOptions endpoint = EndpointOptions.fromJson(
                json, known.address().host(), known.address().port());
        BoltOptions options = new BoltOptions(
                ConnectorOptions.fromJson(json, "bolt"),
                known,
                known.tls() ? endpoint.secured() : endpoint,
                client(json, endpoint.connectTimeoutMillis()),
                pool(json),
                json.int64("maxRetryMillis", BoltSessionOptions.DEFAULT_MAX_RETRY_MILLIS, 0, 3_600_000),
                new WholeResult.Bounds(
                        json.int32("maxRecords", 10_000, 1, 1_000_000),
                        json.int32("maxBytes", 4 * 1024 * 1024, 1_024, GREATEST_BYTES)),
                json.int32("fetchRecords", 1_000, 1, 10_000));
        json.done();
        if (uri == null) {
            // The text may contain a misplaced password, and is not repeated.
            throw json.complaint("uri", "not one that can be used (expected: " + URI + ")");
        }
        return options;
    }

    /** The options of the client. */
    BoltSessionOptions session() {
        return new BoltSessionOptions(
                uri,
                endpoint.tls(),
                endpoint.connectTimeoutMillis(),
                AuthSource.of(client.auth()),
                client,
                pool,
                maxRetryMillis);
    }

    /** The most bytes of an answer that is not a stream. */
    public int maxBytes() {
        return whole.bytes();
    }

    /** The server's address, as text for people. */
    String target() {
        return (uri.routed() ? "neo4j" : "bolt") + (uri.tls() ? "+s://" : "://") + uri.address();
    }

    private static @Nullable BoltUri uri(String text) {
        try {
            return BoltUri.parse(text);
        } catch (IllegalArgumentException none) {
            return null;
        }
    }

    private static BoltClientOptions client(Fields json, int handshakeTimeoutMillis) {
        String userAgent = json.text("userAgent", USER_AGENT);
        return new BoltClientOptions(
                userAgent,
                Map.of(
                        "product",
                        userAgent,
                        "platform",
                        System.getProperty("os.name") + "; " + System.getProperty("os.arch"),
                        "language",
                        "Java/" + Runtime.version().feature()),
                BoltLogin.read(json),
                null,
                QueryOptions.notifications(json.object("notifications")),
                offer(json),
                limits(json),
                handshakeTimeoutMillis);
    }

    /** {@code maxMessageBytes} */
    static BoltLimits limits(Fields json) {
        return new BoltLimits(
                json.int32(
                        "maxMessageBytes",
                        BoltLimits.DEFAULT_MAX_MESSAGE_BYTES,
                        1_024,
                        BoltLimits.GREATEST_MAX_MESSAGE_BYTES),
                BoltLimits.GREATEST_MAX_DEPTH,
                BoltLimits.DEFAULT_MAX_ELEMENTS);
    }

    /** {@code versions}, in any order; empty: absent. */
    static List<BoltVersion> versions(Fields json) {
        return json.texts("versions").stream().map(text -> version(json, text)).toList();
    }

    private static BoltOffer offer(Fields json) {
        List<BoltVersion> versions = versions(json);
        try {
            BoltOffer offer = versions.isEmpty() ? BoltOffer.DEFAULT : BoltOffer.of(versions);
            return checked(offer);
        } catch (IllegalArgumentException tooMany) {
            throw json.complaint("versions", "too far apart (expected: in four ranges)");
        }
    }

    private static BoltVersion version(Fields json, String text) {
        @Nullable
        BoltVersion known = BoltVersion.ALL.stream()
                .filter(version -> version.toString().equals(text))
                .findFirst()
                .orElse(null);
        if (known == null) {
            throw json.complaint("versions", "one that nobody speaks (expected: some of " + BoltVersion.ALL + ")");
        }
        return known;
    }

    /** The constructor of the options makes the same check, but cannot name the field. */
    private static BoltOffer checked(BoltOffer offer) {
        return new BoltClientOptions(USER_AGENT, AuthToken.none()).with(offer).offer();
    }

    private static PoolOptions pool(Fields json) {
        PoolOptions defaults = PoolOptions.DEFAULT;
        return new PoolOptions(
                json.int32("maxConnections", defaults.maxConnections(), 1, 10_000),
                json.int32("maxWaiting", defaults.maxWaiting(), 0, 1_000_000),
                json.int64("maxIdleMillis", defaults.maxIdleMillis(), 1_000, 86_400_000),
                json.int64("checkAfterMillis", defaults.checkAfterMillis(), 0, 86_400_000),
                json.int64("maxLifetimeMillis", defaults.maxLifetimeMillis(), 1_000, 604_800_000));
    }
}
