package dev.polywire.mongodb.client;

import dev.polywire.core.net.Backoff;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Link;
import dev.polywire.core.net.Spi;
import dev.polywire.mongodb.wire.MongoClientOptions;
import dev.polywire.mongodb.wire.MongoMessage;
import dev.polywire.mongodb.wire.MongoUri;
import dev.polywire.mongodb.wire.ScramHash;
import dev.polywire.mongodb.wire.ScramKeyCache;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.security.SecureRandom;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Keeps one connection to a server up, and sends commands on it; a second one only asks whether the server is there. */
public final class MongoClient {

    private static final int KEY_BYTES = 32;

    private final ServerLookup servers;
    private final Link<MongoConnection> link;
    private final Heartbeat heartbeat;
    private @Nullable MongoConnection last;
    private long lateAnswersBefore;

    /** The same for one server, whose name is no service's. */
    public MongoClient(
            Vertx vertx,
            EndpointOptions endpoint,
            MongoClientOptions options,
            int maxInFlight,
            long heartbeatMillis,
            Spi spi,
            Link.Listener states) {
        this(vertx, endpoint, options, null, maxInFlight, heartbeatMillis, spi, states);
    }

    /**
     * @param endpoint the server; with a service what its servers have in common
     * @param service a URI of SRV, which is looked up for each connection; null: the server is the endpoint
     * @param maxInFlight how many commands may be sent and unanswered
     * @param heartbeatMillis how often a second connection asks whether the server is there; 0: never, and there is none
     * @param states receives the states of the connection
     */
    public MongoClient(
            Vertx vertx,
            EndpointOptions endpoint,
            MongoClientOptions options,
            @Nullable MongoUri service,
            int maxInFlight,
            long heartbeatMillis,
            Spi spi,
            Link.Listener states) {
        SecureRandom random = new SecureRandom();
        this.servers = new ServerLookup(vertx, endpoint, options, service, spi, () -> ScramHash.nonce(random));
        byte[] secret = new byte[KEY_BYTES];
        random.nextBytes(secret);
        ScramKeyCache keys = new ScramKeyCache(secret);
        this.link = new Link<>(
                vertx,
                () -> servers.find()
                        .compose(found -> MongoConnection.connect(found.dialer(), found.options(), maxInFlight, keys))
                        .onSuccess(this::made),
                new Backoff(new Random()),
                (state, cause) -> state(states, state, cause));
        this.heartbeat = new Heartbeat(vertx, servers, heartbeatMillis, keys);
    }

    /** Starts to connect. @return the outcome of the first attempt; the client tries again after a failure */
    public Future<Void> start() {
        return link.start();
    }

    /** Sends a request as soon as there is a connection. @return {@link MongoCall#answer} */
    public Future<MongoMessage> send(MongoCall call) {
        MongoConnection up = link.now();
        if (up != null) {
            up.send(call);
            return call.answer();
        }
        return link.ready(call.patience(), call.requestBytes()).compose(now -> {
            now.send(call);
            return call.answer();
        });
    }

    /** Sends a command as soon as there is a connection. @return {@link MongoCall#document} */
    public Future<Buffer> command(MongoCall call) {
        MongoConnection up = link.now();
        if (up != null) {
            up.send(call);
            return call.document();
        }
        return send(call).compose(sent -> call.document());
    }

    /** Answers that arrived after their callers had given up. */
    public long lateAnswers() {
        return lateAnswersBefore + (last == null ? 0 : last.lateAnswers());
    }

    private void state(Link.Listener states, Link.State state, @Nullable RuntimeException cause) {
        if (state != Link.State.CONNECTING) {
            heartbeat.watch(state == Link.State.READY ? link.now() : null);
        }
        states.state(state, cause);
    }

    private void made(MongoConnection connection) {
        lateAnswersBefore = lateAnswers();
        last = connection;
    }

    /** Closes for good: calls in flight fail with the code that applies to each. */
    public Future<Void> close() {
        link.close();
        return servers.close();
    }
}
