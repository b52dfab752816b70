package dev.polywire.mongodb.server;

import dev.polywire.core.net.EndpointOptions;
import dev.polywire.mongodb.store.DocumentStore;
import dev.polywire.mongodb.wire.MongoServerMachine;
import dev.polywire.mongodb.wire.ScramHash;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * A MongoDB server with a small store in memory, for development and tests: official drivers connect, log in, insert, find with
 * getMore, update, delete, tail capped collections, and get the errors of a server. It is one server alone, whatever its hello says of
 * others.
 *
 * <p>Known are insert, find, getMore, killCursors, update ({@code $set} and whole documents), delete, count, the aggregation by
 * which drivers count, create, drop, dropDatabase, listCollections, ping, buildInfo, endSessions, the test command sleep (without locks), and the login. Filters compare
 * top-level fields ({@code {a: 1}}, {@code $eq}, {@code $gte}). What is not known is refused, never ignored: a field that MongoDB
 * does not know either with 40415, one that is only missing here with 238. Taken without a meaning are the fields of sessions, read
 * preferences, concerns, time limits, comments and the Stable API, and any in a hello. There are no transactions.
 *
 * <p>A connection's requests are done one after the other: behind a getMore that waits ({@code awaitData}), the stream of one that
 * allows exhaust, or a command that {@link CommandDelay} holds, the later ones wait. Any connection may read a cursor.
 */
public final class SmallMongo {

    private final Vertx vertx;
    /** All of its connections are on it. */
    private final Context context;

    private final ScriptedMongo server;
    private final SmallMongoOptions options;
    private final DocumentStore store;
    private final CursorTable cursors;
    private final MongoCommands commands;
    /** Hashed once; each connection has a copy. */
    private final @Nullable ScriptedLogin login;

    private final Map<ScriptedPeer, SmallMongoSession> sessions = new HashMap<>();
    /** Of nonces and cursors. */
    private final SecureRandom random = new SecureRandom();

    private HelloFields hello;
    private long changes;

    /** @param endpoint where to listen; port 0: the system chooses */
    public SmallMongo(Vertx vertx, EndpointOptions endpoint, SmallMongoOptions options) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.options = options;
        this.hello = options.hello();
        this.store = new DocumentStore(options.bounds().store(), options.documentBytes(), ObjectId::new);
        this.cursors = new CursorTable(
                options.bounds().maxCursors(), options.behaviour().ownsCursors(), random);
        this.commands = new MongoCommands(store, cursors, options);
        SmallMongoOptions.MongoUser user = options.user();
        this.login = user == null
                ? null
                : new ScriptedLogin(user.manner(), user.credential(), user.mechanisms(), () -> ScramHash.nonce(random));
        this.server =
                new ScriptedMongo(vertx, endpoint, options.compressors(), options.messageBytes(), new SessionScript());
    }

    /** @return the port it listens on */
    public Future<Integer> listen() {
        Promise<Integer> port = Promise.promise();
        context.runOnContext(now -> server.listen().onComplete(port));
        return port.future();
    }

    /** Stops listening and closes all connections. The documents stay until the object is gone. */
    public Future<Void> close() {
        return server.close();
    }

    /** Says something else of itself from now on, also to clients that wait for a change. Sizes stay what they were. */
    public void says(HelloFields changed) {
        context.runOnContext(now -> {
            hello = changed;
            changes++;
            sessions.values().forEach(SmallMongoSession::changed);
        });
    }

    /** How many there are now. */
    int connections() {
        return sessions.size();
    }

    Vertx vertx() {
        return vertx;
    }

    SmallMongoOptions options() {
        return options;
    }

    /** In another turn of its context, after what waits there. */
    void later(Runnable step) {
        context.runOnContext(now -> step.run());
    }

    HelloFields hello() {
        return hello;
    }

    /** How often its hello has changed. */
    long changes() {
        return changes;
    }

    CursorTable cursors() {
        return cursors;
    }

    MongoCommands commands() {
        return commands;
    }

    DocumentStore store() {
        return store;
    }

    /** That of one connection; null: nobody has to log in. */
    @Nullable
    ScriptedLogin login() {
        return login == null ? null : login.another();
    }

    /** Gives each connection a session, and each request to its session. */
    private final class SessionScript implements ScriptedMongo.Script {

        @Override
        public void connected(ScriptedPeer peer) {
            if (sessions.size() == options.bounds().maxConnections()) {
                peer.abort();
                return;
            }
            sessions.put(peer, new SmallMongoSession(SmallMongo.this, peer));
        }

        @Override
        public void hello(ScriptedPeer peer, MongoServerMachine.Request request) {
            request(peer, request);
        }

        @Override
        public void request(ScriptedPeer peer, MongoServerMachine.Request request) {
            SmallMongoSession session = sessions.get(peer);
            if (session != null) {
                session.request(request);
            }
        }

        @Override
        public void written(ScriptedPeer peer) {
            SmallMongoSession session = sessions.get(peer);
            if (session != null) {
                session.written();
            }
        }

        @Override
        public void closed(ScriptedPeer peer, RuntimeException cause) {
            SmallMongoSession session = sessions.remove(peer);
            if (session != null) {
                session.ended();
            }
        }
    }
}
