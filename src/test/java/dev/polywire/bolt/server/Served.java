package dev.polywire.bolt.server;

import dev.polywire.bolt.wire.BoltServerOptions;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.testing.Drivers;
import dev.polywire.testing.Loop;
import java.util.concurrent.TimeUnit;
import org.neo4j.driver.AuthToken;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Config;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.Logging;

/** A server of ours with a {@link TestHandler}. */
final class Served implements AutoCloseable {

    static final ServerBounds.LoginBounds QUICK = new ServerBounds.LoginBounds(0, 1_000, 1);
    static final AuthToken ALICE = AuthTokens.basic("alice", "secret");

    final Loop loop = new Loop();
    final TestHandler handler = new TestHandler();
    final BoltServer server;
    final int port;

    Served() {
        this(bounds(60_000, 0), options(10_000));
    }

    Served(ServerBounds bounds, BoltServerOptions options) {
        this(EndpointOptions.of("127.0.0.1", 0), bounds, options);
    }

    Served(EndpointOptions endpoint, ServerBounds bounds, BoltServerOptions options) {
        server = loop.call(() -> new BoltServer(loop.vertx(), endpoint, options, bounds, handler));
        port = loop.join(server::listen);
    }

    /** Limits of time only. */
    static ServerBounds bounds(long handlerTimeoutMillis, long transactionTimeoutMillis) {
        return bounds(1_000, 1024 * 1024, handlerTimeoutMillis, transactionTimeoutMillis, 0, QUICK);
    }

    static ServerBounds bounds(
            int maxConnections,
            int maxBytes,
            long handlerTimeoutMillis,
            long transactionTimeoutMillis,
            long idleTimeoutMillis,
            ServerBounds.LoginBounds logins) {
        return new ServerBounds(
                maxConnections,
                maxConnections,
                maxBytes,
                maxBytes,
                100,
                2_000,
                idleTimeoutMillis,
                handlerTimeoutMillis,
                transactionTimeoutMillis,
                logins);
    }

    static BoltServerOptions options(long authenticationTimeoutMillis) {
        BoltServerOptions usual = new BoltServerOptions(BoltServer.AGENT, "");
        return new BoltServerOptions(
                usual.agent(),
                "",
                usual.offer(),
                usual.limits(),
                usual.unauthenticatedLimits(),
                Math.min(5_000, authenticationTimeoutMillis),
                authenticationTimeoutMillis,
                usual.messageTimeoutMillis(),
                120,
                usual.maxWaiting());
    }

    Driver driver() {
        return driver("bolt", ALICE, quiet().build());
    }

    Driver driver(String scheme, AuthToken auth, Config config) {
        return Drivers.closingAlone(GraphDatabase.driver(scheme + "://127.0.0.1:" + port, auth, config));
    }

    static Config.ConfigBuilder quiet() {
        return Config.builder()
                .withLogging(Logging.none())
                .withConnectionAcquisitionTimeout(Loop.PATIENCE_SECONDS, TimeUnit.SECONDS)
                .withMaxTransactionRetryTime(Loop.PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        loop.join(server::close);
        loop.close();
    }
}
