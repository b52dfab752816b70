package dev.polywire.mongodb.service;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.EndpointOptions;
import dev.polywire.mongodb.server.HelloFields;
import dev.polywire.mongodb.server.SmallMongo;
import dev.polywire.mongodb.server.SmallMongoOptions;
import dev.polywire.testing.Gate;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server that is gone without a word, and one that only takes its time. */
class MongoHeartbeatTest {

    private final Stage stage = new Stage();
    private final Gate gate = new Gate(stage.port);

    @AfterEach
    void close() {
        gate.close();
        stage.close();
    }

    private void deploy(JsonObject settings) {
        stage.deploy(new JsonObject()
                .put("port", gate.port())
                .put("connectTimeoutMillis", 1_000)
                .put("heartbeatMillis", 100)
                .mergeIn(settings));
    }

    private String state() {
        return stage.status().getString("state");
    }

    private JsonObject heartbeat() {
        return stage.status().getJsonObject("heartbeat");
    }

    /** In status: how the server is asked, the least of two round trips or more, and when it last answered. */
    @Test
    void itIsInTheStatus() {
        deploy(new JsonObject());
        await().until(() -> heartbeat().getLong("leastRoundTripMicros") > 0);
        assertEquals("polling", heartbeat().getString("mode"));
        assertTrue(heartbeat().getLong("lastHelloAgoMillis") >= 0);
    }

    /** By a server that can stream. */
    @ParameterizedTest
    @CsvSource({"auto, streaming", "stream, streaming", "poll, polling"})
    void itsModeIsAnOption(String option, String mode) {
        SmallMongo server = new SmallMongo(
                stage.vertx,
                EndpointOptions.of("127.0.0.1", 0),
                SmallMongoOptions.DEFAULT.says(HelloFields.standalone().watched()));
        int port = Outcome.value(server.listen());
        deploy(new JsonObject().put("port", port).put("serverMonitoringMode", option));
        await().until(() -> heartbeat().getLong("lastHelloAgoMillis") != null);
        assertEquals(mode, heartbeat().getString("mode"));
    }

    @Test
    void thereMayBeNone() {
        deploy(new JsonObject().put("heartbeatMillis", 0));
        assertEquals(new JsonObject().put("mode", "off").put("leastRoundTripMicros", 0), heartbeat());
    }

    private void served() {
        Future<JsonObject> next = Stage.find(stage.mongo(), 9);
        stage.next("find").ok();
        Outcome.value(next);
    }

    /** All packets are dropped for a while: nobody is told TIMEOUT for ever, and nothing is delivered that was given up. */
    @Test
    void aBlackHole() {
        deploy(new JsonObject());
        served();
        await().until(() -> stage.hellos.size() > 2);
        gate.silence();
        Future<JsonObject> patient = Stage.insert(stage.mongo(), 1);
        assertEquals("TIMEOUT mayHaveExecuted", Stage.failure(Stage.insert(stage.mongo(200), 2)));
        await().until(() -> state().equals("recovering"));
        assertEquals("UNKNOWN_OUTCOME mayHaveExecuted", Stage.failure(patient));
        assertEquals("UNAVAILABLE retryable", Stage.failure(Stage.insert(stage.mongo(200), 3)));
        gate.speak();
        // The next that the server hears, though three inserts were made before.
        served();
        assertEquals(0, stage.waiting());
    }

    /** It begins while the monitor connects, or waits for its first answer. */
    @Test
    void aBlackHoleFromTheBeginning() {
        deploy(new JsonObject().put("heartbeatMillis", 2_000));
        gate.silence();
        await().until(() -> state().equals("recovering"));
        gate.speak();
        served();
    }

    @Test
    void aSlowCommandIsNoReason() {
        deploy(new JsonObject());
        Future<JsonObject> slow = Stage.find(stage.mongo(), 1);
        Asked find = stage.next("find");
        await().until(() -> stage.hellos.size() > 5);
        find.ok();
        Outcome.value(slow);
        assertEquals(1, find.peer().number());
        assertEquals(2, stage.hellos.get(stage.hellos.size() - 1).number());
    }

    /** The second connection breaks alone: there is a new one, and the first stays. */
    @Test
    void theSecondIsReplaced() {
        deploy(new JsonObject());
        Future<JsonObject> slow = Stage.find(stage.mongo(), 1);
        Asked find = stage.next("find");
        await().until(() -> stage.hellos.size() > 2);
        stage.hellos.get(2).close();
        await().until(() -> stage.hellos.get(stage.hellos.size() - 1).number() == 3);
        find.ok();
        Outcome.value(slow);
        assertEquals(1, find.peer().number());
    }

    /** A server that takes one connection only has said nothing about it. */
    @Test
    void aServerThatTakesNoSecond() {
        stage.takes = number -> number == 1;
        deploy(new JsonObject());
        stage.nextGone();
        stage.nextGone();
        Future<JsonObject> find = Stage.find(stage.mongo(), 1);
        Asked asked = stage.next("find");
        asked.ok();
        Outcome.value(find);
        assertEquals(1, asked.peer().number());
    }

    /** The limit of its connections, say: that is no word about the first, where a command takes its time. */
    @Test
    void aServerThatTakesNoneForAMoment() {
        deploy(new JsonObject().put("connectTimeoutMillis", 10_000));
        await().until(() -> stage.hellos.size() > 2);
        Future<JsonObject> slow = Stage.find(stage.mongo(), 1);
        Asked find = stage.next("find");
        stage.takes = number -> number > 3;
        stage.hellos.get(2).close();
        await().until(() -> stage.hellos.get(stage.hellos.size() - 1).number() == 4);
        find.ok();
        Outcome.value(slow);
        assertEquals(1, find.peer().number());
    }

    /** One that took a second before, takes none for so long, and says nothing on the first either: it has gone. */
    @Test
    void aServerThatTakesNoneAnyMore() {
        deploy(new JsonObject());
        await().until(() -> stage.hellos.size() > 2);
        Future<JsonObject> read = Stage.find(stage.mongo(), 1);
        stage.next("find");
        stage.takes = number -> false;
        stage.hellos.get(2).close();
        assertEquals("CONNECTION_LOST retryable", Stage.failure(read));
        stage.takes = number -> true;
        served();
    }

    @Test
    void none() {
        deploy(new JsonObject().put("heartbeatMillis", 0));
        served();
        assertEquals(1, stage.hellos.size());
        assertTrue(state().equals("ready"));
    }
}
