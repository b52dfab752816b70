package dev.polywire.mongodb.server;

import dev.polywire.core.net.EndpointOptions;
import dev.polywire.mongodb.store.DocumentStore;
import dev.polywire.mongodb.wire.MessageHeader;
import dev.polywire.mongodb.wire.MongoServerMachine;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.bson.types.ObjectId;

/**
 * A MongoDB server with a small store in memory, for development and tests: official drivers connect, log in, insert, find with
 * getMore, update, delete, and get the errors of a server. It is one server alone, whatever its hello says of others.
 *
 * <p>Known are insert, find, getMore, killCursors, update ({@code $set} and whole documents), delete, count, the aggregation by
 * which drivers count, create, drop, dropDatabase, listCollections, ping, buildInfo, endSessions, and the login. Filters compare
 * top-level fields ({@code {a: 1}}, {@code $eq}, {@code $gte}). What is not known is refused, never ignored, but for the fields of
 * sessions, read preferences, concerns and the Stable API, which have no meaning here. There are no transactions.
 *
 * <p>A cursor ends with the connection that has opened it; any connection may read it.
 */
public final class SmallMongo {

    private final Vertx vertx;
    private final ScriptedMongo server;
    private final SmallMongoOptions options;
    private final DocumentStore store;
    private final CursorTable cursors;
    private final MongoCommands commands;
    private final Map<ScriptedPeer, SmallMongoSession> sessions = new HashMap<>();
    /** Nonces, cursors: nothing here is worth a secret. */
    private final Random random = new Random();

    private HelloFields hello;
    private long changes;

    /** @param endpoint where to listen; port 0: the system chooses */
    public SmallMongo(Vertx vertx, EndpointOptions endpoint, SmallMongoOptions options) {
        this.vertx = vertx;
        this.options = options;
        this.hello = options.hello();
        this.store = new DocumentStore(options.store(), ObjectId::new);
        this.cursors = new CursorTable(options.maxCursors(), random);
        this.commands = new MongoCommands(store, cursors, options);
        this.server = new ScriptedMongo(
                vertx,
                endpoint,
                options.compressors(),
                Math.min(
                        hello.size(HelloFields.MAX_MESSAGE_BYTES, MessageHeader.MAX_MESSAGE_BYTES),
                        MessageHeader.MAX_MESSAGE_BYTES),
                new SessionScript());
    }

    /** @return the port it listens on */
    public Future<Integer> listen() {
        return server.listen();
    }

    /** Stops listening and closes all connections. The documents stay until the object is gone. */
    public Future<Void> close() {
        return server.close();
    }

    /** Says something else of itself from now on, also to clients that wait for a change. Called on the server's context. */
    public void says(HelloFields changed) {
        hello = changed;
        changes++;
        sessions.values().forEach(SmallMongoSession::changed);
    }

    Vertx vertx() {
        return vertx;
    }

    SmallMongoOptions options() {
        return options;
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

    Random random() {
        return random;
    }

    /** Gives each connection a session, and each request to its session. */
    private final class SessionScript implements ScriptedMongo.Script {

        @Override
        public void connected(ScriptedPeer peer) {
            if (sessions.size() == options.maxConnections()) {
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
                if (peer.isBehind()) {
                    peer.pause();
                }
            }
        }

        @Override
        public void written(ScriptedPeer peer) {
            if (!peer.isBehind()) {
                peer.resume();
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
