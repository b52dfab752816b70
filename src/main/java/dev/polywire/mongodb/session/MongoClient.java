package dev.polywire.mongodb.session;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Link;
import dev.polywire.core.net.Spi;
import dev.polywire.mongodb.client.MongoCall;
import dev.polywire.mongodb.client.MongoConnection;
import dev.polywire.mongodb.wire.HelloReply;
import dev.polywire.mongodb.wire.MongoClientOptions;
import dev.polywire.mongodb.wire.MongoMessage;
import dev.polywire.mongodb.wire.MongoUri;
import dev.polywire.mongodb.wire.ScramHash;
import dev.polywire.mongodb.wire.ScramKeyCache;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/** One server: a pool of connections that take commands, and further ones that only ask whether the server is there. */
public final class MongoClient {

    private static final int KEY_BYTES = 32;

    private final ServerLookup servers;
    private final MongoPool pool;
    private final ServerMonitor monitor;
    private @Nullable HelloReply described;
    /** The server of the pool. */
    private ServerLookup.@Nullable Server used;

    /** The same for one server, whose name is no service's. */
    public MongoClient(
            Vertx vertx,
            EndpointOptions endpoint,
            MongoClientOptions options,
            MongoPoolOptions pool,
            long heartbeatMillis,
            Spi spi,
            Link.Listener states) {
        this(vertx, endpoint, options, null, pool, true, heartbeatMillis, spi, states);
    }

    /**
     * @param endpoint the server; with a service what its servers have in common
     * @param service a URI of SRV, which is looked up for each connection; null: the server is the endpoint
     * @param pool the limits of its connections
     * @param streams whether that connection has a server stream that can
     * @param heartbeatMillis how often a connection of its own asks whether the server is there; 0: never, and there is none
     * @param states receives the states: ready while a connection is open
     */
    public MongoClient(
            Vertx vertx,
            EndpointOptions endpoint,
            MongoClientOptions options,
            @Nullable MongoUri service,
            MongoPoolOptions pool,
            boolean streams,
            long heartbeatMillis,
            Spi spi,
            Link.Listener states) {
        SecureRandom random = new SecureRandom();
        this.servers = new ServerLookup(vertx, endpoint, options, service, spi, () -> ScramHash.nonce(random));
        byte[] secret = new byte[KEY_BYTES];
        random.nextBytes(secret);
        ScramKeyCache keys = new ScramKeyCache(secret);
        this.pool = new MongoPool(
                vertx,
                () -> servers.find()
                        .compose(
                                found -> MongoConnection.connect(found.dialer(), found.options(), pool.pipeline(), keys)
                                        .onSuccess(made -> connected(found, made))),
                pool,
                endpoint.target(),
                spi,
                (state, cause) -> state(states, state, cause),
                new Beside());
        this.monitor = new ServerMonitor(
                vertx,
                () -> {
                    ServerLookup.Server server = used == null ? servers.last() : used;
                    return MongoConnection.connect(
                            server.dialer(), server.options().withLogin(null), 1, keys);
                },
                options.serverApi() != null,
                streams,
                heartbeatMillis,
                endpoint.connectTimeoutMillis(),
                new Beside());
    }

    /** Records of SRV may have changed: the first connection to another server takes the pool, and the monitor, there. */
    private void connected(ServerLookup.Server to, MongoConnection made) {
        ServerLookup.Server before = used;
        if (before == null || before.dialer() == to.dialer()) {
            used = to;
        } else if (to.dialer() == servers.last().dialer()) {
            used = to;
            pool.retire();
            described = null;
            monitor.beginAnew();
        } else {
            made.close(PoolEnds.closedByUs(PoolEvents.STALE));
        }
    }

    /** Starts to connect. @return the outcome of the first attempt; the client tries again after a failure */
    public Future<Void> start() {
        return pool.start();
    }

    /** Sends a request as soon as a connection takes it. @return {@link MongoCall#answer} */
    public Future<MongoMessage> send(MongoCall call) {
        pool.send(call);
        return call.answer();
    }

    /** Sends a command as soon as a connection takes it. @return {@link MongoCall#document} */
    public Future<Buffer> command(MongoCall call) {
        pool.send(call);
        return call.document();
    }

    /** A connection of its own, see {@link MongoPool#dedicated}. */
    public Future<MongoConnection> dedicated(Deadline deadline) {
        return pool.dedicated(deadline);
    }

    /** What the server has said of itself last; null: nothing. */
    public @Nullable HelloReply hello() {
        return described == null ? pool.hello() : described;
    }

    /** The least of the last ten round trips, microseconds; 0 until there are two. */
    public long leastRoundTripMicros() {
        return monitor.leastRoundTripMicros();
    }

    public PoolStatus pool() {
        return pool.status();
    }

    public MonitorStatus monitor() {
        return monitor.status();
    }

    /** Answers that arrived after their callers had given up. */
    public long lateAnswers() {
        return pool.lateAnswers();
    }

    private void state(Link.Listener states, Link.State state, @Nullable RuntimeException cause) {
        if (state != Link.State.READY) {
            described = null;
        }
        states.state(state, cause);
    }

    /** Closes for good: calls in flight fail with the code that applies to each. */
    public Future<Void> close() {
        pool.close();
        return servers.close();
    }

    /** What the monitor sees of the pool, and the pool of the monitor. */
    private final class Beside implements ServerMonitor.Watched, PoolWatch {

        @Override
        public void begin() {
            monitor.begin();
        }

        @Override
        public void end() {
            monitor.end();
        }

        @Override
        public void described(HelloReply reply) {
            described = reply;
        }

        @Override
        public void lost(CallException why) {
            pool.drop(why);
        }

        @Override
        public long heardMillis() {
            return pool.heardMillis();
        }

        @Override
        public boolean isRead() {
            return pool.isRead();
        }
    }
}
