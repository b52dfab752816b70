package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.LinkedHashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What one caller may not ask, by each of the four ways, and that nothing of it reaches the server. */
class CallerRulesTest {

    private static final String RULES =
            "{\"commands\": [\"find\", \"insert\", \"update\", \"getMore\"], \"databases\": [\"db\", \"logs\"]}";

    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"saslStart": 1, "mechanism": "PLAIN"}                  | command: saslStart
            {"saslContinue": 1}                                     | command: saslContinue
            {"SASLstart": 1}                                        | command: SASLstart
            {"authenticate": 1, "mechanism": "MONGODB-X509"}        | command: authenticate
            {"logout": 1}                                           | command: logout
            {"getnonce": 1}                                         | command: getnonce
            {"copydb": 1}                                           | command: copydb
            {"copydbgetnonce": 1}                                   | command: copydbgetnonce
            {"hello": 1, "client": {}}                              | command: hello with client
            {"isMaster": 1, "saslSupportedMechs": "db.me"}          | command: isMaster with saslSupportedMechs
            {"ismaster": 1, "compression": []}                      | command: ismaster with compression
            {"hello": 1, "topologyVersion": {}, "maxAwaitTimeMS": 9}| command: hello with topologyVersion
            """)
    void reserved(String command, String said) {
        stage.deploy();
        JsonObject document = new JsonObject(command);
        forbidden(command("db", document), said);
        forbidden(raw("db", command), said);
        forbidden(send(opMsg("db", document)), said);
        forbidden(send(opQuery("db.$cmd", document)), said);
        forbidden(send(opQuery("db.$cmd", new JsonObject().put("$query", document))), said);
        forbidden(send(opQuery("db.$cmd", wrapped(wrapped(document)))), said);
        forbidden(send(compressed(opMsg("db", document))), said);
        forbidden(send(compressed(opQuery("db.$cmd", wrapped(document)))), said);
        canary();
    }

    @Test
    void exhaust() {
        stage.deploy();
        JsonObject more = new JsonObject().put("getMore", 5).put("collection", "c");
        forbidden(send(opMsg("db", more).put("flagBits", List.of("exhaustAllowed"))), "exhaustAllowed: set");
        JsonObject query = opQuery("db.c", new JsonObject()).put("flags", List.of("Exhaust"));
        forbidden(send(query), "Exhaust: set");
        forbidden(send(compressed(query)), "Exhaust: set");
        canary();
    }

    /** A plain hello asks what everybody may know. */
    @Test
    void plainHello() {
        stage.deploy();
        assertEquals(
                true,
                Outcome.value(command("admin", new JsonObject().put("hello", 1)))
                        .containsKey("ok"));
        JsonObject reply = Outcome.value(send(opQuery("admin.$cmd", new JsonObject().put("isMaster", 1))));
        assertEquals("OP_REPLY", reply.getString("opCode"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            db    | {"drop": "c"}                | command: another (expected: one of [find, insert, update, getMore],
            db    | {"Find": "c"}                | command: another
            db    | {"aggregate": "c"}           | command: another
            db    | {"ping": 1}                  | command: another
            other | {"find": "c"}                | database: another (expected: one of [db, logs],
            DB    | {"find": "c"}                | database: another
            """)
    void notAllowed(String database, String command, String said) {
        stage.deploy(new JsonObject(RULES));
        JsonObject document = new JsonObject(command);
        forbidden(command(database, document), said);
        forbidden(raw(database, command), said);
        forbidden(send(opMsg(database, document)), said);
        forbidden(send(opQuery(database + ".$cmd", document)), said);
        forbidden(send(opQuery(database + ".$cmd", wrapped(document))), said);
        forbidden(send(compressed(opMsg(database, document))), said);
        String name = document.fieldNames().iterator().next();
        if (name.equals("find") || name.equals("aggregate")) {
            forbidden(stage.mongo().open(database, name, document, null), said);
        }
        canary();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"opCode": "OP_QUERY", "fullCollectionName": "other.c", "query": {}}                      | database: another
            {"opCode": "OP_QUERY", "fullCollectionName": "other.c.d", "query": {"$query": {}}}        | database: another
            {"opCode": "OP_QUERY", "fullCollectionName": "db.$cmd.sys.killop", "query": {"op": 1}}    | command: another
            {"opCode": "OP_GET_MORE", "fullCollectionName": "other.c", "cursorID": 1}                 | database: another
            {"opCode": "OP_INSERT", "fullCollectionName": "other.c", "documents": [{}]}               | database: another
            {"opCode": "OP_UPDATE", "fullCollectionName": "other.c", "selector": {}, "update": {}}    | database: another
            {"opCode": "OP_DELETE", "fullCollectionName": "db.c", "selector": {}}                     | command: another
            {"opCode": "OP_KILL_CURSORS", "cursorIDs": [1]}                                           | command: another
            {"opCode": "OP_MSG", "flagBits": ["moreToCome"], "body": {"drop": "c", "$db": "db"}}      | command: another
            """)
    void notAllowedAsMessages(String message, String said) {
        stage.deploy(new JsonObject(RULES));
        forbidden(send(new JsonObject(message)), said);
        forbidden(send(compressed(new JsonObject(message))), said);
        canary();
    }

    /** A cursor's number says nothing about its database. */
    @Test
    void killCursorsHasNoDatabase() {
        stage.deploy(new JsonObject("{\"databases\": [\"db\"]}"));
        forbidden(send(new JsonObject("{\"opCode\": \"OP_KILL_CURSORS\", \"cursorIDs\": [1]}")), "database: none");
        canary();
    }

    @Test
    void whatIsAllowedPasses() {
        stage.deploy(new JsonObject(RULES));
        canary();
        Future<JsonObject> message = send(opMsg("logs", new JsonObject().put("find", "c")));
        stage.next("find").ok();
        Outcome.value(message);
        Future<JsonObject> query = send(opQuery("logs.c", new JsonObject().put("a", 1)));
        stage.next("a").reply("{a: 1}");
        Outcome.value(query);
    }

    /** They are the connector's own, not the caller's. */
    @Test
    void pingAndTheCommandsOfAStreamAreNotAsked() {
        stage.deploy(new JsonObject("{\"commands\": [\"find\"], \"databases\": [\"db\"]}"));
        Future<JsonObject> ping = stage.mongo().ping();
        stage.next("ping").ok();
        Outcome.value(ping);
        Future<JsonObject> opened = stage.mongo().open("db", "find", new JsonObject().put("find", "c"), null);
        stage.next("find").reply("{cursor: {id: {$numberLong: '7'}, ns: 'db.c', firstBatch: []}, ok: 1.0}");
        JsonObject handle = Outcome.value(opened);
        stage.vertx
                .eventBus()
                .request(
                        handle.getString("address"),
                        new JsonObject().put("id", handle.getString("id")),
                        new DeliveryOptions().addHeader("action", "close"));
        stage.next("killCursors").ok();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"commands": []}          | commands: empty (expected: at least one, or no such field)
            {"databases": []}         | databases: empty
            {"commands": "find"}      | commands: a string (expected: a list of strings)
            {"databases": ["a", 1]}   | databases[1]: 1 (expected: a list of strings)
            """)
    void badOptions(String json, String said) {
        FieldException bad =
                assertThrows(FieldException.class, () -> CallerRules.fromJson(Fields.of(new JsonObject(json))));
        assertTrue(bad.getMessage().startsWith(said), bad.getMessage());
    }

    @Test
    void options() {
        assertEquals(CallerRules.NONE, CallerRules.fromJson(Fields.of(new JsonObject())));
        assertEquals(
                new CallerRules(new LinkedHashSet<>(List.of("find")), null),
                CallerRules.fromJson(Fields.of(new JsonObject("{\"commands\": [\"find\"]}"))));
    }

    private Future<JsonObject> command(String database, JsonObject command) {
        return stage.mongo().command(database, command.fieldNames().iterator().next(), command, null);
    }

    private Future<?> raw(String database, String command) {
        DeliveryOptions headers = new DeliveryOptions()
                .addHeader("action", "command")
                .addHeader("database", database)
                .addHeader("timeout", "60000");
        return stage.vertx.eventBus().request("polywire.mongodb.raw", Documents.bson(command), headers);
    }

    private Future<JsonObject> send(JsonObject message) {
        return stage.mongo().send(message, null);
    }

    private static JsonObject opMsg(String database, JsonObject command) {
        return new JsonObject()
                .put("opCode", "OP_MSG")
                .put("body", command.copy().put("$db", database));
    }

    private static JsonObject opQuery(String namespace, JsonObject query) {
        return new JsonObject()
                .put("opCode", "OP_QUERY")
                .put("fullCollectionName", namespace)
                .put("numberToReturn", -1)
                .put("query", query);
    }

    private static JsonObject wrapped(JsonObject query) {
        return new JsonObject().put("query", query).put("$readPreference", new JsonObject());
    }

    private static JsonObject compressed(JsonObject message) {
        return new JsonObject()
                .put("opCode", "OP_COMPRESSED")
                .put("compressor", "zlib")
                .put("message", message);
    }

    private static void forbidden(Future<?> call, String said) {
        ServiceException refused = (ServiceException) Outcome.failure(call);
        assertEquals("FORBIDDEN", Stage.word(refused));
        assertTrue(refused.getMessage().startsWith(said), refused.getMessage());
    }

    /** What was refused would have come before it. */
    private void canary() {
        Future<JsonObject> canary = Stage.find(stage.mongo(), 1);
        stage.next("find").ok();
        Outcome.value(canary);
        assertEquals(0, stage.waiting());
    }
}
