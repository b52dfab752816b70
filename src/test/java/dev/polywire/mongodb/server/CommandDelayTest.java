package dev.polywire.mongodb.server;

import static dev.polywire.mongodb.server.MongoSocket.cursorId;
import static dev.polywire.mongodb.server.MongoSocket.ids;
import static dev.polywire.mongodb.server.SmallMongoTest.number;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.EndpointOptions;
import dev.polywire.mongodb.server.SmallMongoOptions.Behaviour;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.mongodb.wire.OpMsg;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server that is slow, or silent, where a test wants it to be. */
class CommandDelayTest {

    private static final HelloFields HELLO = HelloFields.standalone().watched();

    private final Vertx vertx = Vertx.vertx();
    private final CommandGate gate = new CommandGate();
    private final SmallMongoOptions options = SmallMongoOptions.DEFAULT
            .says(HELLO)
            .behaves(Behaviour.TODAY.hellos(true, 1))
            .keeps(SmallMongoBounds.DEFAULT.waits(600_000, 2))
            .delays(gate);
    private final SmallMongo server = new SmallMongo(vertx, EndpointOptions.of("127.0.0.1", 0), options);
    private final int port = Outcome.value(server.listen());

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    private void awaitHeld(String name, int count) {
        await().until(() -> gate.waiting(name) == count);
    }

    /** Behind one that is held its connection's others wait, more than are kept; other connections do not. */
    @Test
    void holdsItsConnection() {
        try (MongoSocket client = new MongoSocket(port);
                MongoSocket other = new MongoSocket(port)) {
            gate.shut("find");
            List<Integer> asked = new ArrayList<>();
            asked.add(client.send(MongoSocket.message("{find: 'things'}")));
            for (int i = 0; i < 6; i++) {
                asked.add(client.send(MongoSocket.message("{ping: 1}")));
            }
            awaitHeld("find", 1);
            other.command("{insert: 'things', documents: [{_id: 1}]}");
            gate.open("find");
            MongoSocket.Received found = client.receive();
            assertEquals(asked.get(0), found.header().responseTo());
            assertEquals(List.of(1), ids(found.document()));
            for (int id : asked.subList(1, asked.size())) {
                assertEquals(id, client.receive().header().responseTo());
            }
            assertEquals(List.of(1), ids(client.command("{find: 'things'}")));
        }
    }

    /** What is too late is not done. */
    @Test
    void endsWithMaxTime() {
        try (MongoSocket client = new MongoSocket(port)) {
            gate.shut("insert");
            BsonDocument answer = client.command("{insert: 'things', documents: [{_id: 1}], maxTimeMS: 1}");
            assertEquals(50, number(answer, "code"));
            assertEquals("MaxTimeMSExpired", answer.getString("codeName").getValue());
            gate.open("insert");
            assertEquals(0, number(client.command("{count: 'things'}"), "n"));
            assertEquals(
                    1, number(client.command("{insert: 'things', documents: [{_id: 1}], maxTimeMS: 600000}"), "n"));
        }
    }

    /** A getMore's time is that of waiting for documents. */
    @Test
    void getMoreIsHeldLonger() {
        try (MongoSocket client = new MongoSocket(port);
                MongoSocket other = new MongoSocket(port)) {
            client.command("{create: 'log', capped: true, size: 1000}");
            client.command("{insert: 'log', documents: [{_id: 1}]}");
            long id = cursorId(client.command("{find: 'log', tailable: true, awaitData: true}"));
            gate.shut("getMore");
            client.send(MongoSocket.message("{getMore: {$numberLong: '" + id + "'}, collection: 'log', maxTimeMS: 1}"));
            awaitHeld("getMore", 1);
            other.command("{insert: 'log', documents: [{_id: 2}]}");
            gate.open("getMore");
            assertEquals(List.of(2), ids(client.receive().document()));
        }
    }

    /** A monitor hears nothing while commands are answered, and then what is new. */
    @Test
    void monitorIsSilent() {
        try (MongoSocket monitor = new MongoSocket(port);
                MongoSocket client = new MongoSocket(port)) {
            stream(monitor);
            gate.shut("hello");
            awaitHeld("hello", 1);
            assertEquals(1, number(client.command("{ping: 1}"), "ok"));
            server.says(HELLO.with("setName", new BsonString("later")));
            client.send(MongoSocket.message("{hello: 1}"));
            // That of the client, and two of the stream, which has something new to say.
            awaitHeld("hello", 3);
            gate.open("hello");
            while (!monitor.receive().document().containsKey("setName")) {
                // What was on its way.
            }
            assertEquals(
                    "later", client.receive().document().getString("setName").getValue());
        }
    }

    @Test
    void monitorHearsMore() {
        try (MongoSocket monitor = new MongoSocket(port);
                MongoSocket client = new MongoSocket(port)) {
            gate.shut("ping");
            client.send(MongoSocket.message("{ping: 1}"));
            awaitHeld("ping", 1);
            stream(monitor);
            for (int i = 0; i < 3; i++) {
                assertTrue(((OpMsg) monitor.receive().message()).moreToCome());
            }
            gate.open("ping");
            assertEquals(1, number(client.receive().document(), "ok"));
        }
    }

    private static void stream(MongoSocket monitor) {
        String version =
                monitor.command("{hello: 1}").getDocument("topologyVersion").toJson();
        monitor.send(MongoSocket.exhaust("{hello: 1, maxAwaitTimeMS: 1, topologyVersion: " + version + "}"));
        assertTrue(((OpMsg) monitor.receive().message()).moreToCome());
    }

    /** Nothing is done for who has gone. */
    @Test
    void endsWithTheConnection() {
        gate.shut("insert");
        try (MongoSocket client = new MongoSocket(port)) {
            client.send(MongoSocket.message("{insert: 'things', documents: [{_id: 1}]}"));
            client.send(MongoSocket.message("{insert: 'things', documents: [{_id: 2}]}"));
            awaitHeld("insert", 1);
        }
        await().until(() -> server.connections() == 0);
        gate.open("insert");
        try (MongoSocket other = new MongoSocket(port)) {
            assertEquals(0, number(other.command("{count: 'things'}"), "n"));
        }
    }

    @Test
    void soLong() {
        CommandDelay slow = CommandDelay.millis(name -> name.equals("ping") ? 1 : 0);
        try (MongoSocket client = MongoSocket.to(vertx, options.delays(slow))) {
            assertEquals(1, number(client.command("{ping: 1}"), "ok"));
            assertEquals(1, number(client.command("{buildInfo: 1}"), "ok"));
            assertEquals(
                    40_571, number(client.ask(new OpMsg(Documents.bson("{}"))).document(), "code"));
        }
    }

    @Test
    void cutsConnections() {
        CommandDelay cut = (owner, command) -> Future.failedFuture("cut");
        try (MongoSocket client = MongoSocket.to(vertx, options.delays(cut))) {
            client.send(MongoSocket.message("{ping: 1}"));
            assertTrue(client.isClosed());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{sleep: 1, millis: 1, $db: 'admin'} | 0",
                "{sleep: 1, millis: -1, lock: 'none', $db: 'admin'} | 0",
                "{sleep: 1, secs: 0, millis: 1, $db: 'admin', maxTimeMS: 600000} | 0",
                "{sleep: 1, $db: 'admin', maxTimeMS: 1} | 50",
                "{sleep: 1, seconds: 600, $db: 'admin', maxTimeMS: 1} | 50",
                "{sleep: 1, millis: 600000, $db: 'admin', maxTimeMS: 1} | 50",
                "{sleep: 1, secs: 1, seconds: 1, $db: 'admin'} | 51153",
                "{sleep: 1, millis: 'x', $db: 'admin'} | 14",
                "{sleep: 1, millis: 1, $db: 'db'} | 13",
            })
    void sleeps(String sleep, int code) {
        try (MongoSocket client = new MongoSocket(port)) {
            int asked = client.send(new OpMsg(Documents.bson(sleep)));
            int next = client.send(MongoSocket.message("{ping: 1}"));
            MongoSocket.Received answer = client.receive();
            assertEquals(asked, answer.header().responseTo());
            assertEquals(code, code == 0 ? 1 - number(answer.document(), "ok") : number(answer.document(), "code"));
            assertEquals(next, client.receive().header().responseTo());
        }
    }
}
