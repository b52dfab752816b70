package dev.polywire.eventstore.service;

import static dev.polywire.eventstore.service.EventStoreBus.event;
import static dev.polywire.eventstore.service.EventStoreBus.failure;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.Polywire;
import dev.polywire.eventstore.client.StorePeer;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.eventstore.wire.TcpPackage;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.RawPeer;
import dev.polywire.testing.Vectors;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers that no server of ours gives: they end the operation that they answer, and no other. */
@Timeout(60)
class EventStoreOddAnswersTest {

    private final RawPeer.Door door = new RawPeer.Door();
    private final Vertx vertx = Polywire.install(Vertx.vertx());
    private final EventStoreService service = EventStoreService.proxy(vertx, EventStoreBus.ADDRESS);
    private final StorePeer server = connected();

    private StorePeer connected() {
        JsonObject config = new JsonObject().put("port", door.port()).put("heartbeatMillis", 0);
        Outcome.value(vertx.deployVerticle(EventStoreVerticle.class, new DeploymentOptions().setConfig(config)));
        return StorePeer.loggedIn(door);
    }

    @AfterEach
    void close() {
        server.close();
        Outcome.value(vertx.close());
        door.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "a result nobody knows      | 0863 1800 2000",
                "bytes that are no protobuf | ffffffff",
                "a field that is cut off    | 0800 1264 61",
                "a negative result          | 08ffffffffffffffffff01",
            })
    void anAppendWithAnOddAnswer(String what, String payload) {
        Future<JsonObject> odd = service.append("s", -1, List.of(event()), null);
        TcpPackage asked = server.next(null);
        server.answer(asked, TcpCommand.WRITE_EVENTS_COMPLETED, bytes(payload));
        assertViolation(odd);
        assertAlive();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a result nobody knows        | 1009",
                "bytes that are no protobuf   | ffffffff",
                "an event without its id      | 0a 0c 0a0a 0a0173 1000 1a00 2a0174 1000",
            })
    void aReadWithAnOddAnswer(String what, String payload) {
        Future<JsonObject> odd = service.readStream("s", null);
        TcpPackage asked = server.next(null);
        server.answer(asked, TcpCommand.READ_STREAM_EVENTS_FORWARD_COMPLETED, bytes(payload));
        assertViolation(odd);
        assertAlive();
    }

    /** The answer to another question, under the id of this one. */
    @Test
    void anotherCommand() {
        Future<JsonObject> odd = service.readEvent("s", 0, null);
        server.answer(server.next(null), new ConnectionMessage.Authenticated());
        assertViolation(odd);
        assertAlive();
    }

    @Test
    void aCommandNobodyKnows() {
        Future<JsonObject> odd = service.readEvent("s", 0, null);
        TcpPackage asked = server.next(null);
        server.send(new TcpPackage(0xff, false, asked.correlationId(), null, Buffer.buffer()));
        assertViolation(odd);
        assertAlive();
    }

    /** E.g. to someone who has given up: passed over, and counted. */
    @Test
    void anAnswerToNobody() {
        server.send(TcpPackage.of(UUID.randomUUID(), new ConnectionMessage.Pong(Buffer.buffer()), null));
        server.send(new TcpPackage(0x83, false, UUID.randomUUID(), null, bytes("ffffffff")));
        assertAlive();
        JsonObject status = Outcome.value(service.status());
        assertEquals(2, status.getJsonObject("counters").getInteger("strayAnswers"));
    }

    /** The server may say why, and then ends the connection: with it what was asked. */
    @Test
    void aFarewell() {
        Future<JsonObject> asked = service.append("s", -2, List.of(event()), null);
        server.next(null);
        server.send(TcpPackage.of(new UUID(0, 0), new ConnectionMessage.BadRequest("no package"), null));
        ServiceException lost = failure(asked);
        assertEquals("UNKNOWN_OUTCOME", EventStoreBus.name(lost));
        assertTrue(lost.getMessage().contains("no package"), lost::toString);
        StorePeer.loggedIn(door).close();
    }

    private static void assertViolation(Future<?> asked) {
        ServiceException violation = failure(asked);
        assertEquals(4520, violation.failureCode(), violation::toString);
        JsonObject said = violation.getDebugInfo();
        assertEquals("PROTOCOL_VIOLATION", said.getString("name"));
        assertFalse(said.getBoolean("retryable"));
        assertTrue(said.getBoolean("mayHaveExecuted"));
    }

    /** On the same connection. */
    private void assertAlive() {
        Future<JsonObject> ping = service.ping();
        TcpPackage asked = server.next(null);
        server.answer(asked, new ConnectionMessage.Pong(Buffer.buffer()));
        assertEquals("127.0.0.1:" + door.port(), Outcome.value(ping).getString("node"));
    }

    private static Buffer bytes(String hex) {
        return Vectors.bytes(hex.replace(" ", ""));
    }
}
