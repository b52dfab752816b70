package dev.polywire.mongodb.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.EndpointOptions;
import dev.polywire.mongodb.server.SmallMongoOptions.Behaviour;
import dev.polywire.mongodb.wire.DocumentSequence;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.mongodb.wire.OpMsg;
import dev.polywire.testing.Outcome;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.stream.IntStream;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What commands are answered with, by OP_MSG. */
class SmallMongoTest {

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    private MongoSocket client() {
        return MongoSocket.to(vertx, SmallMongoOptions.DEFAULT);
    }

    static int number(BsonDocument answer, String field) {
        return answer.getNumber(field).intValue();
    }

    /** A command, and some of what stands in its answer. A store with three documents is before it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ping: 1} | {ok: 1.0}",
                "{buildInfo: 1} | {version: '8.0.0', ok: 1.0}",
                "{endSessions: [], lsid: {id: 1}} | {ok: 1.0}",
                "{fly: 1} | {ok: 0.0, code: 59, codeName: 'CommandNotFound'}",
                "{insert: 'things', documents: [{_id: 4}, {_id: 5}]} | {n: 2, ok: 1.0}",
                "{insert: 'things', documents: []} | {ok: 0.0, code: 16, codeName: 'InvalidLength'}",
                "{insert: 'things', documents: [{}, {}, {}, {}, {}]} | {ok: 0.0, code: 16}",
                "{insert: 'things', documents: 1} | {ok: 0.0, code: 14}",
                "{insert: '', documents: [{}]} | {ok: 0.0, code: 73}",
                "{insert: 1, documents: [{}]} | {ok: 0.0, code: 73}",
                "{insert: 'things', documents: [{}], txnNumber: {$numberLong: '1'}, lsid: {id: 1}} | {n: 1, ok: 1.0}",
                "{insert: 'things', documents: [{}], startTransaction: true, autocommit: false} | {ok: 0.0, code: 20}",
                "{update: 'things', updates: [{q: {_id: 1}, u: {$set: {a: 1}}}]} | {n: 1, nModified: 0, ok: 1.0}",
                "{update: 'things', updates: [{q: {}, u: {$set: {a: 9}}, multi: true}]} | {n: 3, nModified: 3, ok: 1.0}",
                "{update: 'things', updates: [{q: {_id: 8}, u: {a: 1}, upsert: true}]} | {n: 1, nModified: 0, upserted: [{index: 0, _id: 8}]}",
                "{update: 'things', updates: [{q: {}, u: {a: 1}, multi: true}]} | {n: 0, nModified: 0}",
                "{delete: 'things', deletes: [{q: {}, limit: 1}]} | {n: 1, ok: 1.0}",
                "{delete: 'things', deletes: [{q: {}, limit: 0}]} | {n: 3, ok: 1.0}",
                "{delete: 'things', deletes: [{q: {}, limit: 2}]} | {n: 0, ok: 1.0}",
                "{delete: 'nothing', deletes: [{q: {}, limit: 0}]} | {n: 0, ok: 1.0}",
                "{find: 'things', projection: {a: 1}} | {ok: 0.0, code: 238}",
                "{find: 'things', filter: 1} | {ok: 0.0, code: 14}",
                "{find: 'things', batchSize: -1} | {ok: 0.0, code: 2}",
                "{find: 'things', tailable: true} | {ok: 0.0, code: 2, codeName: 'BadValue'}",
                "{find: 'things', awaitData: true} | {ok: 0.0, code: 9, codeName: 'FailedToParse'}",
                "{getMore: {$numberLong: '5'}, collection: 'things'} | {ok: 0.0, code: 43, codeName: 'CursorNotFound'}",
                "{count: 'things', query: {a: {$gte: 2}}} | {n: 2, ok: 1.0}",
                "{count: 'things', skip: 1, limit: 5} | {n: 2, ok: 1.0}",
                "{aggregate: 'things', pipeline: [{$out: 'x'}], cursor: {}} | {ok: 0.0, code: 238}",
                "{aggregate: 'things', pipeline: [], cursor: {}} | {ok: 0.0, code: 238}",
                "{aggregate: 'things', pipeline: [{$group: {_id: '$a'}}], cursor: {}} | {ok: 0.0, code: 238}",
                "{aggregate: 'things', pipeline: [{$group: {_id: null, n: {$sum: 1}}}], cursor: {}} | {'cursor.firstBatch': [{_id: null, n: 3}]}",
                "{aggregate: 'things', pipeline: [{$skip: 1}, {$group: {_id: 1, n: {$sum: 1}}}], cursor: {batchSize: 1}} | {'cursor.firstBatch': [{_id: 1, n: 2}]}",
                "{aggregate: 'things', pipeline: [{$group: {_id: '$a', n: {$sum: 1}}}], cursor: {}} | {ok: 0.0, code: 238}",
                "{aggregate: 'things', pipeline: [{$group: {_id: 1, n: {$sum: 1}}}, {$limit: 1}], cursor: {}} | {ok: 0.0, code: 238}",
                "{aggregate: 'things', pipeline: [{$group: {_id: 1, n: {$sum: 1}}}], cursor: {batchSize: 0}} | {ok: 0.0, code: 238}",
                "{aggregate: 'things', pipeline: [{$match: {}, $skip: 1}], cursor: {}} | {ok: 0.0, code: 40323}",
                "{aggregate: 'things', pipeline: [{$skip: -1}], cursor: {}} | {ok: 0.0, code: 2}",
                "{create: 'new'} | {ok: 1.0}",
                "{create: 'things'} | {ok: 0.0, code: 48}",
                "{create: 'new', capped: true, size: 100, max: 3} | {ok: 1.0}",
                "{create: 'new', capped: true} | {ok: 0.0, code: 72, codeName: 'InvalidOptions'}",
                "{create: 'new', size: 100} | {ok: 0.0, code: 72}",
                "{create: 'new', max: 3} | {ok: 0.0, code: 72}",
                "{create: 'new', capped: true, size: -1} | {ok: 0.0, code: 2}",
                "{create: 'new', capped: true, size: 1, max: 'x'} | {ok: 0.0, code: 14}",
                "{sleep: 1, millis: 1} | {ok: 0.0, code: 13}",
                "{drop: 'things'} | {ns: 'db.things', ok: 1.0}",
                "{drop: 'nothing'} | {ok: 0.0, code: 26}",
                "{dropDatabase: 1} | {dropped: 'db', ok: 1.0}",
                "{killCursors: 'things', cursors: [{$numberLong: '5'}]} | {cursorsKilled: [], cursorsNotFound: [{$numberLong: '5'}]}",
            })
    void answers(String command, String expected) {
        HelloFields hello = HelloFields.standalone().with("maxWriteBatchSize", new BsonInt32(4));
        try (MongoSocket client = MongoSocket.to(vertx, SmallMongoOptions.DEFAULT.says(hello))) {
            client.command("{insert: 'things', documents: [{_id: 1, a: 1}, {_id: 2, a: 2}, {_id: 3, a: 3}]}");
            BsonDocument answer = client.command(command);
            BsonDocument.parse(expected).forEach((name, value) -> assertEquals(value, at(answer, name), name));
        }
    }

    private static BsonValue at(BsonDocument answer, String path) {
        BsonValue value = answer;
        for (String name : path.split("\\.")) {
            value = value.asDocument().get(name);
        }
        return value;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{find: 'things'} | 101 | true",
                "{find: 'things', filter: {_id: {$gte: 195}}} | 5 | false",
                "{find: 'things', batchSize: 0} | 0 | true",
                "{find: 'things', batchSize: 7} | 7 | true",
                "{find: 'things', batchSize: 7, singleBatch: true} | 7 | false",
                "{find: 'things', limit: 7} | 7 | false",
                "{find: 'things', limit: -7} | 7 | false",
                "{find: 'things', limit: 7, batchSize: 5} | 5 | true",
                "{find: 'things', skip: 198} | 2 | false",
                "{find: 'things', batchSize: 200} | 200 | true",
                "{find: 'things', batchSize: 201} | 200 | false",
                "{find: 'nothing'} | 0 | false",
            })
    void finds(String find, int count, boolean kept) {
        try (MongoSocket client = client()) {
            insertMany(client, 200);
            BsonDocument cursor = client.command(find).getDocument("cursor");
            assertEquals(count, cursor.getArray("firstBatch").size());
            assertEquals(kept, cursor.getInt64("id").getValue() != 0);
        }
    }

    private static void insertMany(MongoSocket client, int count) {
        BsonArray documents = new BsonArray();
        IntStream.range(0, count).forEach(i -> documents.add(new BsonDocument("_id", new BsonInt32(i))));
        BsonDocument insert = new BsonDocument("insert", new BsonString("things")).append("documents", documents);
        assertEquals(count, number(client.command(insert.toJson()), "n"));
    }

    @Test
    void cursors() {
        try (MongoSocket client = client()) {
            insertMany(client, 20);
            long id = client.command("{find: 'things', batchSize: 5}")
                    .getDocument("cursor")
                    .getInt64("id")
                    .getValue();
            String more = "{getMore: {$numberLong: '" + id + "'}, collection: 'things'";
            BsonDocument next = client.command(more + ", batchSize: 5}").getDocument("cursor");
            assertEquals(5, next.getArray("nextBatch").size());
            assertEquals(id, next.getInt64("id").getValue());
            assertEquals("db.things", next.getString("ns").getValue());
            assertEquals(43, number(client.command(more.replace("things", "others") + "}"), "code"));
            BsonDocument last = client.command(more + "}").getDocument("cursor");
            assertEquals(10, last.getArray("nextBatch").size());
            assertEquals(0, last.getInt64("id").getValue());
            assertEquals(43, number(client.command(more + "}"), "code"));

            long killed = client.command("{find: 'things', batchSize: 5}")
                    .getDocument("cursor")
                    .getInt64("id")
                    .getValue();
            String kill = "{killCursors: 'things', cursors: [{$numberLong: '" + killed + "'}]}";
            assertEquals(1, client.command(kill).getArray("cursorsKilled").size());
        }
    }

    /** A server may answer each request of a cursor by itself, whatever the client allows. */
    @Test
    void exhaustIsNotTaken() {
        try (MongoSocket client = MongoSocket.to(vertx, SmallMongoOptions.DEFAULT.behaves(Behaviour.FERRETDB))) {
            insertMany(client, 5);
            long id = client.command("{find: 'things', batchSize: 1}")
                    .getDocument("cursor")
                    .getInt64("id")
                    .getValue();
            OpMsg more =
                    MongoSocket.message("{getMore: {$numberLong: '" + id + "'}, collection: 'things', batchSize: 1}");
            OpMsg exhaust = new OpMsg(OpMsg.EXHAUST_ALLOWED, more.body(), List.of());
            for (int i = 1; i <= 2; i++) {
                MongoSocket.Received answer = client.ask(exhaust);
                assertFalse(((OpMsg) answer.message()).moreToCome());
                BsonArray batch = answer.document().getDocument("cursor").getArray("nextBatch");
                assertEquals(
                        List.of(i),
                        batch.stream()
                                .map(each -> number(each.asDocument(), "_id"))
                                .toList());
            }
            assertEquals(1, number(client.command("{ping: 1}"), "ok"));
        }
    }

    /** An ordered write ends with its first error, another goes on; in an array and in a sequence. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"true | 1 | 1", "false | 2 | 1 3"})
    void ordered(boolean ordered, int inserted, String indexes) {
        String head = "{insert: 'things', ordered: " + ordered;
        String documents = "[{_id: 1}, {_id: 1}, {_id: 2}, {_id: 2.0}]";
        try (MongoSocket client = client()) {
            BsonDocument answer = client.command(head + ", documents: " + documents + "}");
            assertEquals(inserted, number(answer, "n"));
            assertEquals(indexes, indexes(answer));
            client.command("{drop: 'things'}");

            OpMsg command = MongoSocket.message(head + "}");
            List<Buffer> sequence = BsonDocument.parse("{d: " + documents + "}").getArray("d").stream()
                    .map(BsonValue::asDocument)
                    .map(Documents::bson)
                    .toList();
            BsonDocument other = client.ask(new OpMsg(
                            OpMsg.CHECKSUM_PRESENT,
                            command.body(),
                            List.of(new DocumentSequence("documents", sequence))))
                    .document();
            assertEquals(inserted, number(other, "n"));
            assertEquals(indexes, indexes(other));
            assertEquals(11_000, number(other.getArray("writeErrors").get(0).asDocument(), "code"));
        }
    }

    private static String indexes(BsonDocument answer) {
        return String.join(
                " ",
                answer.getArray("writeErrors").stream()
                        .map(each -> String.valueOf(number(each.asDocument(), "index")))
                        .toList());
    }

    /** Whatever the id of a request is, the answer has it. */
    @ParameterizedTest
    @ValueSource(ints = {0, -1, 1, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void requestIds(int id) {
        try (MongoSocket client = client()) {
            client.raw(MongoSocket.message("{ping: 1}").write(id, 0, 1_000));
            assertEquals(id, client.receive().header().responseTo());
        }
    }

    /** The next answer is that of the ping, or that of the insert before it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void moreToCome(boolean answered) {
        Behaviour behaviour = answered ? Behaviour.FERRETDB : Behaviour.TODAY;
        try (MongoSocket client = MongoSocket.to(vertx, SmallMongoOptions.DEFAULT.behaves(behaviour))) {
            OpMsg insert = MongoSocket.message("{insert: 'things', documents: [{_id: 1}], writeConcern: {w: 0}}");
            int first = client.send(new OpMsg(OpMsg.MORE_TO_COME, insert.body(), List.of()));
            int second = client.send(MongoSocket.message("{count: 'things'}"));
            MongoSocket.Received answer = client.receive();
            assertEquals(answered ? first : second, answer.header().responseTo());
            assertEquals(1, number(answer.document(), "n"));
        }
    }

    @Test
    void tooLong() {
        HelloFields small = HelloFields.standalone()
                .with("maxBsonObjectSize", new BsonInt32(1_000))
                .with("maxMessageSizeBytes", new BsonInt32(5_000));
        try (MongoSocket client = MongoSocket.to(vertx, SmallMongoOptions.DEFAULT.says(small))) {
            BsonDocument answer =
                    client.command("{insert: 'things', documents: [{_id: 1, a: '" + "x".repeat(1_000) + "'}]}");
            assertEquals(10_334, number(answer.getArray("writeErrors").get(0).asDocument(), "code"));
            client.send(MongoSocket.message("{ping: '" + "x".repeat(5_000) + "'}"));
            assertTrue(client.isClosed());
        }
    }

    @Test
    void withoutDatabase() {
        try (MongoSocket client = client()) {
            BsonDocument answer =
                    client.ask(new OpMsg(Documents.bson("{ping: 1}"))).document();
            assertEquals(40_571, number(answer, "code"));
        }
    }

    /** A full table of cursors, and one connection too many. */
    @Test
    void bounds() {
        SmallMongoBounds bounds = SmallMongoBounds.DEFAULT.opens(1, 1);
        int port = Outcome.value(
                new SmallMongo(vertx, EndpointOptions.of("127.0.0.1", 0), SmallMongoOptions.DEFAULT.keeps(bounds))
                        .listen());
        try (MongoSocket client = new MongoSocket(port)) {
            insertMany(client, 3);
            assertEquals(
                    1.0,
                    client.command("{find: 'things', batchSize: 1}")
                            .getDouble("ok")
                            .getValue());
            assertEquals(146, number(client.command("{find: 'things', batchSize: 1}"), "code"));
            assertEquals(1.0, client.command("{find: 'things'}").getDouble("ok").getValue());
            try (MongoSocket other = new MongoSocket(port)) {
                assertTrue(other.isClosed());
            }
            assertEquals(1.0, client.command("{ping: 1}").getDouble("ok").getValue());
        }
    }
}
