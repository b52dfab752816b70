package dev.polywire.mongodb.session;

import static dev.polywire.mongodb.session.PoolStage.A_MINUTE;
import static dev.polywire.mongodb.session.PoolStage.PING;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Spi;
import dev.polywire.mongodb.client.MongoCall;
import dev.polywire.mongodb.server.ScriptedHello;
import dev.polywire.mongodb.server.ScriptedMongo;
import dev.polywire.mongodb.server.ScriptedPeer;
import dev.polywire.mongodb.wire.ClientMetadata;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.mongodb.wire.MongoClientOptions;
import dev.polywire.mongodb.wire.MongoServerMachine.Request;
import dev.polywire.mongodb.wire.MongoUri;
import dev.polywire.testing.Loop;
import dev.polywire.testing.NameServer;
import dev.polywire.testing.NameServer.Type;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Records of SRV that change while connections are open: new ones go to the other server, and none is cut. */
class ChangedRecordsTest {

    private static final String NAME = "c.example.test";

    private final NameServer names = new NameServer();
    private final Loop loop = new Loop(names.vertx());
    private final Vertx serving = Vertx.vertx();
    private final Server first = new Server("a.example.test");
    private final Server second = new Server("b.example.test");
    private MongoClient client;

    /** Answers hello, and nothing else by itself. */
    private final class Server implements ScriptedMongo.Script {

        final Buffer record;
        final List<ScriptedPeer> greeted = new CopyOnWriteArrayList<>();
        final List<ScriptedPeer> gone = new CopyOnWriteArrayList<>();
        final List<ScriptedPeer> askers = new CopyOnWriteArrayList<>();
        private final List<Request> asked = new CopyOnWriteArrayList<>();
        volatile boolean takes = true;

        Server(String name) {
            ScriptedMongo mongo = new ScriptedMongo(serving, EndpointOptions.of("127.0.0.1", 0), this);
            names.has(name, Type.A, NameServer.address("127.0.0.1"));
            record = NameServer.service(0, 0, Outcome.value(mongo.listen()), name);
        }

        @Override
        public void connected(ScriptedPeer peer) {
            if (!takes) {
                peer.close();
            }
        }

        @Override
        public void hello(ScriptedPeer peer, Request request) {
            greeted.add(peer);
            peer.reply(request, ScriptedHello.today());
        }

        @Override
        public void request(ScriptedPeer peer, Request request) {
            asked.add(request);
            askers.add(peer);
        }

        @Override
        public void closed(ScriptedPeer peer, RuntimeException cause) {
            gone.add(peer);
        }

        Server has(int commands) {
            await().until(() -> askers.size() == commands);
            return this;
        }

        void answers(int command) {
            askers.get(command).reply(asked.get(command), Documents.OK);
        }

        /** A connection on which hello is said again and again. */
        ScriptedPeer monitor() {
            int before = greeted.size();
            await().until(() -> greeted.size() > before);
            return greeted.get(greeted.size() - 1);
        }
    }

    @AfterEach
    void close() {
        Outcome.value(loop.call(() -> client.close()));
        loop.close();
        Outcome.value(serving.close());
        names.close();
    }

    private void start() {
        leadTo(first);
        Outcome.value(loop.call(() -> {
            client = new MongoClient(
                    loop.vertx(),
                    new EndpointOptions(NAME, 27017, 2_000, null),
                    new MongoClientOptions(1_000_000, new ClientMetadata("test", "1.0"), 1, 2_000),
                    MongoUri.parse("mongodb+srv://" + NAME + "/?tls=false"),
                    PoolStage.options(3, 10, 1, 20),
                    false,
                    100,
                    Spi.NONE,
                    (state, cause) -> {});
            return client.start();
        }));
    }

    private void leadTo(Server server) {
        names.has("_mongodb._tcp." + NAME, Type.SRV, server.record);
    }

    private Future<String> send() {
        return loop.call(() -> {
            Deadline deadline = Deadline.after(loop.vertx(), A_MINUTE);
            return client.command(new MongoCall(PING, deadline))
                    .onComplete(over -> deadline.met())
                    .map("ok")
                    .otherwise(PoolStage::word);
        });
    }

    @Test
    void nothingIsCut() {
        start();
        Future<String> slow = send();
        Future<String> other = send();
        first.has(2).answers(1);
        assertEquals("ok", Outcome.value(other));
        ScriptedPeer inUse = first.askers.get(0);
        ScriptedPeer idle = first.askers.get(1);
        Future<String> again = send();
        first.has(3);
        leadTo(second);
        Future<String> next = send();
        second.has(1).answers(0);
        assertEquals("ok", Outcome.value(next));
        first.answers(2);
        assertEquals("ok", Outcome.value(again));
        await().until(() -> first.gone.contains(idle));
        // The monitor has gone there too, and so do all commands.
        second.monitor();
        for (int i = 1; i <= 3; i++) {
            Future<String> further = send();
            second.has(i + 1).answers(i);
            assertEquals("ok", Outcome.value(further));
        }
        assertEquals(false, first.gone.contains(inUse));
        first.answers(0);
        assertEquals("ok", Outcome.value(slow));
        await().until(() -> first.gone.containsAll(first.greeted));
        assertEquals(3, first.askers.size());
    }

    /** Then the pool stays where it is, and the monitor with it. */
    @Test
    void theOtherTakesNone() {
        start();
        second.takes = false;
        Future<String> slow = send();
        first.has(1);
        leadTo(second);
        Future<String> waiting = send();
        await().until(() -> !second.gone.isEmpty());
        ScriptedPeer monitor = first.monitor();
        monitor.close();
        await().until(() -> first.monitor() != monitor);
        first.answers(0);
        assertEquals("ok", Outcome.value(slow));
        // It takes the place of the first command.
        first.has(2).answers(1);
        assertEquals("ok", Outcome.value(waiting));
        assertEquals(List.of(), second.greeted);
    }

    @Test
    void closesAllOfThem() {
        start();
        Future<String> slow = send();
        first.has(1);
        leadTo(second);
        Future<String> next = send();
        second.has(1);
        Outcome.value(loop.call(() -> client.close()));
        assertEquals(List.of("CONNECTION_LOST", "CONNECTION_LOST"), List.of(Outcome.value(slow), Outcome.value(next)));
        await().atMost(Loop.PATIENCE_SECONDS, TimeUnit.SECONDS)
                .until(() -> first.gone.containsAll(first.greeted) && second.gone.containsAll(second.greeted));
    }
}
