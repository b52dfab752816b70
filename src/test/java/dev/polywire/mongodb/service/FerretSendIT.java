package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.FerretDb;
import dev.polywire.testing.Outcome;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages of any kind at a server that has only commands, and is not ours. */
class FerretSendIT {

    private static FerretBus bus;

    @BeforeAll
    static void start() {
        bus = new FerretBus(FerretDb.plain());
        bus.deploy(new JsonObject());
    }

    @AfterAll
    static void stop() {
        bus.close();
    }

    @Test
    void aBulkAndWhatItHasWritten() {
        JsonObject insert = new JsonObject("""
                {"opCode": "OP_MSG", "body": {"insert": "things", "$db": "send"},
                 "sequences": [{"identifier": "documents", "documents": [{"a": 1}, {"a": 2}]}]}""");
        assertEquals(2, send(insert).getJsonObject("body").getInteger("n"));
        JsonObject find = new JsonObject("""
                {"opCode": "OP_MSG", "body": {"find": "things", "filter": {"a": 2}, "$db": "send"}}""");
        JsonObject cursor = send(find).getJsonObject("body").getJsonObject("cursor");
        assertEquals(1, cursor.getJsonArray("firstBatch").size());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"opCode": "OP_QUERY", "fullCollectionName": "db.c", "query": {}}                                         | REFUSED_BY_SERVER | (use command with find)
            {"opCode": "OP_QUERY", "fullCollectionName": "db.$cmd", "numberToReturn": -1, "query": {"count": "c"}}    | REFUSED_BY_SERVER | (use command with count)
            {"opCode": "OP_INSERT", "fullCollectionName": "db.c", "documents": [{}]}                                  | BAD_REQUEST | (use command with insert)
            {"opCode": "OP_KILL_CURSORS", "cursorIDs": [1]}                                                           | BAD_REQUEST | (use command with killCursors)
            {"opCode": "OP_GET_MORE", "fullCollectionName": "db.c", "cursorID": 1}                                    | UNKNOWN_OUTCOME mayHaveExecuted | (use command with getMore)
            """)
    void theFailureNamesTheCommand(String message, String failure, String said) {
        ServiceException refused =
                (ServiceException) Outcome.failure(bus.mongo().send(new JsonObject(message), null));
        assertEquals(failure, Stage.word(refused), refused.getMessage());
        assertTrue(refused.getMessage().endsWith(said), refused.getMessage());
        assertEquals(1, Outcome.value(bus.mongo().ping()).getDouble("ok"));
    }

    private static JsonObject send(JsonObject message) {
        return Outcome.value(bus.mongo().send(message, null));
    }
}
