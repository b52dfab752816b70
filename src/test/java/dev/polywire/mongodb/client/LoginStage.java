package dev.polywire.mongodb.client;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Dialer;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Spi;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.mongodb.server.ScriptedLogin;
import dev.polywire.mongodb.server.ScriptedLogin.Manner;
import dev.polywire.mongodb.server.ScriptedMongo;
import dev.polywire.mongodb.server.ScriptedPeer;
import dev.polywire.mongodb.wire.BsonFields;
import dev.polywire.mongodb.wire.BsonOut;
import dev.polywire.mongodb.wire.ClientMetadata;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.mongodb.wire.MongoClientOptions;
import dev.polywire.mongodb.wire.MongoCredential;
import dev.polywire.mongodb.wire.MongoLogin;
import dev.polywire.mongodb.wire.MongoMechanism;
import dev.polywire.mongodb.wire.MongoServerMachine.Request;
import dev.polywire.mongodb.wire.ScramHash;
import dev.polywire.mongodb.wire.ScramKeyCache;
import dev.polywire.testing.Canary;
import dev.polywire.testing.Outcome;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * A server that knows one user and answers as a test wants, and clients of it on one context. The server remembers what it was
 * asked by whom it did not know yet.
 */
final class LoginStage implements AutoCloseable, ScriptedMongo.Script {

    static final MongoCredential USER = new MongoCredential(Canary.of("mongo-user"), Canary.of("mongo"), "admin");
    static final List<ScramHash> BOTH = List.of(ScramHash.SHA_1, ScramHash.SHA_256);
    /** Not reached, but by a test that waits for it. */
    private static final long PATIENCE_MILLIS = 30_000;

    private static final String HELLO = "hello";

    /** What the server does when it would answer so. */
    @FunctionalInterface
    interface Answer {
        void send(ScriptedPeer peer, Request request, Buffer honest);

        /** As it is. */
        Answer HONEST = ScriptedPeer::reply;
    }

    final Vertx vertx;
    final Context context;
    final int port;
    /** The names of commands, in order, of who had not logged in. */
    final List<String> strangers = new CopyOnWriteArrayList<>();
    /** Fields of its hello beside its login. */
    volatile String hello = "maxWireVersion: 25";
    /** By the name of the command; a hello by {@code hello}. */
    volatile Map<String, Answer> answers = Map.of();

    private final Map<ScriptedPeer, ScriptedLogin> logins = new ConcurrentHashMap<>();
    private final Random random = new Random(5);
    private volatile ScriptedLogin login;

    LoginStage() {
        this(Vertx.vertx());
    }

    LoginStage(Vertx vertx) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        knows(Manner.TODAY, USER, BOTH);
        this.port = Outcome.value(new ScriptedMongo(vertx, EndpointOptions.of("127.0.0.1", 0), this).listen());
    }

    /** Whom the connections from now on may be. */
    void knows(Manner manner, MongoCredential user, List<ScramHash> mechanisms) {
        login = new ScriptedLogin(manner, user, mechanisms, () -> ScramHash.nonce(random));
    }

    @Override
    public void connected(ScriptedPeer peer) {
        logins.put(peer, login.another());
    }

    @Override
    public void hello(ScriptedPeer peer, Request request) {
        strangers.add(HELLO);
        Buffer fields = Documents.bson("{helloOk: true, ismaster: true, " + hello + ", ok: 1.0}");
        Buffer login = BsonOut.document(out -> logins.get(peer).writeTo(out, request.command()));
        answer(HELLO).send(peer, request, both(fields, login));
    }

    @Override
    public void request(ScriptedPeer peer, Request request) {
        String name = BsonFields.firstName(request.command());
        boolean known = logins.get(peer).isAuthenticated();
        if (!known) {
            strangers.add(name);
        }
        Buffer ofLogin = logins.get(peer).answer(request.command());
        Buffer refusal = Documents.bson("{ok: 0, code: 13, codeName: 'Unauthorized'}");
        answer(name).send(peer, request, ofLogin != null ? ofLogin : known ? Documents.OK : refusal);
    }

    private Answer answer(String name) {
        return answers.getOrDefault(name, Answer.HONEST);
    }

    /** The fields of one document, and of another. */
    static Buffer both(Buffer one, Buffer other) {
        int bytes = one.length() + other.length() - 5;
        return one.getBuffer(0, one.length() - 1)
                .appendBuffer(other, 4, other.length() - 4)
                .setIntLE(0, bytes);
    }

    static MongoClientOptions options(List<MongoMechanism> mechanisms, MongoCredential user) {
        return options(mechanisms, user, PATIENCE_MILLIS);
    }

    static MongoClientOptions options(List<MongoMechanism> mechanisms, MongoCredential user, long handshakeMillis) {
        Random nonces = new Random(6);
        return new MongoClientOptions(1_000_000, new ClientMetadata("test", "1.0"), 1, handshakeMillis)
                .withLogin(() -> new MongoLogin(mechanisms, user, () -> ScramHash.nonce(nonces)));
    }

    static MongoClientOptions options(ScramHash hash) {
        return options(List.of(MongoMechanism.scram(hash)), USER);
    }

    static ScramKeyCache keys() {
        return new ScramKeyCache(new byte[16]);
    }

    /** Kept, since Vert.x closes a client, with its connections, that nobody holds. */
    private final List<Dialer> dialers = new CopyOnWriteArrayList<>();

    Dialer dialer(int port) {
        Dialer dialer = new Dialer(vertx, EndpointOptions.of("127.0.0.1", port), "mongodb", Spi.NONE);
        dialers.add(dialer);
        return dialer;
    }

    Future<MongoConnection> connecting(int port, MongoClientOptions options, ScramKeyCache keys) {
        return on(() -> MongoConnection.connect(dialer(port), options, 8, keys));
    }

    Future<MongoConnection> connecting(MongoClientOptions options) {
        return connecting(port, options, keys());
    }

    /** From any thread. */
    <T> Future<T> on(Supplier<Future<T>> step) {
        Promise<T> over = Promise.promise();
        context.runOnContext(now -> step.get().onComplete(over));
        return over.future();
    }

    /** Asks on it; the answer's {@code ok}. */
    Future<Buffer> ping(MongoConnection connection) {
        return on(() -> {
            MongoCall ping = ping();
            connection.send(ping);
            return ping.document();
        });
    }

    MongoCall ping() {
        return new MongoCall(Documents.bson("{ping: 1, $db: 'admin'}"), true, Deadline.after(vertx, PATIENCE_MILLIS));
    }

    /** Why there is no connection, in a word. */
    static String word(Throwable cause) {
        if (cause instanceof CallException call) {
            return call.reason().name();
        }
        return cause instanceof ProtocolException violation ? violation.kind().name() : cause.toString();
    }

    @Override
    public void close() {
        Outcome.value(vertx.close());
    }
}
