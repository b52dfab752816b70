package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.mongodb.wire.Documents;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.Relay;
import dev.polywire.testing.Vectors;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The wire breaks, or goes dead, with requests at every place between the bus and the server. */
class MongoLossTest {

    private final Stage stage = new Stage();
    private final Relay relay = new Relay(stage.port);

    @AfterEach
    void close() {
        relay.close();
        stage.close();
    }

    private void deployBehindRelay() {
        stage.deploy(new JsonObject().put("port", relay.port()).put("pipeline", 4));
    }

    /** Deadlines are a minute away: what fails here fails because of the connection. */
    @ParameterizedTest
    @ValueSource(strings = {"reset", "closed by the server"})
    void inFlight(String end) {
        deployBehindRelay();
        List<Future<JsonObject>> calls = new ArrayList<>();
        for (int n = 0; n < 3; n++) {
            calls.add(Stage.find(stage.mongo(), n));
            calls.add(Stage.insert(stage.mongo(), n));
        }
        stage.next("find");
        stage.next("insert");
        stage.next("find");
        Asked last = stage.next("insert");
        // Answered behind the six: else the last two may find the next connection.
        stage.status();
        if (end.equals("reset")) {
            relay.reset();
        } else {
            last.peer().close();
        }
        assertEquals(
                List.of(
                        "CONNECTION_LOST retryable",
                        "UNKNOWN_OUTCOME mayHaveExecuted",
                        "CONNECTION_LOST retryable",
                        "UNKNOWN_OUTCOME mayHaveExecuted",
                        // Four may be on the wire: these were never sent.
                        "CONNECTION_LOST retryable",
                        "CONNECTION_LOST retryable"),
                calls.stream().map(Stage::failure).toList());
        servesAgain();
    }

    private void servesAgain() {
        Future<JsonObject> next = Stage.find(stage.mongo(), 9);
        Asked find = stage.next("find");
        assertEquals("things9", find.document().getString("find").getValue());
        assertTrue(find.peer().number() > 1);
        find.ok();
        Outcome.value(next);
        assertEquals("ready", stage.status().getString("state"));
    }

    /** A server that closes over a command it has no word for: whoever sends such commands does not hold up the others. */
    @Test
    void closedOverACommand() {
        deployBehindRelay();
        for (int n = 0; n < 10; n++) {
            Future<JsonObject> deadly = Stage.insert(stage.mongo(), n);
            stage.next("insert").peer().close();
            assertEquals("UNKNOWN_OUTCOME mayHaveExecuted", Stage.failure(deadly));
            Future<JsonObject> other = Stage.find(stage.mongo(3_000), n);
            stage.next("find").ok();
            Outcome.value(other);
        }
    }

    /** Half an answer, then the end: it is nobody's answer. */
    @Test
    void halfAnAnswer() {
        deployBehindRelay();
        Future<JsonObject> call = Stage.insert(stage.mongo(), 1);
        Asked insert = stage.next("insert");
        insert.raw(Documents.reply(Documents.OK).getBuffer(0, 30));
        insert.peer().close();
        assertEquals("UNKNOWN_OUTCOME mayHaveExecuted", Stage.failure(call));
        servesAgain();
    }

    @Test
    void aggregationThatWrites() {
        deployBehindRelay();
        List<Future<JsonObject>> calls = new ArrayList<>();
        for (String stageOfPipeline : List.of("$match", "$out", "$merge")) {
            JsonObject aggregate = new JsonObject(
                    "{\"aggregate\": \"things\", \"cursor\": {}, \"pipeline\": [{\"" + stageOfPipeline + "\": {}}]}");
            calls.add(stage.mongo().command("db", "aggregate", aggregate, null));
            stage.next("aggregate");
        }
        relay.reset();
        assertEquals(
                List.of(
                        "CONNECTION_LOST retryable",
                        "UNKNOWN_OUTCOME mayHaveExecuted",
                        "UNKNOWN_OUTCOME mayHaveExecuted"),
                calls.stream().map(Stage::failure).toList());
    }

    @Test
    void halfOpen() {
        deployBehindRelay();
        Outcome.value(stage.mongo().status());
        Future<JsonObject> ping = stage.mongo().ping();
        stage.next("ping").ok();
        Outcome.value(ping);
        relay.freeze();
        assertEquals("TIMEOUT mayHaveExecuted", Stage.failure(Stage.find(stage.mongo(200), 1)));
        assertEquals("TIMEOUT mayHaveExecuted", Stage.failure(Stage.insert(stage.mongo(200), 2)));
    }

    @Tag("M16")
    @Test
    void lateAnswerIsNobodys() {
        stage.deploy();
        Future<JsonObject> slow = Stage.find(stage.mongo(200), 1);
        Asked first = stage.next("find");
        assertEquals("TIMEOUT mayHaveExecuted", Stage.failure(slow));
        Future<JsonObject> other = Stage.find(stage.mongo(), 2);
        Asked second = stage.next("find");
        first.reply("{n: 1, ok: 1.0}");
        second.reply("{n: 2, ok: 1.0}");
        assertEquals(2, Outcome.value(other).getInteger("n"));
        assertEquals(1, stage.counter("lateServerAnswers"));
        Future<JsonObject> lost = Stage.find(stage.mongo(), 3);
        stage.next("find").peer().close();
        assertEquals("CONNECTION_LOST retryable", Stage.failure(lost));
        Future<JsonObject> again = Stage.find(stage.mongo(), 4);
        stage.next("find").ok();
        Outcome.value(again);
        assertEquals(1, stage.counter("lateServerAnswers"), "a new connection does not count from 0");
    }

    @Test
    void timedOutLateAndBroken() {
        stage.deploy();
        Future<JsonObject> slow = Stage.find(stage.mongo(200), 1);
        Asked first = stage.next("find");
        assertEquals("TIMEOUT mayHaveExecuted", Stage.failure(slow));
        first.raw(Documents.reply(Vectors.bytes("09000000086100 0200")));
        Future<JsonObject> other = Stage.find(stage.mongo(), 2);
        stage.next("find").ok();
        Outcome.value(other);
        assertEquals(1, first.peer().number());
    }

    @Test
    void neverConnected() {
        relay.close();
        stage.deploy(new JsonObject().put("port", relay.port()).put("failFast", false));
        ServiceException failure = (ServiceException) Outcome.failure(Stage.insert(stage.mongo(300), 1));
        assertEquals("UNAVAILABLE retryable", Stage.word(failure));
        assertTrue(failure.getMessage().contains("not sent by the deadline: no connection: "), failure.getMessage());
        assertEquals("connecting", stage.status().getString("state"));
    }

    @Test
    void failFast() {
        relay.close();
        JsonObject settings = new JsonObject().put("port", relay.port());
        assertEquals("UNAVAILABLE retryable", Stage.failure(stage.deploying(settings)));
    }

    /** What was given up before there was a connection is not sent when there is one. */
    @Test
    void givenUpBeforeTheServerCame() {
        relay.close();
        stage.deploy(new JsonObject().put("port", relay.port()).put("failFast", false));
        assertEquals("UNAVAILABLE retryable", Stage.failure(Stage.insert(stage.mongo(200), 1)));
        Future<JsonObject> patient = Stage.insert(stage.mongo(), 2);
        stage.listen(relay.port());
        Asked insert = stage.next("insert");
        assertEquals("things2", insert.document().getString("insert").getValue());
        insert.ok();
        Outcome.value(patient);
        assertEquals(0, stage.waiting());
    }
}
