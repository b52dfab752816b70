package dev.polywire.mongodb.session;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Dialer;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Link;
import dev.polywire.core.net.PoolEvent;
import dev.polywire.core.net.Spi;
import dev.polywire.mongodb.client.MongoCall;
import dev.polywire.mongodb.client.MongoConnection;
import dev.polywire.mongodb.server.ScriptedHello;
import dev.polywire.mongodb.server.ScriptedMongo;
import dev.polywire.mongodb.server.ScriptedPeer;
import dev.polywire.mongodb.wire.ClientMetadata;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.mongodb.wire.MongoClientOptions;
import dev.polywire.mongodb.wire.MongoServerMachine;
import dev.polywire.mongodb.wire.ScramKeyCache;
import dev.polywire.testing.Gate;
import dev.polywire.testing.Loop;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A scripted server and a pool of connections to it, on one context. */
final class PoolStage implements AutoCloseable, ScriptedMongo.Script {

    static final long A_MINUTE = 60_000;
    static final Buffer PING = Documents.bson("{ping: 1, $db: 'admin'}");
    static final Buffer INSERT = Documents.bson("{insert: 'c', $db: 'd'}");
    /** It may wait at the server. */
    static final Buffer WAITS = Documents.bson("{getMore: 7, collection: 'c', maxTimeMS: 1000, $db: 'd'}");

    /** What has arrived at the server, and on which connection. */
    record Came(ScriptedPeer peer, MongoServerMachine.Request request) {

        Came ok() {
            peer.reply(request, Documents.OK);
            return this;
        }

        int connection() {
            return peer.number();
        }
    }

    final Loop loop = new Loop();
    final List<ScriptedPeer> peers = new CopyOnWriteArrayList<>();
    final List<String> events = new CopyOnWriteArrayList<>();
    final List<Link.State> states = new CopyOnWriteArrayList<>();
    final int port;
    /** Of each hello. */
    volatile BiConsumer<ScriptedPeer, MongoServerMachine.Request> hello =
            (peer, request) -> peer.reply(request, ScriptedHello.today());
    /** Of each request, beside that it is kept. */
    volatile Consumer<Came> script = came -> {};

    volatile Consumer<Link.State> listener = state -> {};
    /** What each dial fails with; null: the server is asked. */
    volatile @Nullable RuntimeException refusal;

    volatile boolean watched;

    final AtomicInteger dials = new AtomicInteger();

    private final BlockingQueue<Came> arrived = new LinkedBlockingQueue<>();
    private int dialled;
    private MongoPool pool;

    PoolStage() {
        this.port = Outcome.value(
                loop.call(() -> new ScriptedMongo(loop.vertx(), EndpointOptions.of("127.0.0.1", 0), this).listen()));
        this.dialled = port;
    }

    /** From the start on through a gate. */
    Gate gate() {
        Gate gate = new Gate(port);
        dialled = gate.port();
        return gate;
    }

    static MongoPoolOptions options(int most, int maxWaiting, int pipeline, long pipelineMillis) {
        return new MongoPoolOptions(most, 0, 2, 600_000, 3_600_000, maxWaiting, pipeline, pipelineMillis, 2);
    }

    /** Begins. @return the outcome of the first attempt */
    Future<Void> start(MongoPoolOptions options) {
        MongoClientOptions wire = new MongoClientOptions(1_000_000, new ClientMetadata("test", "1.0"), 1, 2_000);
        return start(options, wire);
    }

    Future<Void> start(MongoPoolOptions options, MongoClientOptions wire) {
        ScramKeyCache keys = new ScramKeyCache(new byte[16]);
        Spi spi = new Spi() {
            @Override
            public void pool(String protocol, String target, PoolEvent event, String reason) {
                events.add(reason.isEmpty() ? event.name() : event + " " + reason);
            }
        };
        return loop.call(() -> {
            Dialer dialer = new Dialer(
                    loop.vertx(), new EndpointOptions("127.0.0.1", dialled, 2_000, null), "mongodb", Spi.NONE);
            pool = new MongoPool(
                    loop.vertx(),
                    () -> {
                        dials.incrementAndGet();
                        RuntimeException refused = refusal;
                        return refused != null
                                ? loop.vertx().timer(1).compose(later -> Future.failedFuture(refused))
                                : MongoConnection.connect(dialer, wire, options.pipeline(), keys);
                    },
                    options,
                    "server",
                    spi,
                    (state, cause) -> {
                        states.add(state);
                        listener.accept(state);
                    },
                    new PoolWatch() {
                        @Override
                        public void begin() {
                            watched = true;
                        }

                        @Override
                        public void end() {
                            watched = false;
                        }
                    });
            return pool.start();
        });
    }

    MongoPool pool() {
        return pool;
    }

    /** On the pool's context. */
    Future<String> sending(Buffer command, long millis) {
        return sending(command, millis, null);
    }

    /** @param compressor that it must have; null: none */
    Future<String> sending(Buffer command, long millis, @Nullable String compressor) {
        Deadline deadline = Deadline.after(loop.vertx(), millis);
        MongoCall call = new MongoCall(command, deadline);
        if (compressor != null) {
            call.compressedWith(compressor);
        }
        return sending(call);
    }

    private Future<String> sending(MongoCall call) {
        pool.send(call);
        Deadline deadline = call.patience();
        return call.answer().onComplete(over -> deadline.met()).map("ok").otherwise(PoolStage::word);
    }

    Future<String> send(Buffer command, long millis) {
        return loop.call(() -> sending(command, millis));
    }

    Future<String> send(Buffer command) {
        return send(command, A_MINUTE);
    }

    /** A command that need not be answered, when its writeConcern says so. */
    Future<String> sendUnheard(Buffer command, long millis) {
        return loop.call(() -> sending(new MongoCall(command, false, Deadline.after(loop.vertx(), millis), true)));
    }

    static CallException badLogin() {
        return new CallException(CallException.Reason.UNAUTHENTICATED, "bad login");
    }

    static String word(Throwable failed) {
        return failed instanceof CallException call ? call.reason().name() : failed.toString();
    }

    Future<MongoConnection> dedicated(long millis) {
        return loop.call(() -> opening(millis));
    }

    /** On the pool's context. */
    Future<MongoConnection> opening(long millis) {
        return pool.dedicated(Deadline.after(loop.vertx(), millis));
    }

    long told(String event) {
        return events.stream().filter(event::equals).count();
    }

    PoolStatus status() {
        return loop.call(() -> pool.status());
    }

    Came next() {
        try {
            Came next = arrived.poll(Loop.PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertNotNull(next, "nothing came");
            return next;
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Override
    public void connected(ScriptedPeer peer) {
        peers.add(peer);
    }

    @Override
    public void hello(ScriptedPeer peer, MongoServerMachine.Request request) {
        hello.accept(peer, request);
    }

    @Override
    public void request(ScriptedPeer peer, MongoServerMachine.Request request) {
        Came came = new Came(peer, request);
        arrived.add(came);
        script.accept(came);
    }

    @Override
    public void close() {
        loop.close();
    }
}
