package dev.polywire.mongodb.server;

import static dev.polywire.mongodb.server.MongoSocket.cursorId;
import static dev.polywire.mongodb.server.MongoSocket.ids;
import static dev.polywire.mongodb.server.SmallMongoTest.number;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.polywire.core.net.EndpointOptions;
import dev.polywire.mongodb.server.SmallMongoOptions.Behaviour;
import dev.polywire.testing.Outcome;
import io.vertx.core.Vertx;
import java.util.List;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Cursors at the end of a capped collection: some wait there for documents. */
class TailableCursorTest {

    private static final String TAIL = "{find: 'log', tailable: true, awaitData: true}";
    /** Long enough that it is not the time that ends it. */
    private static final String LONG = "maxTimeMS: 600000";

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    /** A server whose log has three documents. */
    private int server(SmallMongoOptions options) {
        return filled(new SmallMongo(vertx, EndpointOptions.of("127.0.0.1", 0), options));
    }

    private static int filled(SmallMongo server) {
        int port = Outcome.value(server.listen());
        try (MongoSocket client = new MongoSocket(port)) {
            client.command("{create: 'log', capped: true, size: 100000, max: 4}");
            client.command("{create: 'empty', capped: true, size: 1000}");
            client.command("{insert: 'things', documents: [{_id: 1}]}");
            insert(client, 1, 2, 3);
        }
        return port;
    }

    private static void insert(MongoSocket client, int... ids) {
        for (int id : ids) {
            assertEquals(1, number(client.command("{insert: 'log', documents: [{_id: " + id + "}]}"), "n"));
        }
    }

    private static String more(long id, String rest) {
        return "{getMore: {$numberLong: '" + id + "'}, collection: 'log'" + (rest.isEmpty() ? "" : ", " + rest) + "}";
    }

    /** Sends a getMore, and a ping behind it, which is answered behind it. */
    private static int waits(MongoSocket client, long id) {
        int asked = client.send(MongoSocket.message(more(id, LONG)));
        client.send(MongoSocket.message("{ping: 1}"));
        return asked;
    }

    /** Code of a getMore that does not wait; 0: it is answered. */
    private static int probed(MongoSocket client, long id) {
        return client.command(more(id, "maxTimeMS: 0"))
                .getNumber("code", new BsonInt32(0))
                .intValue();
    }

    private static BsonDocument ended(MongoSocket client, int asked) {
        MongoSocket.Received answer = client.receive();
        assertEquals(asked, answer.header().responseTo());
        assertEquals(asked + 1, client.receive().header().responseTo());
        return answer.document();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{find: 'log', tailable: true} | 3 | true",
                "{find: 'log', tailable: true, awaitData: true} | 3 | true",
                "{find: 'log', tailable: true, batchSize: 0} | 0 | true",
                "{find: 'log', tailable: true, batchSize: 2} | 2 | true",
                "{find: 'log', tailable: true, limit: 2} | 2 | true",
                "{find: 'log', tailable: true, filter: {_id: 9}} | 0 | true",
                "{find: 'log'} | 3 | false",
                "{find: 'empty', tailable: true, awaitData: true} | 0 | false",
                "{find: 'empty', tailable: true, batchSize: 0} | 0 | false",
                "{find: 'nothing', tailable: true, awaitData: true} | 0 | false",
            })
    void opens(String find, int count, boolean kept) {
        try (MongoSocket client = new MongoSocket(server(SmallMongoOptions.DEFAULT))) {
            BsonDocument answer = client.command(find);
            assertEquals(count, ids(answer).size());
            assertEquals(kept, cursorId(answer) != 0);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{find: 'things', tailable: true} | 2",
                "{find: 'log', tailable: true, sort: {_id: 1}} | 2",
                "{find: 'log', tailable: true, singleBatch: true} | 2",
                "{find: 'log', tailable: true, limit: -1} | 2",
                "{find: 'log', awaitData: true} | 9",
            })
    void doesNotOpen(String find, int code) {
        try (MongoSocket client = new MongoSocket(server(SmallMongoOptions.DEFAULT))) {
            assertEquals(code, number(client.command(find), "code"));
        }
    }

    /** Without awaitData: what there is, and an empty batch when there is nothing; it takes no time to wait. */
    @Test
    void staysOpen() {
        try (MongoSocket client = new MongoSocket(server(SmallMongoOptions.DEFAULT))) {
            long id = cursorId(client.command("{find: 'log', tailable: true}"));
            BsonDocument nothing = client.command(more(id, ""));
            assertEquals(List.of(), ids(nothing));
            assertEquals(id, cursorId(nothing));
            insert(client, 4);
            assertEquals(List.of(4), ids(client.command(more(id, "batchSize: 1"))));
            assertEquals(2, number(client.command(more(id, LONG)), "code"));
            assertEquals(id, cursorId(client.command(more(id, ""))));
        }
    }

    /** Others go on meanwhile; a document that does not match wakes nobody. */
    @Test
    void waitsForDocuments() {
        int port = server(SmallMongoOptions.DEFAULT);
        try (MongoSocket client = new MongoSocket(port);
                MongoSocket other = new MongoSocket(port)) {
            long id = cursorId(client.command(TAIL.replace("}", ", filter: {_id: {$gte: 7}}}")));
            int asked = waits(client, id);
            await().until(() -> probed(other, id) == 143);
            insert(other, 5);
            assertEquals(143, probed(other, id));
            // Of one write, all come together.
            other.command("{insert: 'log', documents: [{_id: 8}, {_id: 9}]}");
            BsonDocument answer = ended(client, asked);
            assertEquals(List.of(8, 9), ids(answer));
            assertEquals(id, cursorId(answer));
        }
    }

    /** What is there already is given at once. */
    @Test
    void doesNotWait() {
        try (MongoSocket client = new MongoSocket(server(SmallMongoOptions.DEFAULT))) {
            long id = cursorId(client.command(TAIL.replace("}", ", batchSize: 1}")));
            assertEquals(List.of(2, 3), ids(client.command(more(id, LONG))));
            assertEquals(List.of(), ids(client.command(more(id, "maxTimeMS: 0"))));
        }
    }

    /** The client's time, or the server's when the client says none or more. */
    @ParameterizedTest
    @CsvSource({"'maxTimeMS: 1', 600000", "'', 1", "'maxTimeMS: 600000', 1"})
    void untilTheTimeIsOver(String time, int most) {
        SmallMongoOptions options = SmallMongoOptions.DEFAULT.keeps(SmallMongoBounds.DEFAULT.waits(most, 10));
        try (MongoSocket client = new MongoSocket(server(options))) {
            long id = cursorId(client.command(TAIL));
            for (int i = 0; i < 3; i++) {
                BsonDocument answer = client.command(more(id, time));
                assertEquals(List.of(), ids(answer));
                assertEquals(id, cursorId(answer));
            }
            insert(client, 4);
            assertEquals(List.of(4), ids(client.command(more(id, time))));
        }
    }

    /** While a getMore waits; afterwards there is no such cursor. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{killCursors: 'log', cursors: [{$numberLong: 'ID'}]} | 237",
                "{drop: 'log'} | 175",
                "{dropDatabase: 1} | 175",
                "{insert: 'log', documents: [{_id: 4}, {_id: 5}, {_id: 6}, {_id: 7}, {_id: 8}]} | 136",
            })
    void ends(String command, int code) {
        int port = server(SmallMongoOptions.DEFAULT);
        try (MongoSocket client = new MongoSocket(port);
                MongoSocket other = new MongoSocket(port)) {
            long id = cursorId(client.command(TAIL));
            int asked = waits(client, id);
            await().until(() -> probed(other, id) == 143);
            BsonDocument done = other.command(command.replace("ID", String.valueOf(id)));
            assertEquals(1.0, done.getDouble("ok").getValue());
            assertEquals(code, number(ended(client, asked), "code"));
            assertEquals(43, number(client.command(more(id, "")), "code"));
        }
    }

    /** A connection that ends while it waits ends the cursor, too, whoever has opened it. */
    @Test
    void endsWithTheConnection() {
        int port = server(SmallMongoOptions.DEFAULT);
        try (MongoSocket other = new MongoSocket(port)) {
            long id = cursorId(other.command(TAIL));
            try (MongoSocket client = new MongoSocket(port)) {
                waits(client, id);
                await().until(() -> probed(other, id) == 143);
            }
            await().until(() -> probed(other, id) == 43);
            insert(other, 4);
        }
    }

    /** One that is not read lives on, or ends, as the server is. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void outlivesItsConnection(boolean owned) {
        SmallMongo server = new SmallMongo(
                vertx,
                EndpointOptions.of("127.0.0.1", 0),
                SmallMongoOptions.DEFAULT.behaves(Behaviour.TODAY.cursors(true, owned)));
        int port = filled(server);
        await().until(() -> server.connections() == 0);
        long id;
        try (MongoSocket client = new MongoSocket(port)) {
            id = cursorId(client.command("{find: 'log', batchSize: 1}"));
            assertNotEquals(0, id);
        }
        await().until(() -> server.connections() == 0);
        try (MongoSocket other = new MongoSocket(port)) {
            BsonDocument answer = other.command(more(id, ""));
            if (owned) {
                assertEquals(43, number(answer, "code"));
            } else {
                assertEquals(List.of(2, 3), ids(answer));
            }
        }
    }

    @Test
    void listed() {
        try (MongoSocket client = new MongoSocket(server(SmallMongoOptions.DEFAULT))) {
            BsonDocument found = client.command("{listCollections: 1, filter: {name: 'log'}}")
                    .getDocument("cursor")
                    .getArray("firstBatch")
                    .get(0)
                    .asDocument();
            BsonDocument options =
                    BsonDocument.parse("{capped: true, size: {$numberLong: '100000'}, max: {$numberLong: '4'}}");
            assertEquals(options, found.getDocument("options"));
        }
    }
}
