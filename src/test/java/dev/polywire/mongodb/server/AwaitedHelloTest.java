package dev.polywire.mongodb.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.EndpointOptions;
import dev.polywire.mongodb.server.SmallMongoOptions.Behaviour;
import dev.polywire.mongodb.wire.OpMsg;
import dev.polywire.testing.Outcome;
import io.vertx.core.Vertx;
import java.util.List;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A hello that waits: once, and as a stream. */
class AwaitedHelloTest {

    private static final HelloFields HELLO = HelloFields.standalone().watched();

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    private SmallMongo server(boolean streams, int maxAwaitMillis) {
        Behaviour behaviour = Behaviour.TODAY.hellos(streams, maxAwaitMillis);
        return new SmallMongo(
                vertx,
                EndpointOptions.of("127.0.0.1", 0),
                SmallMongoOptions.DEFAULT.says(HELLO).behaves(behaviour));
    }

    private static BsonDocument version(BsonDocument hello) {
        return hello.getDocument("topologyVersion");
    }

    private static long counter(BsonDocument hello) {
        return version(hello).getInt64("counter").getValue();
    }

    /** Long enough that only a change can answer it. */
    private static OpMsg waiting(BsonDocument hello, int flags) {
        OpMsg message = MongoSocket.message("{hello: 1, maxAwaitTimeMS: 600000, topologyVersion: "
                + version(hello).toJson() + "}");
        return new OpMsg(flags, message.body(), List.of());
    }

    @Test
    void streams() {
        SmallMongo server = server(true, 600_000);
        try (MongoSocket client = new MongoSocket(Outcome.value(server.listen()))) {
            BsonDocument first = client.command("{hello: 1}");
            assertEquals(0, counter(first));
            int answers = client.send(waiting(first, OpMsg.EXHAUST_ALLOWED));
            for (int i = 1; i <= 3; i++) {
                server.says(HELLO.with("setName", new BsonString("set " + i)));
                MongoSocket.Received next = client.receive();
                assertEquals(answers, next.header().responseTo());
                assertTrue(((OpMsg) next.message()).moreToCome());
                assertEquals(i, counter(next.document()));
                assertEquals("set " + i, next.document().getString("setName").getValue());
                answers = next.header().requestId();
            }
        }
    }

    /** Nothing changes, and the time is over again and again. */
    @Test
    void streamsTheSame() {
        SmallMongo server = server(true, 1);
        try (MongoSocket client = new MongoSocket(Outcome.value(server.listen()))) {
            BsonDocument first = client.command("{hello: 1}");
            int answers = client.send(waiting(first, OpMsg.EXHAUST_ALLOWED));
            for (int i = 0; i < 3; i++) {
                MongoSocket.Received next = client.receive();
                assertEquals(answers, next.header().responseTo());
                assertEquals(version(first), version(next.document()));
                answers = next.header().requestId();
            }
        }
    }

    /** One answer, at the change, because the client or the server does not want more. */
    @Test
    void waitsOnce() {
        for (boolean streams : new boolean[] {false, true}) {
            SmallMongo server = server(streams, 600_000);
            try (MongoSocket client = new MongoSocket(Outcome.value(server.listen()))) {
                BsonDocument first = client.command("{hello: 1}");
                int asked = client.send(waiting(first, streams ? 0 : OpMsg.EXHAUST_ALLOWED));
                server.says(HELLO.with("readOnly", BsonBoolean.TRUE));
                MongoSocket.Received answer = client.receive();
                assertEquals(asked, answer.header().responseTo());
                assertEquals(0, ((OpMsg) answer.message()).flagBits());
                assertEquals(1, counter(answer.document()));
                assertEquals(1.0, client.command("{ping: 1}").getDouble("ok").getValue());
            }
        }
    }

    /** A stream, or one that waits for a single answer, has its last answer before the next one begins. */
    @ParameterizedTest
    @ValueSource(ints = {0, OpMsg.EXHAUST_ALLOWED})
    void oneAfterTheOther(int flags) {
        SmallMongo server = server(true, 600_000);
        try (MongoSocket client = new MongoSocket(Outcome.value(server.listen()))) {
            BsonDocument first = client.command("{hello: 1}");
            int before = client.send(waiting(first, flags));
            int next = client.send(waiting(first, OpMsg.EXHAUST_ALLOWED));
            MongoSocket.Received answer = client.receive();
            assertEquals(before, answer.header().responseTo());
            assertEquals(0, ((OpMsg) answer.message()).flagBits());
            assertEquals(0, counter(answer.document()));
            server.says(HELLO);
            MongoSocket.Received changed = client.receive();
            assertEquals(next, changed.header().responseTo());
            assertTrue(((OpMsg) changed.message()).moreToCome());
            assertEquals(1, counter(changed.document()));
        }
    }

    /** Who knows an older version hears of the newer one at once. */
    @Test
    void knowsLess() {
        SmallMongo server = server(true, 600_000);
        try (MongoSocket client = new MongoSocket(Outcome.value(server.listen()))) {
            BsonDocument first = client.command("{hello: 1}");
            server.says(HELLO);
            MongoSocket.Received answer = client.ask(waiting(first, 0));
            assertEquals(1, counter(answer.document()));
        }
    }
}
