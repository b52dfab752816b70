package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.stream.StreamServiceVertxEBProxy;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.mongodb.server.ScriptedHello;
import dev.polywire.mongodb.server.ScriptedMongo;
import dev.polywire.mongodb.server.ScriptedPeer;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.mongodb.wire.MongoServerMachine;
import dev.polywire.mongodb.wire.OpMsg;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.bson.BsonDocument;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a configuration adds to commands: the Stable API, concerns, a checksum. */
class MongoDeclaredTest {

    private static final JsonObject API =
            new JsonObject("{\"serverApi\": {\"strict\": true, \"deprecationErrors\": false}}");

    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    private static String declared(BsonDocument command) {
        BsonDocument api = new BsonDocument();
        command.forEach((name, value) -> {
            if (name.startsWith("api")) {
                api.append(name, value);
            }
        });
        return api.toJson();
    }

    private static final String WHOLE = "{\"apiVersion\": \"1\", \"apiStrict\": true, \"apiDeprecationErrors\": false}";

    @Test
    void theApiIsOnEachCommandAndGetMore() {
        stage.deploy(API);
        Future<JsonObject> opening = stage.mongo().open("db", "find", new JsonObject().put("find", "c"), null);
        Asked find = stage.next("find");
        assertEquals(WHOLE, declared(find.document()));
        find.reply("{cursor: {id: {$numberLong: '7'}, ns: 'db.c', firstBatch: []}, ok: 1}");
        JsonObject handle = Outcome.value(opening);
        Future<JsonObject> page = new StreamServiceVertxEBProxy(stage.vertx, handle.getString("address"))
                .next(handle.getString("id"), 1, 5, 10_000L);
        Asked getMore = stage.next("getMore");
        assertEquals(WHOLE, declared(getMore.document()));
        getMore.reply("{cursor: {id: {$numberLong: '0'}, ns: 'db.c', nextBatch: []}, ok: 1}");
        Outcome.value(page);
        Future<JsonObject> ping = stage.mongo().ping();
        Asked asked = stage.next("ping");
        assertEquals(WHOLE, declared(asked.document()));
        asked.ok();
        Outcome.value(ping);
    }

    /** The connection that only asks whether the server is there says it, too, and never the name of old. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            {"serverApi": {"version": "1"}} ; hello    ; {"apiVersion": "1"}
            {"serverApi": {}}               ; hello    ; {"apiVersion": "1"}
            {}                              ; isMaster ; {}
            """)
    void theFirstMessage(String config, String name, String api) {
        List<BsonDocument> hellos = new CopyOnWriteArrayList<>();
        ScriptedMongo.Script script = new ScriptedMongo.Script() {
            @Override
            public void hello(ScriptedPeer peer, MongoServerMachine.Request request) {
                BsonDocument hello = Documents.parsed(request.command());
                hellos.add(hello);
                BsonDocument answer = Documents.parsed(ScriptedHello.today());
                // As MongoDB: only to who says it, too.
                if (!hello.containsKey("helloOk")) {
                    answer.remove("helloOk");
                }
                peer.reply(request, Documents.bson(answer));
            }

            @Override
            public void request(ScriptedPeer peer, MongoServerMachine.Request request) {}
        };
        int port = Outcome.value(new ScriptedMongo(stage.vertx, EndpointOptions.of("127.0.0.1", 0), script).listen());
        stage.deploy(new JsonObject(config).put("port", port).put("heartbeatMillis", 1));
        Awaitility.await().until(() -> hellos.size() >= 4);
        assertEquals(name, hellos.get(0).getFirstKey());
        assertEquals(name, hellos.get(1).getFirstKey());
        assertEquals("hello", hellos.get(2).getFirstKey());
        hellos.forEach(each -> assertEquals(api, declared(each)));
    }

    @Test
    void concernsAreOfCommandAndOpen() {
        stage.deploy(new JsonObject("{\"w\": \"majority\", \"wTimeoutMillis\": 5, \"readConcernLevel\": \"local\"}"));
        Future<JsonObject> insert = Stage.insert(stage.mongo(), 1);
        Asked asked = stage.next("insert");
        assertEquals(
                BsonDocument.parse("{w: 'majority', wtimeout: 5}"),
                asked.document().getDocument("writeConcern"));
        assertFalse(asked.document().containsKey("readConcern"));
        asked.ok();
        Outcome.value(insert);
        stage.mongo().open("db", "find", new JsonObject().put("find", "c"), null);
        assertEquals(
                BsonDocument.parse("{level: 'local'}"),
                stage.next("find").document().getDocument("readConcern"));
        JsonObject own = new JsonObject().put("insert", "c").put("writeConcern", new JsonObject().put("w", 1));
        stage.mongo().command("db", "insert", own, null);
        assertEquals(
                BsonDocument.parse("{w: 1}"), stage.next("insert").document().getDocument("writeConcern"));
    }

    /** Bytes are sent as they are given. */
    @Test
    void theRawDoorAddsNoConcern() {
        stage.deploy(new JsonObject("{\"w\": 2, \"readConcernLevel\": \"local\"}"));
        DeliveryOptions headers =
                new DeliveryOptions().addHeader("action", "command").addHeader("database", "db");
        Buffer insert = Documents.bson("{insert: 'c', a: 1}");
        stage.vertx.eventBus().request("polywire.mongodb.raw", insert, headers);
        assertEquals(
                "[insert, a, $db, maxTimeMS]",
                stage.next("insert").document().keySet().toString());
    }

    /** @param moreToCome whether nothing is heard of it */
    @ParameterizedTest
    @CsvSource({"true", "false"})
    void unacknowledged(boolean moreToCome) {
        stage.deploy(new JsonObject().put("w", 0).put("moreToCome", moreToCome));
        Future<JsonObject> insert = Stage.insert(stage.mongo(), 1);
        Asked asked = stage.next("insert");
        assertEquals(
                0, asked.document().getDocument("writeConcern").getInt32("w").getValue());
        assertEquals(moreToCome, ((OpMsg) asked.request().message()).moreToCome());
        if (!moreToCome) {
            asked.reply("{ok: 1, n: 1}");
        }
        assertEquals(!moreToCome, Outcome.value(insert).containsKey("n"));
    }

    @Test
    void aChecksumIsOnRequest() {
        stage.deploy(new JsonObject().put("checksum", true));
        Stage.find(stage.mongo(), 1);
        OpMsg find = (OpMsg) stage.next("find").request().message();
        assertTrue((find.flagBits() & OpMsg.CHECKSUM_PRESENT) != 0);
    }

    @Test
    void anotherSetIsRefused() {
        Future<String> deploying = stage.deploying(new JsonObject().put("replicaSet", "rs"));
        String said = Outcome.failure(deploying).getMessage();
        assertTrue(said.contains("setName: another one, or none"), said);
    }
}
