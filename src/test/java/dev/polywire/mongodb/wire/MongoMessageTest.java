package dev.polywire.mongodb.wire;

import static dev.polywire.mongodb.wire.Documents.bson;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.Cuts;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages and their bytes, both ways, in one piece and cut in two. */
class MongoMessageTest {

    private static final Vectors OP_MSG = Vectors.read("mongo-op-msg.txt");
    private static final Vectors LEGACY = Vectors.read("mongo-legacy-ops.txt");

    record Row(String id, Vectors source, MongoMessage message) {

        Buffer bytes() {
            return source.get(id).bytes();
        }

        @Override
        public String toString() {
            return id;
        }
    }

    static Stream<Row> rows() {
        Buffer insert = bson("{insert: 'test', $db: 'test'}");
        DocumentSequence a1 = sequence("documents", "{a: 1}");
        return Stream.of(
                msg("ping", 0, "{ping: 1, $db: 'admin'}"),
                msg("hello", 0, "{hello: 1, helloOk: true, $db: 'admin'}"),
                msg(
                        "hello_meta",
                        0,
                        "{isMaster: 1, helloOk: true, backpressure: '2', client: {driver: {name: 'conn', version: '1.0'},"
                                + " os: {type: 'Linux'}}, compression: ['zstd', 'snappy', 'zlib'], saslSupportedMechs:"
                                + " 'admin.user', $db: 'admin'}"),
                msg("ok", 0, "{ok: 1.0}"),
                new Row("insert_seed", OP_MSG, new OpMsg(0, insert, List.of(a1))),
                new Row(
                        "insert_3",
                        OP_MSG,
                        new OpMsg(
                                0,
                                bson("{insert: 'collectionName', $db: 'databaseName', writeConcern: {w: 'majority'}}"),
                                List.of(sequence(
                                        "documents",
                                        "{_id: 'Document#1', example: 1}",
                                        "{_id: 'Document#2', example: 2}",
                                        "{_id: 'Document#3', example: 3}")))),
                new Row(
                        "update_k1",
                        OP_MSG,
                        new OpMsg(
                                0,
                                bson("{update: 'collectionName', $db: 'databaseName'}"),
                                List.of(sequence(
                                        "updates",
                                        "{q: {example: 1}, u: {$set: {example: 4}}}",
                                        "{q: {example: 2}, u: {$set: {example: 5}}}")))),
                new Row(
                        "two_k1",
                        OP_MSG,
                        new OpMsg(
                                0,
                                bson("{bulkWrite: 1, $db: 'admin'}"),
                                List.of(
                                        sequence("ops", "{insert: 0, document: {a: 1}}"),
                                        sequence("nsInfo", "{ns: 'db.c'}")))),
                new Row(
                        "k1_empty",
                        OP_MSG,
                        new OpMsg(0, bson("{insert: 'c', $db: 'd'}"), List.of(sequence("documents")))),
                new Row(
                        "w0",
                        OP_MSG,
                        new OpMsg(
                                OpMsg.MORE_TO_COME,
                                bson("{insert: 'test', $db: 'test', writeConcern: {w: 0}}"),
                                List.of(a1))),
                msg("exhaust_req", OpMsg.EXHAUST_ALLOWED, "{getMore: {$numberLong: '5'}, collection: 'c', $db: 'd'}"),
                msg(
                        "exhaust_r2",
                        OpMsg.MORE_TO_COME,
                        "{cursor: {id: {$numberLong: '5'}, ns: 'd.c', nextBatch: [{a: 2}]}, ok: 1.0}"),
                msg("exhaust_r3", 0, "{cursor: {id: {$numberLong: '0'}, ns: 'd.c', nextBatch: []}, ok: 1.0}"),
                msg("crc_ping", OpMsg.CHECKSUM_PRESENT, "{ping: 1, $db: 'admin'}"),
                new Row("crc_insert", OP_MSG, new OpMsg(OpMsg.CHECKSUM_PRESENT, insert, List.of(a1))),
                msg("opt_bit", 1 << 20, "{ok: 1.0}"),
                msg(
                        "find_cursor",
                        0,
                        "{cursor: {firstBatch: [{a: 1}, {a: 2}], id: {$numberLong: '7000000000000000001'},"
                                + " ns: 'test.test'}, ok: 1.0}"),
                query("q_ismaster", "admin.$cmd", 1, "{isMaster: 1}", null),
                query("q_hello_first", "admin.$cmd", -1, "{isMaster: 1, helloOk: true}", null),
                query("q_find", "test.test", 0, "{a: 123}", null),
                query("q_fields", "test.test", 0, "{a: 123}", bson("{a: 1}")),
                new Row("insert1", LEGACY, new OpInsert(0, "test.test", documents("{a: 123}"))),
                new Row(
                        "insert2",
                        LEGACY,
                        new OpInsert(OpInsert.CONTINUE_ON_ERROR, "test.test", documents("{a: 1}", "{a: 2}"))),
                new Row(
                        "update",
                        LEGACY,
                        new OpUpdate(
                                "test.test",
                                OpUpdate.UPSERT | OpUpdate.MULTI_UPDATE,
                                bson("{a: 1}"),
                                bson("{$set: {a: 2}}"))),
                new Row("delete", LEGACY, new OpDelete("test.test", OpDelete.SINGLE_REMOVE, bson("{a: 1}"))),
                new Row("getmore_neg", LEGACY, new OpGetMore("test.test", 10, -5)),
                new Row("killcursors", LEGACY, new OpKillCursors(List.of(123L, -5L))),
                reply(
                        "reply_hello",
                        OpReply.AWAIT_CAPABLE,
                        0,
                        0,
                        "{ismaster: true, maxWireVersion: 25, minWireVersion: 0, maxBsonObjectSize: 16777216,"
                                + " maxMessageSizeBytes: 48000000, maxWriteBatchSize: 100000, helloOk: true, ok: 1.0}"),
                reply("reply_empty", OpReply.AWAIT_CAPABLE, 0, 0),
                reply("reply_qfail", OpReply.QUERY_FAILURE, 0, 0, "{$err: 'bad', code: 10068}"),
                reply("reply_cursor", OpReply.AWAIT_CAPABLE, -7000000000000000001L, 10, "{a: 1}", "{a: 2}"),
                reply(
                        "reply_352",
                        OpReply.AWAIT_CAPABLE,
                        0,
                        0,
                        "{ok: 0.0, errmsg: 'Unsupported OP_QUERY command: find. The client driver may require an upgrade."
                                + " For more details see https://dochub.mongodb.org/core/legacy-opcode-removal',"
                                + " code: 352, codeName: 'UnsupportedOpQueryCommand'}"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void readsAndWrites(Row row) {
        Buffer bytes = row.bytes();
        MessageHeader header = MessageHeader.read(bytes);

        assertEquals(row.message(), MongoMessage.read(header, bytes));
        Buffer written = row.message().write(header.requestId(), header.responseTo(), bytes.length());
        assertEquals(Vectors.hex(bytes), Vectors.hex(written));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void isTheSameWhereverItIsCut(Row row) {
        Buffer bytes = row.bytes();
        Cuts.positions(bytes.length())
                .forEach(at -> assertEquals(row.message(), received(Cuts.at(bytes, at)), () -> "cut at " + at));
        assertEquals(row.message(), received(Cuts.singleBytes(bytes)));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void isNotWrittenOverItsLimit(Row row) {
        int tooFew = row.bytes().length() - 1;
        ProtocolException refused =
                assertThrows(ProtocolException.class, () -> row.message().write(1, 0, tooFew));
        assertEquals(ProtocolException.Kind.LIMIT, refused.kind());
    }

    @Test
    void sequenceMayStandBeforeTheBody() {
        Buffer first = OP_MSG.get("insert_k1_first").bytes();
        Buffer seed = OP_MSG.get("insert_seed").bytes();
        assertEquals(OpMsg.read(seed), OpMsg.read(first));
    }

    @Test
    void everyVectorIsInATable() {
        List<String> known = rows().map(Row::id).toList();
        List<String> others = Stream.concat(OP_MSG.all().stream(), LEGACY.all().stream())
                .map(Vectors.Vector::id)
                .filter(id -> !known.contains(id))
                .toList();
        assertEquals(List.of("insert_k1_first"), others);
    }

    private static MongoMessage received(List<Buffer> pieces) {
        MongoServerMachine machine = new MongoServerMachine(MessageHeader.MAX_MESSAGE_BYTES, FrameTap.NONE);
        MongoServerMachine.Request message = null;
        for (Buffer piece : pieces) {
            assertNull(message);
            machine.receive(piece, 0);
            message = machine.nextEvent();
        }
        return message == null ? null : message.message();
    }

    private static Row msg(String id, int flagBits, String body) {
        return new Row(id, OP_MSG, new OpMsg(flagBits, bson(body), List.of()));
    }

    private static Row query(String id, String collection, int numberToReturn, String query, Buffer selector) {
        return new Row(id, LEGACY, new OpQuery(0, collection, 0, numberToReturn, bson(query), selector));
    }

    private static Row reply(String id, int flags, long cursorId, int startingFrom, String... documents) {
        return new Row(id, LEGACY, new OpReply(flags, cursorId, startingFrom, documents(documents)));
    }

    private static DocumentSequence sequence(String identifier, String... documents) {
        return new DocumentSequence(identifier, documents(documents));
    }

    private static List<Buffer> documents(String... documents) {
        return Stream.of(documents).map(Documents::bson).toList();
    }
}
