package dev.polywire.mongodb.client;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Link;
import dev.polywire.core.net.Spi;
import dev.polywire.mongodb.server.ScriptedPeer;
import dev.polywire.mongodb.session.MongoClient;
import dev.polywire.mongodb.session.MongoPoolOptions;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.mongodb.wire.MongoClientOptions;
import dev.polywire.mongodb.wire.OpMsg;
import dev.polywire.mongodb.wire.ScramKeyCache;
import dev.polywire.mongodb.wire.SlowDerivation;
import dev.polywire.testing.LoggedTraces;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Keys of a login are computed where they hold up nobody, once, and for nobody who is gone. */
class KeyDerivationTest {

    private final LoginStage stage = new LoginStage();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final List<ScriptedPeer> peers = new CopyOnWriteArrayList<>();
    private final MongoClientOptions options =
            LoginStage.options(List.of(SlowDerivation.mechanism(threads, begun, goOn)), LoginStage.USER);

    KeyDerivationTest() {
        stage.answers = Map.of("hello", (peer, request, honest) -> {
            peers.add(peer);
            peer.reply(request, honest);
        });
    }

    @AfterEach
    void close() {
        goOn.countDown();
        stage.close();
    }

    private static <T> Future<T> value(T value) {
        return Future.succeededFuture(value);
    }

    /** While it waits, the event loop does other work. */
    @Tag("M40")
    @Test
    void onAWorker() throws InterruptedException {
        Future<MongoConnection> connecting = stage.connecting(options);
        begun.await();
        Thread loop = Outcome.value(stage.on(() -> value(Thread.currentThread())));
        assertFalse(connecting.isComplete());
        assertFalse(threads.contains(loop));
        goOn.countDown();
        Outcome.value(connecting);
        assertEquals(1, threads.size());
    }

    /** A client's first connection, the one that says hello beside it, and those that follow. */
    @Test
    void once() {
        goOn.countDown();
        List<Link.State> states = new CopyOnWriteArrayList<>();
        MongoClient client = Outcome.value(stage.on(() -> {
            MongoClient up = new MongoClient(
                    stage.vertx,
                    EndpointOptions.of("127.0.0.1", stage.port),
                    options,
                    MongoPoolOptions.of(1, 8),
                    50,
                    Spi.NONE,
                    (state, cause) -> states.add(state));
            return up.start().map(up);
        }));
        for (int connections = 2; connections <= 4; connections += 2) {
            int most = connections;
            await().until(() -> peers.stream().distinct().count() >= most);
            peers.forEach(ScriptedPeer::close);
            long ready = connections / 2;
            await().until(() -> states.stream().filter(Link.State.READY::equals).count() > ready);
        }
        assertEquals(Documents.OK, Outcome.value(stage.on(() -> client.command(stage.ping()))));
        assertEquals(1, threads.size());
        Outcome.value(stage.on(client::close));
    }

    /** Another salt, password or number of iterations is computed anew. */
    @Test
    void whatIsKnownIsNotComputedAgain() {
        goOn.countDown();
        ScramKeyCache keys = LoginStage.keys();
        Outcome.value(stage.connecting(stage.port, options, keys));
        Outcome.value(stage.connecting(stage.port, options, keys));
        assertEquals(1, threads.size());
        Outcome.value(stage.connecting(stage.port, options, LoginStage.keys()));
        assertEquals(2, threads.size());
    }

    @Test
    void theServerGoesMeanwhile() throws InterruptedException {
        endsMeanwhile(ScriptedPeer::close, "CONNECTION_LOST");
    }

    @Test
    void theServerSpeaksMeanwhile() throws InterruptedException {
        endsMeanwhile(peer -> peer.send(1, new OpMsg(Documents.OK)), "FRAMING");
    }

    private void endsMeanwhile(Consumer<ScriptedPeer> end, String word) throws InterruptedException {
        try (LoggedTraces log = new LoggedTraces()) {
            ScramKeyCache keys = LoginStage.keys();
            Future<MongoConnection> connecting = stage.connecting(stage.port, options, keys);
            begun.await();
            end.accept(peers.get(0));
            assertEquals(word, LoginStage.word(Outcome.failure(connecting)));
            computedInVain(keys);
            assertEquals(List.of(), log.traces());
        }
    }

    /** It is remembered, but nothing is sent, and nothing fails. */
    private void computedInVain(ScramKeyCache keys) {
        goOn.countDown();
        await().until(() -> keys.toString().equals("ScramKeyCache[keys=1]"));
        assertEquals(List.of("hello"), stage.strangers);
        Outcome.value(stage.connecting(stage.port, options, keys));
        assertEquals(1, threads.size());
    }

    @Test
    void theClientIsClosedMeanwhile() throws InterruptedException {
        try (LoggedTraces log = new LoggedTraces()) {
            MongoClient client = Outcome.value(stage.on(() -> value(new MongoClient(
                    stage.vertx,
                    EndpointOptions.of("127.0.0.1", stage.port),
                    options,
                    MongoPoolOptions.of(1, 8),
                    0,
                    Spi.NONE,
                    (state, cause) -> {}))));
            Future<Void> started = stage.on(client::start);
            begun.await();
            Outcome.value(stage.on(client::close));
            assertTrue(LoginStage.word(Outcome.failure(started)).matches("SHUTTING_DOWN|CONNECTION_LOST"));
            goOn.countDown();
            // What the worker hands back has reached the context when this has come through the same way.
            Outcome.value(stage.on(() -> stage.context.executeBlocking(() -> 1)));
            assertEquals(List.of("hello"), stage.strangers);
            assertEquals(List.of(), log.traces());
        }
    }
}
