package dev.polywire.mongodb.session;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.EndpointOptions;
import dev.polywire.mongodb.server.HelloFields;
import dev.polywire.mongodb.server.SmallMongo;
import dev.polywire.mongodb.server.SmallMongoOptions;
import dev.polywire.mongodb.server.SmallMongoOptions.Behaviour;
import dev.polywire.mongodb.session.MonitorStatus.Mode;
import dev.polywire.testing.Loop;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.bson.BsonString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A monitor at servers that stream, that do not, and that do it wrong. */
class ServerMonitorTest {

    /** Longer than any test: what happens before, does not happen by the clock. */
    private static final long NEVER_MILLIS = 600_000;

    private static final int PATIENT_MILLIS = 30_000;
    private static final HelloFields HELLO = HelloFields.standalone().watched();

    private final MonitorStage stage = new MonitorStage();

    @AfterEach
    void close() {
        stage.close();
    }

    private SmallMongo server(HelloFields hello, boolean streams) {
        return new SmallMongo(
                stage.loop.vertx(),
                EndpointOptions.of("127.0.0.1", 0),
                SmallMongoOptions.DEFAULT.says(hello).behaves(Behaviour.TODAY.hellos(streams, (int) NEVER_MILLIS)));
    }

    private ScriptedStream scripted(String... answers) {
        ScriptedStream server = new ScriptedStream(stage.loop.vertx());
        server.stream = List.of(answers);
        return server;
    }

    private void becomes(Mode mode) {
        await().until(() -> stage.mode() == mode);
    }

    /** A server that answers once is asked again each time. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void changesAreToldAtOnce(boolean streams) {
        SmallMongo server = server(HELLO, streams);
        stage.watch(Loop.await(server.listen()), NEVER_MILLIS, PATIENT_MILLIS);
        becomes(Mode.STREAMING);
        for (int i = 1; i <= 3; i++) {
            String name = "set " + i;
            server.says(HELLO.with("setName", new BsonString(name)));
            await().until(() -> stage.described.contains(name));
        }
        // The handshake, and a hello on a further connection.
        await().until(() -> stage.status().leastRoundTripMicros() > 0);
        assertNotNull(stage.status().lastHelloAgoMillis());
        stage.end();
        assertEquals(Mode.RESTING, stage.mode());
        assertEquals(0, stage.status().leastRoundTripMicros());
        assertEquals(List.of(), stage.lost);
    }

    /** Nothing changes, and hello is answered again and again. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nothingChanges(boolean streams) {
        SmallMongo server = server(streams ? HELLO : HelloFields.standalone(), streams);
        stage.watch(Loop.await(server.listen()), 20, PATIENT_MILLIS);
        await().until(() -> stage.described.size() > 5);
        assertEquals(Set.of("null"), Set.copyOf(stage.described));
        assertEquals(streams ? Mode.STREAMING : Mode.POLLING, stage.mode());
        await().until(() -> stage.status().leastRoundTripMicros() > 0);
    }

    /** A server that would stream is asked each time, if that is what we want. */
    @Test
    void polledByOrder() {
        ScriptedStream server = scripted(ScriptedStream.hello(6, "a"));
        stage.watch(server.port, false, 20, PATIENT_MILLIS);
        await().until(() -> server.asked.size() > 5);
        assertEquals(Mode.POLLING, stage.mode());
        assertEquals(Set.of("hello $db"), Set.copyOf(server.asked.subList(1, server.asked.size())));
        assertEquals(1, server.peers.size());
        assertEquals(Set.of("first"), Set.copyOf(stage.described));
    }

    @Test
    void whatIsAsked() {
        ScriptedStream server = scripted(ScriptedStream.hello(6, "a"));
        stage.watch(server.port, NEVER_MILLIS, PATIENT_MILLIS);
        String first = "isMaster helloOk client compression backpressure $db";
        await().until(() -> server.asked.size() == 4);
        assertEquals(
                List.of("exhaustAllowed hello topologyVersion maxAwaitTimeMS $db", "hello $db", first, first),
                server.asked.stream().sorted().toList());
        assertEquals(2, server.peers.size());
        stage.end();
        await().until(() -> server.gone.size() == 2);
    }

    @Test
    void anOlderVersionChangesNothing() {
        ScriptedStream server = scripted(
                ScriptedStream.hello(6, "a"),
                ScriptedStream.hello(4, "old"),
                ScriptedStream.hello(6, "b"),
                ScriptedStream.hello(7, "c"));
        stage.watch(server.port, NEVER_MILLIS, PATIENT_MILLIS);
        await().until(() -> stage.described.contains("c"));
        assertEquals(List.of("first", "a", "b", "c"), stage.described);
    }

    /** It is polled, and asked again when it is. */
    @Test
    void refusesToWait() {
        ScriptedStream server = scripted("{ok: 0.0, code: 40415, errmsg: 'no'}");
        server.ends = true;
        stage.watch(server.port, NEVER_MILLIS, PATIENT_MILLIS);
        becomes(Mode.POLLING);
        assertEquals(List.of("first"), stage.described);
        assertEquals(List.of(), stage.lost);
    }

    /** The connection is closed, and there is a new one. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ok: 0.0, code: 40415, errmsg: 'moreToCome'}",
                "{ok: 1.0, minWireVersion: 'many'}",
                "{ok: 1.0, minWireVersion: 1000, maxWireVersion: 1000}"
            })
    void wrongAnswers(String answer) {
        ScriptedStream server = scripted(answer);
        stage.watch(server.port, NEVER_MILLIS, PATIENT_MILLIS);
        await().until(() -> !server.gone.isEmpty());
        server.stream = List.of(ScriptedStream.hello(6, "right"));
        await().until(() -> stage.described.contains("right"));
        assertEquals(List.of(), stage.lost);
    }

    /** Answers without end cost a connection in each interval. */
    @Test
    void flood() {
        ScriptedStream server =
                scripted(Collections.nCopies(10 * MonitorSchedule.MAX_REPLIES, ScriptedStream.hello(6, "a"))
                        .toArray(String[]::new));
        stage.watch(server.port, NEVER_MILLIS, PATIENT_MILLIS);
        await().until(() -> !server.gone.isEmpty());
        becomes(Mode.CONNECTING);
        assertTrue(
                stage.described.size() <= MonitorSchedule.MAX_REPLIES + 2, () -> stage.described.size() + " answers");
        assertEquals(List.of(), stage.lost);
    }

    @Test
    void silentStream() {
        ScriptedStream server = scripted();
        stage.watch(server.port, 50, 100);
        await().until(() -> !stage.lost.isEmpty());
        assertEquals(List.of("CONNECTION_LOST no answer to a hello within 100 ms"), stage.lost);
        assertEquals(Mode.RESTING, stage.mode());
        await().until(() -> server.gone.size() == server.peers.size());
    }

    /** What only measures may fail as often as it likes. */
    @Test
    void silentWhereItIsMeasured() {
        ScriptedStream server = scripted(ScriptedStream.hello(6, "a"));
        server.answersLater = false;
        stage.watch(server.port, 50, PATIENT_MILLIS);
        await().until(() -> server.peers.size() > 3);
        assertEquals(0, stage.status().leastRoundTripMicros());
        assertEquals(List.of(), stage.lost);
        server.answersLater = true;
        await().until(() -> stage.status().leastRoundTripMicros() > 0);
        assertEquals(Mode.STREAMING, stage.mode());
    }

    @Test
    void none() {
        ScriptedStream server = scripted();
        stage.watch(server.port, 0, PATIENT_MILLIS);
        assertEquals(MonitorStatus.OFF, stage.status());
        assertEquals(List.of(), server.peers);
    }
}
