package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import dev.polywire.mongodb.wire.MessageHeader;
import dev.polywire.mongodb.wire.MongoMessage;
import dev.polywire.mongodb.wire.OpReply;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages as JSON and back. */
class MessageToJsonTest {

    private static final Vectors LEGACY = Vectors.read("mongo-legacy-ops.txt");
    private static final JsonToMessage READER = new JsonToMessage(ExtendedJson::encode);
    private static final Vectors COMMANDS = Vectors.read("mongo-op-msg.txt");

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            q_ismaster   | {"opCode":"OP_QUERY","flags":[],"fullCollectionName":"admin.$cmd","numberToSkip":0,"numberToReturn":1,"query":{"isMaster":1}}
            q_hello_first| {"opCode":"OP_QUERY","flags":[],"fullCollectionName":"admin.$cmd","numberToSkip":0,"numberToReturn":-1,"query":{"isMaster":1,"helloOk":true}}
            q_fields     | {"opCode":"OP_QUERY","flags":[],"fullCollectionName":"test.test","numberToSkip":0,"numberToReturn":0,"query":{"a":123},"returnFieldsSelector":{"a":1}}
            insert1      | {"opCode":"OP_INSERT","flags":[],"fullCollectionName":"test.test","documents":[{"a":123}]}
            insert2      | {"opCode":"OP_INSERT","flags":["ContinueOnError"],"fullCollectionName":"test.test","documents":[{"a":1},{"a":2}]}
            update       | {"opCode":"OP_UPDATE","fullCollectionName":"test.test","flags":["Upsert","MultiUpdate"],"selector":{"a":1},"update":{"$set":{"a":2}}}
            delete       | {"opCode":"OP_DELETE","fullCollectionName":"test.test","flags":["SingleRemove"],"selector":{"a":1}}
            getmore_neg  | {"opCode":"OP_GET_MORE","fullCollectionName":"test.test","numberToReturn":10,"cursorID":-5}
            killcursors  | {"opCode":"OP_KILL_CURSORS","cursorIDs":[123,-5]}
            reply_empty  | {"opCode":"OP_REPLY","responseFlags":["AwaitCapable"],"cursorID":0,"startingFrom":0,"documents":[]}
            reply_qfail  | {"opCode":"OP_REPLY","responseFlags":["QueryFailure"],"cursorID":0,"startingFrom":0,"documents":[{"$err":"bad","code":10068}]}
            reply_cursor | {"opCode":"OP_REPLY","responseFlags":["AwaitCapable"],"cursorID":{"$numberLong":"-7000000000000000001"},"startingFrom":10,"documents":[{"a":1},{"a":2}]}
            ping         | {"opCode":"OP_MSG","flagBits":[],"body":{"ping":1,"$db":"admin"},"sequences":[]}
            insert_seed  | {"opCode":"OP_MSG","flagBits":[],"body":{"insert":"test","$db":"test"},"sequences":[{"identifier":"documents","documents":[{"a":1}]}]}
            k1_empty     | {"opCode":"OP_MSG","flagBits":[],"body":{"insert":"c","$db":"d"},"sequences":[{"identifier":"documents","documents":[]}]}
            two_k1       | {"opCode":"OP_MSG","flagBits":[],"body":{"bulkWrite":1,"$db":"admin"},"sequences":[{"identifier":"ops","documents":[{"insert":0,"document":{"a":1}}]},{"identifier":"nsInfo","documents":[{"ns":"db.c"}]}]}
            w0           | {"opCode":"OP_MSG","flagBits":["moreToCome"],"body":{"insert":"test","$db":"test","writeConcern":{"w":0}},"sequences":[{"identifier":"documents","documents":[{"a":1}]}]}
            crc_ping     | {"opCode":"OP_MSG","flagBits":["checksumPresent"],"body":{"ping":1,"$db":"admin"},"sequences":[]}
            exhaust_req  | {"opCode":"OP_MSG","flagBits":["exhaustAllowed"],"body":{"getMore":5,"collection":"c","$db":"d"},"sequences":[]}
            opt_bit      | {"opCode":"OP_MSG","flagBits":["bit20"],"body":{"ok":1.0},"sequences":[]}
            """)
    void eachKind(String id, String json) {
        MongoMessage message = message(id);
        assertEquals(new JsonObject(json).encode(), json(message, false).encode());
    }

    static Stream<Arguments> vectors() {
        return Stream.concat(LEGACY.all().stream(), COMMANDS.all().stream())
                .map(Vectors.Vector::id)
                .flatMap(id -> Stream.of(Arguments.of(id, true), Arguments.of(id, false)));
    }

    /** The canonical form loses nothing, so that the bytes are the same; the relaxed one of these may lose an integer's width. */
    @ParameterizedTest
    @MethodSource("vectors")
    void whatIsWrittenIsReadAsTheSame(String id, boolean canonical) {
        MongoMessage message = message(id);
        JsonObject json = json(message, canonical);
        if (message instanceof OpReply) {
            complains(json, "opCode: an answer (expected: one of [OP_MSG, OP_QUERY, ");
            return;
        }
        JsonToMessage.SendableMessage again = READER.read(Fields.of(new JsonObject(json.encode())));
        assertNull(again.compressor());
        assertEquals(json, json(again.message(), canonical));
        if (canonical) {
            assertEquals(message, again.message());
        }
    }

    @Test
    void compressed() {
        MongoMessage message = message("q_find");
        JsonObject json = new MessageToJson(ExtendedJson::decodeChecked, true).json(message, "zlib");
        assertEquals(
                new JsonObject()
                        .put("opCode", "OP_COMPRESSED")
                        .put("compressor", "zlib")
                        .put("message", json(message, true)),
                json);
        assertEquals(new JsonToMessage.SendableMessage(message, "zlib"), READER.read(Fields.of(json)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            -5
            '-9223372036854775808'
            {"$numberLong": "9223372036854775807"}
            """)
    void cursorIds(String id) {
        JsonObject json =
                new JsonObject("{\"opCode\": \"OP_KILL_CURSORS\", \"cursorIDs\": [" + id.replace('\'', '"') + "]}");
        MongoMessage message = READER.read(Fields.of(json)).message();
        String digits = id.replaceAll("[^-0-9]", "");
        assertEquals(
                "[{\"$numberLong\":\"" + digits + "\"}]",
                json(message, true).getJsonArray("cursorIDs").encode());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                                                                        | opCode: missing
            {"opCode": 2004}                                                          | opCode: 2004 (expected: a string)
            {"opCode": "OP_FIND"}                                                     | opCode: unknown (expected: one of [OP_MSG,
            {"opCode": "OP_MSG"}                                                      | body: missing (expected: a document)
            {"opCode": "OP_MSG", "body": {"a": {"$oid": "1"}}}                        | body: a.$oid:
            {"opCode": "OP_MSG", "body": {"$oid": "1"}}                               | body: $oid: a typed value
            {"opCode": "OP_MSG", "body": {}, "sections": []}                          | sections: unknown field
            {"opCode": "OP_MSG", "body": {}, "flagBits": 2}                           | flagBits: 2 (expected: a list of strings)
            {"opCode": "OP_MSG", "body": {}, "flagBits": ["moreTocome"]}              | flagBits[0]: unknown (expected: one of [checksumPresent, moreToCome, exhaustAllowed], or
            {"opCode": "OP_MSG", "body": {}, "flagBits": ["bit1"]}                    | flagBits[0]: unknown
            {"opCode": "OP_MSG", "body": {}, "flagBits": ["bit5"]}                    | flagBits: 0x20
            {"opCode": "OP_MSG", "body": {}, "sequences": [{"documents": []}]}        | sequences[0].identifier: missing
            {"opCode": "OP_MSG", "body": {}, "sequences": [{"identifier": "a"}]}      | sequences[0].documents: missing (expected: a list)
            {"opCode": "OP_MSG", "body": {}, "sequences": [{"identifier": "a", "documents": [{}, 1]}]} | sequences[0].documents[1]: 1 (expected: a document)
            {"opCode": "OP_MSG", "body": {}, "sequences": [{"identifier": "a\\u0000", "documents": []}]} | sequences[0].identifier: no text
            {"opCode": "OP_MSG", "body": {}, "sequences": [{"identifier": "a", "documents": [], "b": 1}]} | sequences[0].b: unknown field
            {"opCode": "OP_MSG", "body": {}, "sequences": [{"identifier": "a", "documents": []}, {"identifier": "a", "documents": []}]} | sequence identifier: twice
            {"opCode": "OP_QUERY", "query": {}}                                       | fullCollectionName: missing
            {"opCode": "OP_QUERY", "query": {}, "fullCollectionName": "db"}           | fullCollectionName: no dot inside
            {"opCode": "OP_QUERY", "query": {}, "fullCollectionName": ".c"}           | fullCollectionName: no dot inside
            {"opCode": "OP_QUERY", "query": {}, "fullCollectionName": "d."}           | fullCollectionName: no dot inside
            {"opCode": "OP_QUERY", "query": {}, "fullCollectionName": "d.c", "numberToSkip": 2147483648} | numberToSkip: 2147483648 (expected: -2147483648 to 2147483647)
            {"opCode": "OP_QUERY", "query": {}, "fullCollectionName": "d.c", "numberToReturn": 1.5} | numberToReturn: 1.5
            {"opCode": "OP_QUERY", "fullCollectionName": "d.c"}                       | query: missing
            {"opCode": "OP_QUERY", "query": [], "fullCollectionName": "d.c"}          | query: an array (expected: a document)
            {"opCode": "OP_QUERY", "query": {}, "fullCollectionName": "d.c", "returnFieldsSelector": 1} | returnFieldsSelector: 1
            {"opCode": "OP_GET_MORE", "fullCollectionName": "d.c"}                    | cursorID: missing
            {"opCode": "OP_GET_MORE", "fullCollectionName": "d.c", "cursorID": "12a"} | cursorID: a string (expected: an integer of 64 bits,
            {"opCode": "OP_GET_MORE", "fullCollectionName": "d.c", "cursorID": {"$numberLong": "9223372036854775808"}} | cursorID: an object
            {"opCode": "OP_GET_MORE", "fullCollectionName": "d.c", "cursorID": {"$numberInt": "1"}} | cursorID: an object
            {"opCode": "OP_INSERT", "fullCollectionName": "d.c", "documents": []}     | documents: 0 (expected: >= 1)
            {"opCode": "OP_INSERT", "fullCollectionName": "d.c"}                      | documents: missing
            {"opCode": "OP_UPDATE", "fullCollectionName": "d.c", "selector": {}}      | update: missing
            {"opCode": "OP_DELETE", "fullCollectionName": "d.c"}                      | selector: missing
            {"opCode": "OP_DELETE", "fullCollectionName": "d.c", "selector": {}, "flags": ["Upsert"]} | flags[0]: unknown (expected: one of [SingleRemove], or
            {"opCode": "OP_KILL_CURSORS"}                                             | cursorIDs: missing
            {"opCode": "OP_KILL_CURSORS", "cursorIDs": [1, true]}                     | cursorIDs[1]: true
            {"opCode": "OP_COMPRESSED"}                                               | compressor: missing
            {"opCode": "OP_COMPRESSED", "compressor": "zlib"}                         | message.opCode: missing
            {"opCode": "OP_COMPRESSED", "compressor": "zlib", "message": {"opCode": "OP_COMPRESSED"}} | message.opCode: unknown (expected: one of [OP_MSG, OP_QUERY, OP_GET_MORE, OP_INSERT, OP_UPDATE, OP_DELETE, OP_KILL_CURSORS])
            {"opCode": "OP_COMPRESSED", "compressor": "zlib", "message": {"opCode": "OP_KILL_CURSORS", "cursorIDs": []}, "a": 1} | a: unknown field
            """)
    void malformed(String json, String said) {
        complains(new JsonObject(json), said);
    }

    private static void complains(JsonObject json, String said) {
        FieldException bad = assertThrows(FieldException.class, () -> READER.read(Fields.of(json)));
        assertTrue(bad.getMessage().startsWith(said), bad.getMessage());
    }

    private static JsonObject json(MongoMessage message, boolean canonical) {
        return new MessageToJson(ExtendedJson::decodeChecked, canonical).json(message, null);
    }

    private static MongoMessage message(String id) {
        Vectors of = LEGACY.all().stream().anyMatch(each -> each.id().equals(id)) ? LEGACY : COMMANDS;
        Buffer frame = of.get(id).bytes();
        return MongoMessage.read(MessageHeader.read(frame), frame);
    }
}
