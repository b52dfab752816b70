package dev.polywire.mongodb.service;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.MemoryBudget;
import dev.polywire.mongodb.server.ScriptedHello;
import dev.polywire.mongodb.server.ScriptedMongo;
import dev.polywire.mongodb.server.ScriptedPeer;
import dev.polywire.mongodb.wire.BsonFields;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.mongodb.wire.MongoServerMachine.Request;
import dev.polywire.testing.Books;
import dev.polywire.testing.InSmallJvm;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.TrueOutcomes;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** 64 callers, and ten thousand, of a server that does not do what a server does: what they are told, and what it gets. */
class MongoBadServersTest {

    private static final int CALLERS = 64;
    private static final int MAX_POOL_SIZE = 16;
    /** Of one attempt to connect. */
    private static final int CONNECT_TIMEOUT_MILLIS = 250;

    private final Vertx vertx = Vertx.vertx();
    private final Books books = new Books();
    private final TrueOutcomes outcomes = new TrueOutcomes();
    private final Odd server = new Odd();

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    /** Counts its connections, and what it is asked. */
    private static final class Odd implements ScriptedMongo.Script {

        private final AtomicInteger connections = new AtomicInteger();
        private final AtomicInteger open = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();
        private final List<String> asked = new CopyOnWriteArrayList<>();
        private final Set<String> inserted = ConcurrentHashMap.newKeySet();
        private volatile boolean greets = true;
        private volatile BiConsumer<ScriptedPeer, Request> manner = (peer, request) -> {};

        @Override
        public void connected(ScriptedPeer peer) {
            connections.incrementAndGet();
            most.accumulateAndGet(open.incrementAndGet(), Math::max);
        }

        @Override
        public void closed(ScriptedPeer peer, RuntimeException cause) {
            open.decrementAndGet();
        }

        @Override
        public void hello(ScriptedPeer peer, Request request) {
            if (greets) {
                peer.reply(request, ScriptedHello.today());
            }
        }

        @Override
        public void request(ScriptedPeer peer, Request request) {
            String name = BsonFields.firstName(request.command());
            asked.add(name);
            if (name.equals("insert")) {
                inserted.add(BsonFields.text(request.command(), "insert"));
            }
            manner.accept(peer, request);
        }
    }

    private static void ok(ScriptedPeer peer, Request request) {
        peer.reply(request, Documents.OK);
    }

    private void deploy(JsonObject settings) {
        int port = Outcome.value(new ScriptedMongo(vertx, EndpointOptions.of("127.0.0.1", 0), server).listen());
        JsonObject config = new JsonObject()
                .put("port", port)
                .put("maxPoolSize", MAX_POOL_SIZE)
                .put("connectTimeoutMillis", CONNECT_TIMEOUT_MILLIS)
                .put("heartbeatMillis", 0)
                .mergeIn(settings);
        Outcome.value(vertx.deployVerticle(new MongoVerticle(), new DeploymentOptions().setConfig(config)));
    }

    private MongoService mongo(long deadlineMillis) {
        return MongoService.proxy(vertx, "polywire.mongodb", deadlineMillis);
    }

    private Future<Void> insert(MongoService mongo, String what) {
        Future<JsonObject> told = mongo.command("db", "insert", new JsonObject().put("insert", what), null);
        books.note(told);
        return outcomes.any(what, told);
    }

    /** Each inserts once, all together. */
    private List<Future<Void>> insertAll(int callers, long deadlineMillis) {
        MongoService mongo = mongo(deadlineMillis);
        return IntStream.range(0, callers)
                .mapToObj(n -> insert(mongo, "things" + n))
                .toList();
    }

    private void balance() {
        assertEquals(books.sent(), books.settled());
        outcomes.verify(server.inserted);
        await().until(() -> MemoryBudget.of(vertx).heldBytes() == 0);
    }

    /** No caller makes it try harder: one connection is tried at a time. */
    @ParameterizedTest
    @CsvSource({"false, false", "true, true"})
    void oneThatNeverLetsAnybodyIn(boolean greets, boolean withLogin) {
        server.greets = greets;
        JsonObject login = new JsonObject().put("user", "user").put("password", "canary-7f3a-pool");
        deploy(withLogin ? login : new JsonObject());
        insertAll(CALLERS, 1_500).forEach(Outcome::value);
        assertEquals(CALLERS, books.of("UNAVAILABLE"), books::toString);
        Set<String> expected = withLogin ? Set.of("saslStart") : Set.of();
        assertEquals(expected, Set.copyOf(server.asked));
        assertTrue(server.connections.get() > 1, "it is tried again");
        assertTrue(server.connections.get() < MAX_POOL_SIZE, () -> "connections: " + server.connections);
        // One more: what is given up here may not have ended there.
        assertTrue(server.most.get() <= 2, () -> "connections at a time: " + server.most);
        balance();
    }

    /** @param answers whether the first command of a connection is answered */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void oneThatClosesBehindTheFirstCommand(boolean answers) {
        server.manner = (peer, request) -> {
            if (answers) {
                ok(peer, request);
            }
            peer.close();
        };
        deploy(new JsonObject());
        for (int round = 0; round < 2; round++) {
            int first = round * CALLERS;
            IntStream.range(first, first + CALLERS)
                    .mapToObj(n -> insert(mongo(5_000), "things" + n))
                    .toList()
                    .forEach(Outcome::value);
        }
        assertEquals(answers, books.ok() > 0, books::toString);
        assertEquals(
                books.sent(),
                books.ok() + books.of("UNKNOWN_OUTCOME") + books.of("CONNECTION_LOST") + books.of("UNAVAILABLE"),
                books::toString);
        assertTrue(server.most.get() <= MAX_POOL_SIZE, () -> "connections at a time: " + server.most);
        server.manner = MongoBadServersTest::ok;
        await().until(() -> {
            int before = books.ok();
            Outcome.value(insert(mongo(5_000), "after" + books.sent()));
            return books.ok() > before;
        });
        balance();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, MAX_POOL_SIZE})
    void oneThatAnswersSlowly(int maxPoolSize) {
        server.manner = (peer, request) -> vertx.setTimer(30, later -> ok(peer, request));
        deploy(new JsonObject().put("maxPoolSize", maxPoolSize));
        insertAll(CALLERS, 60_000).forEach(Outcome::value);
        assertEquals(CALLERS, books.ok(), books::toString);
        assertEquals(CALLERS, server.inserted.size());
        assertTrue(server.connections.get() <= maxPoolSize, () -> "connections: " + server.connections);
        balance();
    }

    /** Those beyond the queue are told so at once, while the server answers nothing; the others are served when it does. */
    @Test
    @InSmallJvm
    void tenThousandAtOnce() {
        int all = 10_000;
        int maxWaiting = 1_000;
        int mostSent = MAX_POOL_SIZE * 8;
        List<Runnable> answers = new CopyOnWriteArrayList<>();
        server.manner = (peer, request) -> answers.add(() -> ok(peer, request));
        deploy(new JsonObject().put("maxRequests", 20_000).put("failFast", true).put("connectTimeoutMillis", 10_000));
        List<Future<Void>> told = insertAll(all, 60_000);
        await().until(() -> books.of("OVERLOADED") >= all - maxWaiting - mostSent);
        assertEquals(0, books.ok());
        server.manner = MongoBadServersTest::ok;
        answers.forEach(Runnable::run);
        told.forEach(Outcome::value);
        assertTrue(books.ok() >= maxWaiting, books::toString);
        assertEquals(all, books.ok() + books.of("OVERLOADED"), books::toString);
        assertEquals(books.ok(), server.inserted.size());
        balance();
    }
}
