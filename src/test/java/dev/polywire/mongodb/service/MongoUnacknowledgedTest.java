package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.mongodb.wire.Documents;
import dev.polywire.mongodb.wire.OpMsg;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Writes that nobody wants to hear of, and what stands beside a command. */
class MongoUnacknowledgedTest {

    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    private static JsonObject insert(int w, int documents) {
        JsonArray all = new JsonArray();
        for (int i = 0; i < documents; i++) {
            all.add(new JsonObject().put("_id", i));
        }
        return new JsonObject()
                .put("insert", "things")
                .put("documents", all)
                .put("writeConcern", new JsonObject().put("w", w));
    }

    private Future<JsonObject> ask(JsonObject insert) {
        return stage.mongo().command("db", "insert", insert, null);
    }

    @Test
    void theBulkStandsBesideTheCommand() {
        stage.deploy(new JsonObject());
        Future<JsonObject> answer = ask(insert(1, 2));
        Asked asked = stage.next("insert");
        OpMsg message = (OpMsg) asked.request().message();
        assertFalse(message.moreToCome());
        assertFalse(asked.document().containsKey("documents"));
        assertEquals(1, message.sequences().size());
        assertEquals("documents", message.sequences().get(0).identifier());
        assertEquals(
                List.of(Documents.bson("{_id: 0}"), Documents.bson("{_id: 1}")),
                message.sequences().get(0).documents());
        asked.reply("{ok: 1, n: 2}");
        assertEquals(2, Outcome.value(answer).getInteger("n"));
    }

    @Test
    void unacknowledgedIsAnsweredWhenItIsSent() {
        stage.deploy(new JsonObject());
        assertEquals(new JsonObject(), Outcome.value(ask(insert(0, 1))));
        OpMsg message = (OpMsg) stage.next("insert").request().message();
        assertEquals(OpMsg.MORE_TO_COME, message.flagBits());
    }

    /** FerretDB 1.24.2 does so. The reply names a request that waits for none, and is not given to the one that does. */
    @Test
    void aReplyThatNobodyWaitsForEndsTheConnection() {
        stage.deploy(new JsonObject());
        Outcome.value(ask(insert(0, 1)));
        Asked silent = stage.next("insert");
        Future<JsonObject> other = Stage.find(stage.mongo(), 1);
        stage.next("find");
        silent.reply("{ok: 1, n: 1}");
        assertEquals("PROTOCOL_VIOLATION mayHaveExecuted", Stage.failure(other));
        Future<JsonObject> again = Stage.find(stage.mongo(), 2);
        stage.next("find").ok();
        Outcome.value(again);
    }

    /** A server that does not read: the system takes some of it, and no more. */
    private static Future<String> unread(MongoService mongo) {
        JsonObject large = insert(0, 1).put("text", "x".repeat(1_000_000));
        return mongo.command("db", "insert", large, null)
                .map("written")
                .otherwise(lost -> Stage.word((ServiceException) lost));
    }

    private void readsNoMore() {
        Future<JsonObject> ping = stage.mongo().ping();
        Asked first = stage.next("ping");
        first.peer().pause();
        first.ok();
        Outcome.value(ping);
    }

    @Test
    void whatIsLostWhileItIsWrittenIsNoSuccess() {
        stage.deploy(new JsonObject());
        readsNoMore();
        List<Future<String>> calls =
                IntStream.range(0, 40).mapToObj(n -> unread(stage.mongo())).toList();
        assertTrue(stage.status().getInteger("inFlight") > 1);
        stage.hellos.get(0).abort();
        List<String> outcomes = calls.stream().map(Outcome::value).distinct().toList();
        assertEquals("UNKNOWN_OUTCOME mayHaveExecuted", outcomes.get(outcomes.indexOf("written") + 1));
    }

    /** The first that the system does not take wholly. */
    @Test
    void whatIsNotWrittenByTheDeadline() {
        stage.deploy(new JsonObject());
        readsNoMore();
        MongoService hasty = stage.mongo(1_000);
        String outcome = "written";
        for (int n = 0; n < 100 && outcome.equals("written"); n++) {
            outcome = Outcome.value(unread(hasty));
        }
        assertEquals("TIMEOUT mayHaveExecuted", outcome);
    }

    @Test
    void whatIsBeyondTheServersSizesIsNotSent() {
        stage.answer = Documents.bson(
                "{ismaster: true, maxBsonObjectSize: 1000, maxWriteBatchSize: 3, maxWireVersion: 25, ok: 1}");
        stage.deploy(new JsonObject());
        assertEquals("LIMIT_EXCEEDED", Stage.failure(ask(insert(1, 4))));
        JsonObject large = new JsonObject()
                .put("insert", "things")
                .put("documents", new JsonArray().add(new JsonObject().put("text", "x".repeat(1_000))));
        assertEquals("LIMIT_EXCEEDED", Stage.failure(ask(large)));
        Future<JsonObject> fits = ask(insert(1, 3));
        stage.next("insert").ok();
        Outcome.value(fits);
        assertEquals(0, stage.waiting());
    }
}
