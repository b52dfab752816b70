package dev.polywire.eventstore.service;

import static dev.polywire.eventstore.service.EventStoreBus.event;
import static dev.polywire.eventstore.service.EventStoreBus.failure;
import static dev.polywire.eventstore.service.EventStoreBus.name;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.eventstore.server.CommandFault;
import dev.polywire.eventstore.server.FaultPlan;
import dev.polywire.eventstore.server.NodeRole;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent again when its answer was lost, and what is not. */
@Timeout(60)
class EventStoreResendingTest {

    private static final long ANY = -2;
    private static final long NO_STREAM = -1;
    private static final long STREAM_EXISTS = -4;
    private static final long SHORT_MILLIS = 300;
    private static final int SOME_BYTES = 5;

    private static final JsonObject RETRY_ANY = new JsonObject().put("retryAny", true);

    private final EventStoreBus bus = new EventStoreBus();

    @AfterEach
    void close() {
        bus.close();
    }

    @Test
    void aReadIsRepeated() {
        bus.deploy();
        bus.append("s", NO_STREAM, event());
        List<TcpCommand> reads = List.of(
                TcpCommand.READ_EVENT,
                TcpCommand.READ_STREAM_EVENTS_FORWARD,
                TcpCommand.READ_STREAM_EVENTS_BACKWARD,
                TcpCommand.READ_ALL_EVENTS_FORWARD,
                TcpCommand.READ_ALL_EVENTS_BACKWARD,
                TcpCommand.PING);
        for (int i = 0; i < reads.size(); i++) {
            cut(reads.get(i));
            Outcome.value(read(reads.get(i)));
            assertEquals(i + 1, bus.counter("repeated"));
        }
    }

    private Future<JsonObject> read(TcpCommand command) {
        JsonObject backward = new JsonObject().put("direction", "backward");
        return switch (command) {
            case READ_EVENT -> bus.service.readEvent("s", 0, null);
            case READ_STREAM_EVENTS_FORWARD -> bus.service.readStream("s", null);
            case READ_STREAM_EVENTS_BACKWARD -> bus.service.readStream("s", backward);
            case READ_ALL_EVENTS_FORWARD -> bus.service.readAll(null);
            case READ_ALL_EVENTS_BACKWARD -> bus.service.readAll(backward);
            default -> bus.service.ping();
        };
    }

    /** The server is gone for longer than the caller has time. */
    @Test
    void aReadIsRepeatedUntilItsDeadline() {
        bus.deploy();
        bus.append("s", NO_STREAM, event());
        shut();
        ServiceException late = failure(bus.within(SHORT_MILLIS).readStream("s", null));
        assertEquals("UNAVAILABLE", name(late));
        assertTrue(late.getDebugInfo().getBoolean("retryable"));
    }

    @ParameterizedTest
    @ValueSource(longs = {NO_STREAM, 0})
    void anAppendWithAVersionIsRepeatedAndThereOnce(long expectedVersion) {
        bus.deploy();
        if (expectedVersion == 0) {
            bus.append("s", NO_STREAM, event());
        }
        cut(TcpCommand.WRITE_EVENTS);
        JsonObject done = bus.append("s", expectedVersion, event(), event());
        assertEquals(expectedVersion + 1, done.getLong("firstEventNumber"));
        assertEquals(expectedVersion + 2, done.getLong("lastEventNumber"));
        // The server has found its ids again.
        assertFalse(done.containsKey("position"));
        assertEquals(expectedVersion + 3, bus.events("s").size());
        assertEquals(1, bus.counter("repeated"));
    }

    @ParameterizedTest
    @ValueSource(longs = {ANY, STREAM_EXISTS})
    void anAppendWithoutAVersionIsNot(long expectedVersion) {
        bus.deploy();
        bus.append("s", NO_STREAM, event());
        cut(TcpCommand.WRITE_EVENTS);
        ServiceException unknown = failure(append(bus.service, expectedVersion, null));
        assertEquals("UNKNOWN_OUTCOME", name(unknown));
        assertTrue(unknown.getDebugInfo().getBoolean("mayHaveExecuted"));
        assertFalse(unknown.getDebugInfo().getBoolean("retryable"));
        assertEquals(0, bus.counter("repeated"));
        assertEquals(2, bus.events("s").size());
    }

    @ParameterizedTest
    @ValueSource(longs = {ANY, STREAM_EXISTS})
    void unlessTheCallerWantsIt(long expectedVersion) {
        bus.deploy();
        bus.append("s", NO_STREAM, event());
        cut(TcpCommand.WRITE_EVENTS);
        Outcome.value(append(bus.service, expectedVersion, RETRY_ANY));
        assertEquals(2, bus.events("s").size());
    }

    @Test
    void orTheConfiguration() {
        bus.deploy(RETRY_ANY);
        cut(TcpCommand.WRITE_EVENTS);
        Outcome.value(append(bus.service, ANY, null));
        cut(TcpCommand.WRITE_EVENTS);
        JsonObject once = new JsonObject().put("retryAny", false);
        assertEquals("UNKNOWN_OUTCOME", name(failure(append(bus.service, ANY, once))));
        cut(TcpCommand.WRITE_EVENTS);
        Outcome.value(bus.service.setSystemSettings(new JsonObject()));
    }

    /** It was never done, but nobody knows. */
    @Test
    void anAppendThatWasNotDoneIsRepeatedToo() {
        bus.deploy();
        bus.fail(FaultPlan.NONE.command(TcpCommand.WRITE_EVENTS, 1, new CommandFault.Close()));
        assertTrue(bus.append("s", NO_STREAM, event()).containsKey("position"));
        bus.fail(FaultPlan.NONE.command(TcpCommand.WRITE_EVENTS, 1, new CommandFault.Close()));
        assertEquals("UNKNOWN_OUTCOME", name(failure(append(bus.service, ANY, null))));
        assertEquals(1, bus.events("s").size());
    }

    /** The connection stays: who knows nothing can ask again, with the same ids. */
    @Test
    void aLostAnswerIsATimeoutAndTheSameIdsAreThereOnce() {
        bus.deploy();
        bus.fail(FaultPlan.NONE.command(TcpCommand.WRITE_EVENTS, 1, new CommandFault.LoseAnswer()));
        List<JsonObject> events =
                List.of(event().put("eventId", UUID.randomUUID().toString()));
        ServiceException late = failure(bus.within(SHORT_MILLIS).append("s", NO_STREAM, events, null));
        assertEquals("TIMEOUT", name(late));
        assertTrue(late.getDebugInfo().getBoolean("mayHaveExecuted"));
        JsonObject done = Outcome.value(bus.service.append("s", NO_STREAM, events, null));
        assertEquals(0, done.getInteger("firstEventNumber"));
        assertEquals(1, bus.events("s").size());
    }

    @Test
    void aSoftDeleteWithAVersionIsRepeated() {
        bus.deploy();
        bus.append("s", NO_STREAM, event());
        cut(TcpCommand.DELETE_STREAM);
        Outcome.value(bus.service.deleteStream("s", 0, null));
        assertEquals("NOT_FOUND", name(failure(bus.service.readStream("s", null))));
    }

    @Test
    void aDeleteWithoutAVersionIsNot() {
        bus.deploy();
        bus.append("s", NO_STREAM, event());
        cut(TcpCommand.DELETE_STREAM);
        assertEquals("UNKNOWN_OUTCOME", name(failure(bus.service.deleteStream("s", ANY, null))));
        cut(TcpCommand.DELETE_STREAM);
        Outcome.value(bus.service.deleteStream("s", ANY, RETRY_ANY));
    }

    /** The server refuses the repetition, because it is gone: which may be this caller's doing. */
    @Test
    void aHardDeleteThatIsRepeatedMayHaveBeenTheOne() {
        bus.deploy();
        bus.append("s", NO_STREAM, event());
        cut(TcpCommand.DELETE_STREAM);
        ServiceException unknown = failure(bus.service.deleteStream("s", 0, new JsonObject().put("hardDelete", true)));
        assertEquals("UNKNOWN_OUTCOME", name(unknown));
        assertEquals(
                "StreamDeleted", unknown.getDebugInfo().getJsonObject("server").getString("reason"));
        assertTrue(unknown.getDebugInfo().getBoolean("mayHaveExecuted"));
    }

    @Test
    void metadataWithAVersionAreRepeated() {
        bus.deploy();
        cut(TcpCommand.WRITE_EVENTS);
        JsonObject metadata = new JsonObject().put("$maxCount", 7);
        Outcome.value(bus.service.setStreamMetadata("s", NO_STREAM, metadata, null));
        assertEquals(metadata, Outcome.value(bus.service.streamMetadata("s")).getJsonObject("metadata"));
        cut(TcpCommand.WRITE_EVENTS);
        assertEquals("UNKNOWN_OUTCOME", name(failure(bus.service.setStreamMetadata("s", ANY, metadata, null))));
    }

    /** F41. */
    @Test
    void nothingIsSentForWhoeverHasGivenUpWithoutAServer() {
        bus.deploy();
        Outcome.value(bus.service.ping());
        shut();
        assertEquals("UNAVAILABLE", name(failure(append(bus.within(SHORT_MILLIS), ANY, null))));
        Outcome.value(bus.node.open());
        assertNothingWritten();
    }

    /** F41: it was on the way once, and waited to be sent again. */
    @Test
    void nothingIsSentForWhoeverHasGivenUpBetweenRepetitions() {
        bus.deploy();
        Outcome.value(bus.service.ping());
        Outcome.value(bus.node.become(NodeRole.NOT_READY));
        assertEquals("UNAVAILABLE", name(failure(append(bus.within(SHORT_MILLIS), NO_STREAM, null))));
        Outcome.value(bus.node.become(NodeRole.LEADER));
        assertNothingWritten();
    }

    /** F41: others were before it. */
    @Test
    void nothingIsSentForWhoeverHasGivenUpInTheQueue() {
        bus.deploy(new JsonObject().put("maxInFlight", 1));
        bus.fail(FaultPlan.NONE.command(TcpCommand.READ_EVENT, 1, new CommandFault.Delay(3 * (int) SHORT_MILLIS)));
        Future<JsonObject> first = bus.service.readEvent("none", 0, null);
        assertEquals("UNAVAILABLE", name(failure(append(bus.within(SHORT_MILLIS), ANY, null))));
        assertEquals("NOT_FOUND", name(failure(first)));
        assertNothingWritten();
    }

    private void assertNothingWritten() {
        Outcome.value(bus.service.ping());
        ServiceException none = failure(bus.service.readStream("s", null));
        assertEquals("NoStream", none.getDebugInfo().getJsonObject("server").getString("reason"));
    }

    /** The server is gone, and the connector knows it. */
    private void shut() {
        Outcome.value(bus.node.close());
        await().until(() ->
                !Outcome.value(bus.service.status()).getString("state").equals("ready"));
    }

    /** The answer to the next command of this kind does not come whole, and the connection is gone. */
    private void cut(TcpCommand command) {
        bus.fail(FaultPlan.NONE.command(command, 1, new CommandFault.CutAnswer(SOME_BYTES)));
    }

    private static Future<JsonObject> append(
            EventStoreService service, long expectedVersion, @Nullable JsonObject options) {
        return service.append("s", expectedVersion, List.of(event()), options);
    }
}
