package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.json.Fields;
import dev.polywire.mongodb.server.ScriptedHello;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.mongodb.wire.MessageHeader;
import dev.polywire.mongodb.wire.OpGetMore;
import dev.polywire.mongodb.wire.OpMsg;
import dev.polywire.mongodb.wire.OpReply;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.Arrays;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages of any kind over the bus, at a server that still has the legacy operations. */
class MongoSendTest {

    private static final String FIND =
            "{'opCode': 'OP_QUERY', 'fullCollectionName': 'db.c', 'numberToReturn': 10, 'query': {'a': 1}}";
    private static final String COMMAND =
            "{'opCode': 'OP_QUERY', 'fullCollectionName': 'db.$cmd', 'numberToReturn': -1, 'query': {'count': 'c'}}";
    private static final String DROP =
            "{'opCode': 'OP_QUERY', 'fullCollectionName': 'db.$cmd', 'numberToReturn': -1, 'query': {'drop': 'c'}}";
    private static final String GET_MORE =
            "{'opCode': 'OP_GET_MORE', 'fullCollectionName': 'db.c', 'numberToReturn': 10, 'cursorID': '123'}";
    private static final String INSERT =
            "{'opCode': 'OP_INSERT', 'fullCollectionName': 'db.c', 'documents': [{'a': 1}]}";
    private static final String BULK = "{'opCode': 'OP_MSG', 'body': {'insert': 'c', '$db': 'db'},"
            + " 'sequences': [{'identifier': 'documents', 'documents': [{'a': 1}]}]}";

    private final Stage stage = new Stage();

    @BeforeEach
    void mongoDb50() {
        stage.answer = ScriptedHello.standalone(0, 13, MessageHeader.MAX_MESSAGE_BYTES);
        stage.deploy();
    }

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void opMsg() {
        Future<JsonObject> answer = send(BULK);
        Asked asked = stage.next("insert");
        OpMsg insert = (OpMsg) asked.request().message();
        assertEquals(Documents.bson("{insert: 'c', $db: 'db'}"), insert.body());
        assertEquals(
                List.of(Documents.bson("{a: 1}")), insert.sequences().get(0).documents());
        asked.reply("{n: 1, ok: 1.0}");
        assertEquals(
                json("{'opCode': 'OP_MSG', 'flagBits': [], 'body': {'n': 1, 'ok': 1.0}, 'sequences': []}"),
                Outcome.value(answer));
    }

    @Test
    void opQueryAndItsNextDocuments() {
        Future<JsonObject> first = send(FIND);
        reply(stage.next("a"), OpReply.AWAIT_CAPABLE, Long.MIN_VALUE, "{a: 1}", "{a: 2}");
        JsonObject found = Outcome.value(first);
        assertEquals(
                json("{'opCode': 'OP_REPLY', 'responseFlags': ['AwaitCapable'], 'cursorID': {'$numberLong':"
                        + " '-9223372036854775808'}, 'startingFrom': 0, 'documents': [{'a': 1}, {'a': 2}]}"),
                found);
        Future<JsonObject> second =
                send(json(GET_MORE).put("cursorID", found.getValue("cursorID")).encode());
        Asked more = stage.next("");
        assertEquals(new OpGetMore("db.c", 10, Long.MIN_VALUE), more.request().message());
        reply(more, 0, 0, "{a: 3}");
        assertEquals(1, Outcome.value(second).getJsonArray("documents").size());
    }

    @Test
    void canonicalOnRequest() {
        Future<JsonObject> answer = stage.mongo().send(json(FIND), new JsonObject().put("canonical", true));
        reply(stage.next("a"), 0, 7, "{a: 1}");
        assertEquals(
                "{\"opCode\":\"OP_REPLY\",\"responseFlags\":[],\"cursorID\":{\"$numberLong\":\"7\"},\"startingFrom\":0,"
                        + "\"documents\":[{\"a\":{\"$numberInt\":\"1\"}}]}",
                Outcome.value(answer).encode());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'opCode': 'OP_INSERT', 'fullCollectionName': 'db.c', 'documents': [{'a': 1}]}
            {'opCode': 'OP_UPDATE', 'fullCollectionName': 'db.c', 'flags': ['Upsert'], 'selector': {}, 'update': {'a': 1}}
            {'opCode': 'OP_DELETE', 'fullCollectionName': 'db.c', 'flags': ['SingleRemove'], 'selector': {}}
            {'opCode': 'OP_KILL_CURSORS', 'cursorIDs': [1, '-2']}
            {'opCode': 'OP_MSG', 'flagBits': ['moreToCome'], 'body': {'insert': 'c', '$db': 'db'}}
            """)
    void withoutAReplyIsAnsweredAtOnce(String message) {
        assertEquals(new JsonObject(), Outcome.value(send(message)));
        Asked asked = stage.next(message.contains("OP_MSG") ? "insert" : "");
        assertEquals(
                new JsonToMessage(ExtendedJson::encode)
                        .read(Fields.of(json(message)))
                        .message(),
                asked.request().message());
        Future<JsonObject> next = Stage.find(stage.mongo(), 1);
        stage.next("find").ok();
        Outcome.value(next);
    }

    /** A row of the old client's tests: the flag is what its caller looks at. */
    @Test
    void aCursorThatIsNotThereIsAnAnswer() {
        Future<JsonObject> answer = send(GET_MORE);
        reply(stage.next(""), OpReply.CURSOR_NOT_FOUND, 0);
        assertEquals(
                json("{'opCode': 'OP_REPLY', 'responseFlags': ['CursorNotFound'], 'cursorID': 0, 'startingFrom': 0,"
                        + " 'documents': []}"),
                Outcome.value(answer));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            `FIND`    | 2 | {$err: 'bad', code: 10069}                    | REFUSED_BY_SERVER           | bad
            `FIND`    | 0 | {$err: 'bad', code: 13435}                    | REFUSED_BY_SERVER retryable | bad
            `FIND`    | 2 |                                               | REFUSED_BY_SERVER           | no reason given
            `FIND`    | 2 | {$err: 'slow', code: 50}                      | TIMEOUT mayHaveExecuted     | slow
            `FIND`    | 0 | {$err: 'OP_QUERY is no longer supported', code: 5739101} | REFUSED_BY_SERVER | OP_QUERY is no longer supported (use command with find)
            `GET_MORE`| 2 | {$err: 'OP_GET_MORE is no longer supported', code: 7}    | REFUSED_BY_SERVER | OP_GET_MORE is no longer supported (use command with getMore)
            `COMMAND` | 0 | {ok: 0.0, code: 352, codeName: 'UnsupportedOpQueryCommand', errmsg: 'Unsupported OP_QUERY command: count'} | REFUSED_BY_SERVER | Unsupported OP_QUERY command: count (use command with count)
            `COMMAND` | 0 | {ok: 0.0, code: 59, errmsg: 'no such', errorLabels: ['RetryableWriteError']} | REFUSED_BY_SERVER retryable | no such
            `DROP`    | 0 | {ok: 1.0, writeConcernError: {errmsg: 'few', code: 64}} | REFUSED_BY_SERVER mayHaveExecuted | few
            `BULK`    | 0 | {ok: 0.0, code: 13, errmsg: 'not you'}        | REFUSED_BY_SERVER           | not you
            """)
    void refusedByServer(String message, int flags, String document, String failure, String said) {
        Future<JsonObject> answer = send(named(message));
        Asked asked = stage.next(message.equals("BULK") ? "insert" : name(message));
        if (message.equals("BULK")) {
            asked.reply(document);
        } else if (document == null) {
            reply(asked, flags, 0);
        } else {
            reply(asked, flags, 0, document);
        }
        ServiceException refused = (ServiceException) Outcome.failure(answer);
        assertEquals(failure, Stage.word(refused));
        assertEquals(said, refused.getMessage());
        if (document != null) {
            assertEquals(
                    ExtendedJson.decode(Documents.bson(document), false),
                    refused.getDebugInfo().getJsonObject("server"));
        }
    }

    /** What is stored may look like a refusal when it is not alone, or not at the top. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{a: {$err: 1}}", "{ok: 0.0}", "{writeErrors: [1]}"})
    void storedDocumentsAreNoRefusal(String document) {
        Future<JsonObject> answer = send(FIND);
        reply(stage.next("a"), 0, 0, document);
        assertEquals(1, Outcome.value(answer).getJsonArray("documents").size());
    }

    @ParameterizedTest
    @CsvSource({
        "FIND, CONNECTION_LOST retryable, OP_QUERY (use command with find)",
        "GET_MORE, UNKNOWN_OUTCOME mayHaveExecuted, OP_GET_MORE (use command with getMore)",
        "COMMAND, CONNECTION_LOST retryable, OP_QUERY (use command with count)",
        "DROP, UNKNOWN_OUTCOME mayHaveExecuted, OP_QUERY (use command with drop)",
        "BULK, UNKNOWN_OUTCOME mayHaveExecuted, ''"
    })
    void lostWithTheConnection(String message, String failure, String said) {
        Future<JsonObject> answer = send(named(message));
        stage.next(message.equals("BULK") ? "insert" : name(message)).peer().close();
        ServiceException lost = (ServiceException) Outcome.failure(answer);
        assertEquals(failure, Stage.word(lost));
        assertEquals(!said.isEmpty(), lost.getMessage().contains("perhaps because of"), lost.getMessage());
        assertTrue(lost.getMessage().contains(said), lost.getMessage());
    }

    /** The write itself is long answered; who is in flight learns what may have closed the connection. */
    @Test
    void aServerThatClosesOnALegacyWrite() {
        Outcome.value(send(INSERT));
        Future<JsonObject> other = Stage.find(stage.mongo(), 1);
        stage.next("");
        stage.next("find").peer().close();
        ServiceException lost = (ServiceException) Outcome.failure(other);
        assertEquals("CONNECTION_LOST retryable", Stage.word(lost));
        assertTrue(
                lost.getMessage().contains("perhaps because of OP_INSERT (use command with insert)"),
                lost.getMessage());
    }

    /** Our own reasons to give up a connection say nothing about what the server knows. */
    @Test
    void aConnectionThatWeHaveGivenUp() {
        stage.deploy(new JsonObject("{\"name\": \"watched\", \"heartbeatMillis\": 20, \"connectTimeoutMillis\": 300}"));
        MongoService watched = MongoService.proxy(stage.vertx, "polywire.watched", Stage.A_MINUTE);
        Outcome.value(watched.send(json(INSERT), null));
        stage.next("");
        Future<JsonObject> other = Stage.find(watched, 1);
        stage.next("find");
        Awaitility.await().until(() -> stage.hellos.size() > 2);
        stage.hellos.get(2).pause();
        String said = Outcome.failure(other).getMessage();
        assertTrue(said.contains("no answer to a hello"), said);
        assertFalse(said.contains("OP_INSERT"), said);
    }

    @Test
    void aWriteThatTheServerHasPassedIsNotBlamed() {
        Outcome.value(send(INSERT));
        Future<JsonObject> passed = Stage.find(stage.mongo(), 1);
        stage.next("");
        stage.next("find").ok();
        Outcome.value(passed);
        Future<JsonObject> other = Stage.find(stage.mongo(), 2);
        stage.next("find").peer().close();
        String said = Outcome.failure(other).getMessage();
        assertEquals(false, said.contains("OP_INSERT"), said);
    }

    @Test
    void noAnswerByTheDeadline() {
        Future<JsonObject> answer = stage.mongo(300).send(json(FIND), null);
        Asked late = stage.next("a");
        assertEquals("TIMEOUT mayHaveExecuted", Stage.failure(answer));
        reply(late, 0, 0, "{a: 1}");
        Future<JsonObject> next = Stage.find(stage.mongo(), 1);
        stage.next("find").ok();
        Outcome.value(next);
    }

    @Test
    void anAnswerOfAnotherKind() {
        Future<JsonObject> answer = send(FIND);
        Asked asked = stage.next("a");
        asked.replyTo(asked.id(), "{ok: 1.0}");
        ServiceException bad = (ServiceException) Outcome.failure(answer);
        assertEquals("PROTOCOL_VIOLATION mayHaveExecuted", Stage.word(bad));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                                                                   |      | message.opCode: missing
            {'opCode': 'OP_REPLY'}                                               |      | message.opCode: an answer
            {'opCode': 'OP_MSG', 'body': {'ping': 1}}                            |      | body.$db: missing
            {'opCode': 'OP_MSG', 'body': {'ping': 1, '$db': 1}}                  |      | body.$db: missing
            {'opCode': 'OP_KILL_CURSORS', 'cursorIDs': [1]}                      | {'canonical': 1} | options.canonical
            {'opCode': 'OP_COMPRESSED', 'compressor': 'zlib', 'message': {'opCode': 'OP_KILL_CURSORS', 'cursorIDs': [1]}} | | compressor: another (expected: one of [], which were negotiated)
            {'opCode': 'OP_COMPRESSED', 'compressor': 'zlib', 'message': {'opCode': 'OP_MSG', 'body': {'hello': 1, '$db': 'admin'}}} | | compressor: for a command that is never compressed
            """)
    void badRequest(String message, String options, String said) {
        ServiceException bad = (ServiceException)
                Outcome.failure(stage.mongo().send(json(message), options == null ? null : json(options)));
        assertEquals("BAD_REQUEST", Stage.word(bad));
        assertTrue(bad.getMessage().startsWith(said), bad.getMessage());
        assertEquals(0, stage.waiting());
    }

    /** FerretDB would answer it, which nobody expects, and the connection would be closed. */
    @Test
    void moreToComeIsRefusedWhereItIsAnswered() {
        stage.deploy(new JsonObject("{\"name\": \"ferret\", \"moreToCome\": false}"));
        MongoService ferret = MongoService.proxy(stage.vertx, "polywire.ferret", Stage.A_MINUTE);
        JsonObject insert = json(BULK).put("flagBits", List.of("moreToCome"));
        ServiceException bad = (ServiceException) Outcome.failure(ferret.send(insert, null));
        assertEquals("BAD_REQUEST", Stage.word(bad));
        assertTrue(bad.getMessage().startsWith("flagBits: moreToCome"), bad.getMessage());
        Future<JsonObject> next = Stage.find(ferret, 1);
        stage.next("find").ok();
        Outcome.value(next);
    }

    /** MongoDB 5.1 would close the connection, which is that of others too. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'opCode': 'OP_INSERT', 'fullCollectionName': 'db.c', 'documents': [{}]}               | OP_INSERT: removed in MongoDB 5.1 (use command with insert)
            {'opCode': 'OP_UPDATE', 'fullCollectionName': 'db.c', 'selector': {}, 'update': {}}    | OP_UPDATE: removed in MongoDB 5.1 (use command with update)
            {'opCode': 'OP_DELETE', 'fullCollectionName': 'db.c', 'selector': {}}                  | OP_DELETE: removed in MongoDB 5.1 (use command with delete)
            {'opCode': 'OP_KILL_CURSORS', 'cursorIDs': [1]}                                        | OP_KILL_CURSORS: removed in MongoDB 5.1 (use command with killCursors)
            """)
    void notSentToAServerThatHasNoLegacyWrites(String message, String said) {
        stage.answer = ScriptedHello.today();
        JsonObject other = new JsonObject().put("name", "today").put("address", "polywire.today");
        stage.deploy(other);
        MongoService today = MongoService.proxy(stage.vertx, "polywire.today", Stage.A_MINUTE);
        ServiceException bad = (ServiceException) Outcome.failure(today.send(json(message), null));
        assertEquals("BAD_REQUEST", Stage.word(bad));
        assertEquals(said, bad.getMessage());
        Future<JsonObject> next = Stage.find(today, 1);
        stage.next("find").ok();
        Outcome.value(next);
    }

    private Future<JsonObject> send(String message) {
        return stage.mongo().send(json(message), null);
    }

    private static JsonObject json(String text) {
        return new JsonObject(text.replace('\'', '"'));
    }

    private static String named(String message) {
        return switch (message) {
            case "FIND" -> FIND;
            case "GET_MORE" -> GET_MORE;
            case "COMMAND" -> COMMAND;
            case "DROP" -> DROP;
            default -> BULK;
        };
    }

    private static String name(String message) {
        return switch (message) {
            case "FIND" -> "a";
            case "COMMAND" -> "count";
            case "DROP" -> "drop";
            default -> "";
        };
    }

    private static void reply(Asked asked, int flags, long cursorId, String... documents) {
        List<Buffer> bson = Arrays.stream(documents).map(Documents::bson).toList();
        asked.peer().send(asked.id(), new OpReply(flags, cursorId, 0, bson));
    }
}
