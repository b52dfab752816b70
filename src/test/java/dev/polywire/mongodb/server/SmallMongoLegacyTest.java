package dev.polywire.mongodb.server;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.EndpointOptions;
import dev.polywire.mongodb.server.SmallMongoOptions.Behaviour;
import dev.polywire.mongodb.wire.Compressor;
import dev.polywire.mongodb.wire.Compressors;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.mongodb.wire.MessageHeader;
import dev.polywire.mongodb.wire.MongoMessage;
import dev.polywire.mongodb.wire.OpCompressed;
import dev.polywire.mongodb.wire.OpDelete;
import dev.polywire.mongodb.wire.OpGetMore;
import dev.polywire.mongodb.wire.OpInsert;
import dev.polywire.mongodb.wire.OpKillCursors;
import dev.polywire.mongodb.wire.OpMsg;
import dev.polywire.mongodb.wire.OpQuery;
import dev.polywire.mongodb.wire.OpReply;
import dev.polywire.mongodb.wire.OpUpdate;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.Vectors;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bson.BsonDocument;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every operation from before OP_MSG, by its bytes: done as by an old server, refused as by a new one. */
class SmallMongoLegacyTest {

    private static final SmallMongoOptions OLD = SmallMongoOptions.DEFAULT.behaves(Behaviour.LEGACY);
    private static final String THINGS = "db.things";

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    private static OpInsert insert(String... documents) {
        return new OpInsert(0, THINGS, Stream.of(documents).map(Documents::bson).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"q_ismaster", "q_hello_first"})
    void helloByQuery(String id) {
        for (Behaviour each : List.of(Behaviour.LEGACY, Behaviour.TODAY, Behaviour.FERRETDB)) {
            try (MongoSocket client = MongoSocket.to(vertx, SmallMongoOptions.DEFAULT.behaves(each))) {
                client.raw(Vectors.read("mongo-legacy-ops.txt").get(id).bytes());
                MongoSocket.Received answer = client.receive();
                assertEquals(1, answer.header().responseTo());
                OpReply reply = assertInstanceOf(OpReply.class, answer.message());
                assertEquals(OpReply.AWAIT_CAPABLE, reply.responseFlags());
                assertEquals(1, reply.documents().size());
                assertEquals(1.0, answer.document().getDouble("ok").getValue());
                assertTrue(answer.document().getBoolean("ismaster").getValue());
                assertEquals(id.equals("q_hello_first"), answer.document().containsKey("helloOk"));
            }
        }
    }

    @Test
    void insertByMessage() {
        try (MongoSocket client = MongoSocket.to(vertx, OLD)) {
            Buffer insert = Vectors.read("mongo-op-msg.txt").get("insert_seed").bytes();
            MongoSocket.Received answer = client.raw(insert).receive();
            assertEquals(insert.getIntLE(4), answer.header().responseTo());
            assertInstanceOf(OpMsg.class, answer.message());
            assertEquals(1, answer.document().getInt32("n").getValue());
        }
    }

    @Test
    void unknownDatabase() {
        try (MongoSocket client = MongoSocket.to(vertx, OLD)) {
            assertEquals(
                    new OpReply(OpReply.AWAIT_CAPABLE, 0, 0, List.of()), client.query("nowhere.things", 0, "{a: 1}"));
        }
    }

    @Test
    void insertsUpdatesDeletes() {
        try (MongoSocket client = MongoSocket.to(vertx, OLD)) {
            client.send(insert("{_id: 1, a: 1}", "{_id: 2, a: 2}"));
            assertEquals("[{_id: 2, a: 2}]", found(client, "{a: 2}"));

            client.send(new OpUpdate(THINGS, 0, Documents.bson("{a: 2}"), Documents.bson("{$set: {a: 5}}")));
            assertEquals("[{_id: 2, a: 5}]", found(client, "{a: {$gte: 2}}"));
            client.send(new OpUpdate(
                    THINGS, OpUpdate.MULTI_UPDATE, Documents.bson("{}"), Documents.bson("{$set: {b: 0}}")));
            assertEquals("[{_id: 1, a: 1, b: 0}, {_id: 2, a: 5, b: 0}]", found(client, "{}"));
            client.send(new OpUpdate(
                    THINGS, OpUpdate.UPSERT, Documents.bson("{_id: 3}"), Documents.bson("{$set: {a: 7}}")));
            assertEquals("[{_id: 3, a: 7}]", found(client, "{a: 7}"));
            client.send(new OpUpdate(THINGS, 0, Documents.bson("{_id: 3}"), Documents.bson("{c: 1}")));
            assertEquals("[{_id: 3, c: 1}]", found(client, "{_id: 3}"));

            client.send(new OpDelete(THINGS, 0, Documents.bson("{_id: 3}")));
            assertEquals("[]", found(client, "{_id: 3}"));
            client.send(new OpDelete(THINGS, OpDelete.SINGLE_REMOVE, Documents.bson("{}")));
            assertEquals("[{_id: 2, a: 5, b: 0}]", found(client, "{}"));
            client.send(new OpDelete(THINGS, 0, Documents.bson("{}")));
            assertEquals("[]", found(client, "{}"));
        }
    }

    /** The first of them that cannot be inserted ends the rest, unless the flag says that it does not. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"0 | [{_id: 1}]", "1 | [{_id: 1}, {_id: 2}]"})
    void continueOnError(int flags, String expected) {
        try (MongoSocket client = MongoSocket.to(vertx, OLD)) {
            List<Buffer> documents =
                    List.of(Documents.bson("{_id: 1}"), Documents.bson("{_id: 1}"), Documents.bson("{_id: 2}"));
            client.send(new OpInsert(flags, THINGS, documents));
            assertEquals(expected, found(client, "{}"));
        }
    }

    private static String found(MongoSocket client, String filter) {
        return MongoSocket.documents(client.query(THINGS, 0, filter)).toString().replace("\"", "");
    }

    @Test
    void cursors() {
        try (MongoSocket client = MongoSocket.to(vertx, OLD)) {
            IntStream.range(0, 20).forEach(i -> client.send(insert("{_id: " + i + "}")));
            OpReply first = client.query(THINGS, 10, "{}");
            assertEquals(10, first.documents().size());
            assertNotEquals(0, first.cursorId());

            OpReply second = (OpReply)
                    client.ask(new OpGetMore(THINGS, 10, first.cursorId())).message();
            assertEquals(first.cursorId(), second.cursorId());
            assertEquals(10, second.startingFrom());
            assertEquals(
                    IntStream.range(10, 20).boxed().toList(),
                    MongoSocket.documents(second).stream()
                            .map(each -> each.getInt32("_id").getValue())
                            .toList());

            OpReply third = (OpReply)
                    client.ask(new OpGetMore(THINGS, 10, first.cursorId())).message();
            assertEquals(new OpReply(OpReply.AWAIT_CAPABLE, 0, 20, List.of()), third);
        }
    }

    /** How many come, and whether a cursor is kept, by numberToReturn and numberToSkip; there are 200. */
    @ParameterizedTest
    @CsvSource({
        "0, 0, 101, true",
        "0, 150, 50, false",
        "1, 0, 1, false",
        "-1, 0, 1, false",
        "-5, 0, 5, false",
        "5, 0, 5, true",
        "5, 197, 3, false",
        "-2147483648, 0, 200, false",
    })
    void numberToReturn(int number, int skip, int count, boolean kept) {
        try (MongoSocket client = MongoSocket.to(vertx, OLD)) {
            client.send(new OpInsert(
                    0,
                    THINGS,
                    IntStream.range(0, 200)
                            .mapToObj(i -> Documents.bson("{_id: " + i + "}"))
                            .toList()));
            OpQuery query =
                    new OpQuery(0, THINGS, skip, number, Documents.bson("{$query: {}, $orderby: {_id: -1}}"), null);
            OpReply reply = (OpReply) client.ask(query).message();
            assertEquals(count, reply.documents().size());
            assertEquals(kept, reply.cursorId() != 0);
            assertEquals(
                    199 - skip,
                    MongoSocket.documents(reply).get(0).getInt32("_id").getValue());
        }
    }

    @Test
    void unknownAndKilledCursors() {
        try (MongoSocket client = MongoSocket.to(vertx, OLD)) {
            OpReply none = new OpReply(OpReply.CURSOR_NOT_FOUND, 0, 0, List.of());
            assertEquals(none, client.ask(new OpGetMore(THINGS, 10, 123)).message());
            client.raw(Vectors.read("mongo-legacy-ops.txt").get("getmore_neg").bytes());
            assertEquals(none, client.receive().message());

            client.send(insert("{_id: 1}", "{_id: 2}", "{_id: 3}"));
            long id = client.query(THINGS, 2, "{}").cursorId();
            client.send(new OpKillCursors(List.of(-5L, id)));
            assertEquals(none, client.ask(new OpGetMore(THINGS, 10, id)).message());
        }
    }

    /** A cursor ends with the connection that has opened it. */
    @Test
    void cursorOfAnother() {
        SmallMongo server = new SmallMongo(vertx, EndpointOptions.of("127.0.0.1", 0), OLD);
        int port = Outcome.value(server.listen());
        try (MongoSocket other = new MongoSocket(port)) {
            long id;
            try (MongoSocket client = new MongoSocket(port)) {
                client.send(insert("{_id: 1}", "{_id: 2}", "{_id: 3}"));
                id = client.query(THINGS, 2, "{}").cursorId();
            }
            await().until(
                            () -> other.ask(new OpGetMore(THINGS, 0, id)).message(),
                            answer -> ((OpReply) answer).responseFlags() == OpReply.CURSOR_NOT_FOUND);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"snappy", "zlib", "zstd", "noop"})
    void compressed(String name) {
        try (MongoSocket client = MongoSocket.to(vertx, OLD.compresses(name))) {
            BsonDocument hello = client.command("{isMaster: 1, compression: ['x', '" + name + "']}");
            assertEquals(
                    "[\"" + name + "\"]",
                    hello.getArray("compression").getValues().stream()
                            .map(each -> '"' + each.asString().getValue() + '"')
                            .toList()
                            .toString());
            client.send(insert("{_id: 1, a: 1}"));

            Compressor compressor = Compressors.usable(List.of(name), 6).get(0);
            Buffer query = new OpQuery(0, THINGS, 0, 0, Documents.bson("{a: 1}"), null).write(-7, 0, 10_000);
            client.raw(OpCompressed.of(query, compressor).write(-7, 0, 10_000));
            MongoSocket.Received answer = client.receive();
            assertEquals(-7, answer.header().responseTo());
            Buffer inside =
                    assertInstanceOf(OpCompressed.class, answer.message()).inflate(answer.header(), compressor, 10_000);
            MongoMessage reply = MongoMessage.read(MessageHeader.read(inside), inside);
            assertEquals(1, assertInstanceOf(OpReply.class, reply).documents().size());
        }
    }

    /** What a server without them says of a command and of documents by OP_QUERY; then it goes on. */
    @ParameterizedTest
    @CsvSource({"TODAY, 2", "FERRETDB, 0"})
    void refused(String behaviour, int flags) {
        Behaviour like = behaviour.equals("TODAY") ? Behaviour.TODAY : Behaviour.FERRETDB;
        try (MongoSocket client = MongoSocket.to(vertx, SmallMongoOptions.DEFAULT.behaves(like))) {
            OpReply command = client.query("db.$cmd", -1, "{find: 'things'}");
            assertEquals(OpReply.AWAIT_CAPABLE, command.responseFlags());
            assertEquals(
                    352, MongoSocket.documents(command).get(0).getInt32("code").getValue());

            OpReply query = client.query(THINGS, 0, "{}");
            assertEquals(flags, query.responseFlags());
            BsonDocument failure = MongoSocket.documents(query).get(0);
            assertEquals(List.of("$err", "code"), List.copyOf(failure.keySet()));
            assertEquals(5_739_101, failure.getInt32("code").getValue());
            assertEquals(1.0, client.command("{ping: 1}").getDouble("ok").getValue());

            client.send(insert("{_id: 1}"));
            assertTrue(client.isClosed());
        }
    }

    @Test
    void failures() {
        try (MongoSocket client = MongoSocket.to(vertx, OLD)) {
            OpReply reply = client.query(THINGS, 0, "{a: {$near: 1}}");
            assertEquals(OpReply.QUERY_FAILURE, reply.responseFlags());
            assertEquals(2, MongoSocket.documents(reply).get(0).getInt32("code").getValue());
            OpReply command =
                    client.query("db.$cmd", -1, "{$query: {count: 'things'}, $readPreference: {mode: 'primary'}}");
            assertEquals(0, MongoSocket.documents(command).get(0).getInt32("n").getValue());
        }
    }
}
