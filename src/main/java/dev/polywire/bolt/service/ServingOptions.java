package dev.polywire.bolt.service;

import dev.polywire.bolt.server.BoltServer;
import dev.polywire.bolt.server.ServerBounds;
import dev.polywire.bolt.server.ServerNames;
import dev.polywire.bolt.wire.BoltAddress;
import dev.polywire.bolt.wire.BoltLimits;
import dev.polywire.bolt.wire.BoltOffer;
import dev.polywire.bolt.wire.BoltServerOptions;
import dev.polywire.bolt.wire.BoltVersion;
import dev.polywire.core.bus.ConnectorOptions;
import dev.polywire.core.bus.watch.NodeWatch;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.EndpointOptions;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Configuration of a Bolt server; all fields are in one object.
 *
 * @param connector name, address, limits; the default name is {@code bolt-server}
 * @param endpoint where it listens, 127.0.0.1 by default; with {@code tls.trust} clients need a certificate
 * @param handler the address that answers queries, see {@link BoltQueryService}; required
 * @param authentication whether this address checks logins; default false: every login succeeds
 * @param transactions whether BEGIN, COMMIT and ROLLBACK are sent there; default false: queries of a transaction run one
 *     by one, and a rollback undoes nothing
 * @param impersonation whether a client may name another user, whose rights the handler checks; default false
 * @param server {@code agent}, {@code versions}, {@code maxMessageBytes}, {@code handshakeTimeoutMillis}, {@code
 *     loginTimeoutMillis}, {@code messageTimeoutMillis}, {@code receiveTimeoutSeconds}, {@code maxWaiting}
 * @param names {@code advertised}, as {@code host:port}, and {@code database}
 * @param bounds its fields; those for logins are {@code wrongLoginDelayMillis}, {@code maxWrongLogins}, {@code
 *     wrongLoginLockMillis}
 */
public record ServingOptions(
        ConnectorOptions connector,
        EndpointOptions endpoint,
        String handler,
        boolean authentication,
        boolean transactions,
        boolean impersonation,
        BoltServerOptions server,
        ServerNames names,
        ServerBounds bounds) {

    private static final int GREATEST_BYTES = 1024 * 1024 * 1024;
    private static final int HOUR_MILLIS = 3_600_000;
    private static final int WEEK_MILLIS = 604_800_000;
    /** Drivers accept only agents of this form. */
    private static final Pattern AGENT = Pattern.compile("Neo4j/[\\x21-\\x7e]{1,200}");

    /** Reads the whole configuration. */
    public static ServingOptions fromJson(Fields json) {
        ConnectorOptions connector = ConnectorOptions.fromJson(json, "bolt-server");
        ServingOptions options = new ServingOptions(
                connector,
                EndpointOptions.fromJson(json),
                json.text("handler"),
                json.flag("authentication", false),
                json.flag("transactions", false),
                json.flag("impersonation", false),
                server(json),
                names(json),
                bounds(json));
        json.done();
        if (options.handler.isEmpty()
                || options.handler.equals(connector.address())
                || NodeWatch.isReserved(options.handler)) {
            throw json.complaint("handler", "empty, reserved or our own (expected: an address that answers queries)");
        }
        return options;
    }

    private static BoltServerOptions server(Fields json) {
        BoltServerOptions defaults = new BoltServerOptions(BoltServer.AGENT, "");
        return new BoltServerOptions(
                agent(json),
                "",
                offer(json),
                BoltOptions.limits(json),
                BoltLimits.UNAUTHENTICATED,
                json.int64("handshakeTimeoutMillis", defaults.handshakeTimeoutMillis(), 1, HOUR_MILLIS),
                json.int64("loginTimeoutMillis", defaults.authenticationTimeoutMillis(), 1, HOUR_MILLIS),
                json.int64("messageTimeoutMillis", defaults.messageTimeoutMillis(), 1, HOUR_MILLIS),
                json.int32("receiveTimeoutSeconds", BoltServer.RECEIVE_TIMEOUT_SECONDS, 0, 86_400),
                json.int32("maxWaiting", defaults.maxWaiting(), 1, 100_000));
    }

    private static String agent(Fields json) {
        String agent = json.text("agent", BoltServer.AGENT);
        if (!AGENT.matcher(agent).matches()) {
            throw json.complaint("agent", "one that drivers refuse (expected: Neo4j/ and a version)");
        }
        return agent;
    }

    private static ServerNames names(Fields json) {
        String advertised = json.textOrNull("advertised");
        String database = json.text("database", ServerNames.DEFAULT.database());
        if (database.isEmpty()) {
            throw json.complaint("database", "empty (expected: a name)");
        }
        try {
            return new ServerNames(advertised == null ? null : BoltAddress.parse(advertised), database);
        } catch (IllegalArgumentException none) {
            throw json.complaint("advertised", "no address (expected: host:port)");
        }
    }

    private static BoltOffer offer(Fields json) {
        List<BoltVersion> versions = BoltOptions.versions(json);
        return versions.isEmpty() ? BoltOffer.ALL : BoltOffer.of(versions);
    }

    private static ServerBounds bounds(Fields json) {
        ServerBounds defaults = ServerBounds.DEFAULT;
        ServerBounds.LoginBounds logins = defaults.logins();
        return new ServerBounds(
                json.int32("maxConnections", defaults.maxConnections(), 1, 1_000_000),
                json.int32("maxConnectionsPerAddress", defaults.maxConnectionsPerHost(), 1, 1_000_000),
                json.int32("maxOutputBytes", defaults.maxOutputBytes(), 1_024, GREATEST_BYTES),
                json.int32("maxWaitingBytes", defaults.maxWaitingBytes(), 1_024, GREATEST_BYTES),
                json.int32("maxOpenResults", defaults.maxOpenResults(), 1, 1_000_000),
                json.int64("slowPeerMillis", defaults.stallTimeoutMillis(), 1, HOUR_MILLIS),
                json.int64("idleTimeoutMillis", defaults.idleTimeoutMillis(), 0, WEEK_MILLIS),
                json.int64("handlerTimeoutMillis", defaults.handlerTimeoutMillis(), 1, 86_400_000),
                json.int64("transactionTimeoutMillis", defaults.transactionTimeoutMillis(), 0, WEEK_MILLIS),
                new ServerBounds.LoginBounds(
                        json.int64("wrongLoginDelayMillis", logins.delayMillis(), 0, 10_000),
                        json.int32("maxWrongLogins", logins.maxWrong(), 1, 1_000),
                        json.int64("wrongLoginLockMillis", logins.lockMillis(), 1, HOUR_MILLIS)));
    }
}
