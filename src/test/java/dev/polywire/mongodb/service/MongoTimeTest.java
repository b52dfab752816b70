package dev.polywire.mongodb.service;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.mongodb.wire.Documents;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import org.bson.BsonDocument;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a command gets when it is sent: the time that the server may take, and the read preference of a set's member. */
class MongoTimeTest {

    private static final BsonDocument PRIMARY_PREFERRED = BsonDocument.parse("{mode: 'primaryPreferred'}");

    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    private Future<Buffer> raw(String command, String... header) {
        DeliveryOptions options =
                new DeliveryOptions().addHeader("action", "command").addHeader("database", "db");
        if (header.length > 0) {
            options.addHeader("maxTime", header[0]);
        }
        return stage.vertx
                .eventBus()
                .<Buffer>request("polywire.mongodb.raw", Documents.bson(command), options)
                .map(Message::body);
    }

    /** What the next command says; it is answered, so that the one after it does not wait. */
    private BsonDocument sent(String name) {
        Asked asked = stage.next(name);
        asked.ok();
        return asked.document();
    }

    private JsonObject member() {
        stage.answer = Documents.bson("{isWritablePrimary: false, secondary: true, setName: 'rs', hosts: ['a:1'],"
                + " minWireVersion: 0, maxWireVersion: 25, ok: 1}");
        return new JsonObject().put("replicaSet", "rs");
    }

    /** @param option of the connector; the other two are said with the command */
    @ParameterizedTest
    @CsvSource(nullValues = "none", textBlock = """
            none,  none,  true
            none,  false, false
            none,  true,  true
            true,  none,  true
            false, none,  false
            false, true,  true
            """)
    void theTimeCanBeLeftOut(Boolean option, Boolean said, boolean sent) {
        stage.deploy(option == null ? new JsonObject() : new JsonObject().put("maxTime", option));
        JsonObject options = said == null ? null : new JsonObject().put("maxTime", said);
        stage.mongo().command("db", "distinct", new JsonObject().put("distinct", "c"), options);
        assertEquals(sent, sent("distinct").containsKey("maxTimeMS"));
        raw("{getLog: 'global'}", said == null ? new String[0] : new String[] {said.toString()});
        assertEquals(sent, sent("getLog").containsKey("maxTimeMS"));
        stage.mongo().send(message("find"), null);
        assertFalse(sent("find").containsKey("maxTimeMS"));
    }

    private static JsonObject message(String name) {
        return new JsonObject()
                .put("opCode", "OP_MSG")
                .put("body", new JsonObject().put(name, "c").put("$db", "db"));
    }

    @Test
    void aWordThatSaysNeither() {
        stage.deploy();
        ServiceException bad = (ServiceException) Outcome.failure(raw("{ping: 1}", "no"));
        assertEquals("BAD_REQUEST", Stage.word(bad));
        assertEquals("maxTime: another word (expected: true or false)", bad.getMessage());
    }

    /** It is the rest when the command is sent: one that has waited gets less than one that came after it. */
    @Test
    void theTimeIsThatOfSending() {
        stage.deploy(new JsonObject().put("pipeline", 1));
        Future<JsonObject> first = Stage.insert(stage.mongo(), 1);
        Asked blocking = stage.next("insert");
        Future<JsonObject> second = Stage.find(stage.mongo(), 2);
        // Its deadline counts from before that on.
        await().until(() -> stage.status().getJsonObject("pool").getInteger("waiting") == 1);
        // It waits for longer than anything else takes that may be subtracted.
        Outcome.value(stage.vertx.timer(100));
        blocking.ok();
        Outcome.value(first);
        Asked find = stage.next("find");
        long millis = find.document().getInt64("maxTimeMS").getValue();
        assertTrue(millis > 0 && millis <= Stage.A_MINUTE - 100, () -> millis + " ms");
        find.ok();
        Outcome.value(second);
    }

    @Test
    void aMemberOfASetIsToldWhatToReadFrom() {
        stage.deploy(member());
        stage.mongo().command("db", "count", new JsonObject().put("count", "c"), null);
        BsonDocument count = sent("count");
        assertEquals("[count, $db, maxTimeMS, $readPreference]", count.keySet().toString());
        assertEquals(PRIMARY_PREFERRED, count.get("$readPreference"));
        stage.mongo().open("db", "find", new JsonObject().put("find", "c"), null);
        assertEquals(PRIMARY_PREFERRED, sent("find").get("$readPreference"));
        raw("{dbStats: 1}");
        assertEquals(PRIMARY_PREFERRED, sent("dbStats").get("$readPreference"));
        JsonObject own =
                new JsonObject().put("count", "c").put("$readPreference", new JsonObject().put("mode", "secondary"));
        stage.mongo().command("db", "count", own, null);
        assertEquals(BsonDocument.parse("{mode: 'secondary'}"), sent("count").get("$readPreference"));
        stage.mongo().command("db", "getMore", new JsonObject().put("getMore", 1), null);
        assertFalse(sent("getMore").containsKey("$readPreference"));
        stage.mongo().send(message("find"), null);
        assertEquals("[find, $db]", sent("find").keySet().toString());
    }

    /** The bulk of a write stays beside it. */
    @Test
    void aWriteKeepsItsSequences() {
        stage.deploy(member());
        raw("{insert: 'c', documents: [{a: 1}]}", "false");
        Asked insert = stage.next("insert");
        assertEquals(
                "[insert, $db, $readPreference]", insert.document().keySet().toString());
        assertTrue(insert.request().message().toString().contains("documents"), insert::toString);
    }

    @Test
    void aServerAloneIsNot() {
        stage.deploy();
        stage.mongo().command("db", "count", new JsonObject().put("count", "c"), null);
        assertEquals("[count, $db, maxTimeMS]", sent("count").keySet().toString());
    }
}
