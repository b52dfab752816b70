package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.FerretDb;
import dev.polywire.testing.Outcome;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The cases of the old client, as commands over the bus, with FerretDB. */
class FerretCommandsIT extends MongoCases {

    private static FerretBus bus;

    @BeforeAll
    static void start() {
        bus = new FerretBus(FerretDb.plain());
        bus.deploy(new JsonObject());
    }

    @AfterAll
    static void close() {
        bus.close();
    }

    @Override
    Vertx vertx() {
        return bus.vertx;
    }

    @Override
    MongoService mongo() {
        return bus.mongo();
    }

    @Test
    void hello() {
        JsonObject answer = run("admin", "hello", new JsonObject().put("hello", 1));
        assertEquals(21, answer.getInteger("maxWireVersion"));
    }

    @Test
    void anyMessage() {
        JsonObject insert = new JsonObject()
                .put("opCode", "OP_MSG")
                .put("body", new JsonObject().put("insert", things).put("$db", "db"))
                .put(
                        "sequences",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("identifier", "documents")
                                        .put("documents", new JsonArray().add(new JsonObject().put("a", 1)))));
        JsonObject answer = Outcome.value(mongo().send(insert, null));
        assertEquals("OP_MSG", answer.getString("opCode"));
        assertEquals(1, answer.getJsonObject("body").getInteger("n"));
    }

    /** It refuses {@code maxTimeMS} for this one. */
    @Test
    void withoutATimeLimit() {
        JsonObject distinct = new JsonObject().put("distinct", things).put("key", "a");
        ServiceException refused =
                (ServiceException) Outcome.failure(mongo().command("db", "distinct", distinct, null));
        assertEquals(9, refused.getDebugInfo().getJsonObject("server").getInteger("code"));
        JsonObject untimed = new JsonObject().put("maxTime", false);
        assertEquals(
                1.0,
                Outcome.value(mongo().command("db", "distinct", distinct, untimed))
                        .getDouble("ok"));
    }

    /** The operations of old: two are refused by FerretDB, and one is not sent to servers of its wire version. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            {"opCode": "OP_QUERY", "fullCollectionName": "db.$cmd", "numberToReturn": -1, "query": {"count": "x"}} ; REFUSED_BY_SERVER ; 352
            {"opCode": "OP_QUERY", "fullCollectionName": "db.x", "query": {}} ; REFUSED_BY_SERVER ; 5739101
            {"opCode": "OP_INSERT", "fullCollectionName": "db.x", "documents": [{}]} ; BAD_REQUEST ;
            """)
    void operationsOfOld(String message, String word, Integer code) {
        ServiceException refused = (ServiceException) Outcome.failure(mongo().send(new JsonObject(message), null));
        assertEquals(word, Stage.word(refused));
        JsonObject server = refused.getDebugInfo().getJsonObject("server");
        assertEquals(code, server == null ? null : server.getInteger("code"));
        assertTrue(refused.getMessage().contains("(use command with "), refused.getMessage());
    }
}
