package dev.polywire.eventstore.service;

import static dev.polywire.eventstore.service.EventStoreBus.event;
import static dev.polywire.eventstore.service.EventStoreBus.failure;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.eventstore.server.CommandFault;
import dev.polywire.eventstore.server.FaultPlan;
import dev.polywire.eventstore.server.NodeRole;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.NotHandledReason;
import dev.polywire.eventstore.wire.OperationResult;
import dev.polywire.eventstore.wire.PersistentMessage;
import dev.polywire.eventstore.wire.Position;
import dev.polywire.eventstore.wire.ReadAllResult;
import dev.polywire.eventstore.wire.ReadDirection;
import dev.polywire.eventstore.wire.ReadMessage;
import dev.polywire.eventstore.wire.ReadStreamResult;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.eventstore.wire.WriteMessage;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The table of {@link EventStoreService}: what a caller gets for what the server says. */
@Timeout(60)
class EventStoreOutcomesTest {

    private static final long ANY = -2;
    private static final long NO_STREAM = -1;
    private static final long STREAM_EXISTS = -4;
    private static final long SHORT_MILLIS = 400;

    private final EventStoreBus bus = new EventStoreBus().deploy();

    @AfterEach
    void close() {
        bus.close();
    }

    @Test
    void wrongExpectedVersion() {
        bus.append("s", NO_STREAM, event(), event());
        ServiceException conflict = fails(Failure.CONFLICT, "WrongExpectedVersion", append(0));
        assertEquals(1, server(conflict).getInteger("currentVersion"));
        ServiceException missing = failure(bus.service.append("none", 7, List.of(event()), null));
        assertEquals(-1, server(missing).getInteger("currentVersion"));
    }

    @Test
    void wrongExpectedVersionOfADelete() {
        bus.append("s", NO_STREAM, event());
        fails(Failure.CONFLICT, "WrongExpectedVersion", bus.service.deleteStream("s", 3, null));
    }

    @Test
    void noStream() {
        fails(Failure.NOT_FOUND, "NoStream", bus.service.readStream("none", null));
        fails(Failure.NOT_FOUND, "NoStream", bus.service.readEvent("none", 0, null));
    }

    @Test
    void notFound() {
        bus.append("s", NO_STREAM, event());
        fails(Failure.NOT_FOUND, "NotFound", bus.service.readEvent("s", 7, null));
    }

    @Test
    void streamDeleted() {
        bus.append("s", NO_STREAM, event());
        Outcome.value(bus.service.deleteStream("s", 0, new JsonObject().put("hardDelete", true)));
        fails(Failure.NOT_FOUND, "StreamDeleted", bus.service.readStream("s", null));
        fails(Failure.NOT_FOUND, "StreamDeleted", bus.service.readEvent("s", 0, null));
        fails(Failure.NOT_FOUND, "StreamDeleted", append(ANY));
        fails(Failure.NOT_FOUND, "StreamDeleted", bus.service.deleteStream("s", ANY, null));
    }

    @Test
    void accessDenied() {
        answers(TcpCommand.WRITE_EVENTS, written(OperationResult.ACCESS_DENIED, "no"));
        assertEquals(
                "no",
                server(fails(Failure.FORBIDDEN, "AccessDenied", append(ANY))).getString("text"));
    }

    /** The server's own. */
    @Test
    void accessDeniedToAll() {
        EventStoreService all = anonymous();
        fails(Failure.FORBIDDEN, "AccessDenied", all.readAll(null));
        fails(Failure.FORBIDDEN, "AccessDenied", all.append("$s", NO_STREAM, List.of(event()), null));
    }

    @Test
    void notAuthenticated() {
        answers(TcpCommand.WRITE_EVENTS, new ConnectionMessage.NotAuthenticated("who?"));
        ServiceException refused = fails(Failure.UNAUTHENTICATED, "NotAuthenticated", append(ANY));
        assertEquals("who?", server(refused).getString("text"));
    }

    @Test
    void prepareTimeout() {
        serversTimeout(OperationResult.PREPARE_TIMEOUT, "PrepareTimeout");
    }

    @Test
    void commitTimeout() {
        serversTimeout(OperationResult.COMMIT_TIMEOUT, "CommitTimeout");
    }

    @Test
    void forwardTimeout() {
        serversTimeout(OperationResult.FORWARD_TIMEOUT, "ForwardTimeout");
    }

    /** At once for what must not be repeated, and of something that may be: once more, with success. */
    private void serversTimeout(OperationResult result, String reason) {
        answers(TcpCommand.WRITE_EVENTS, written(result, null));
        fails(Failure.UNKNOWN_OUTCOME, reason, append(ANY));
        answers(TcpCommand.WRITE_EVENTS, written(result, null));
        fails(Failure.UNKNOWN_OUTCOME, reason, append(STREAM_EXISTS));
        answers(TcpCommand.WRITE_EVENTS, written(result, null));
        assertEquals(0, Outcome.value(append(NO_STREAM)).getInteger("firstEventNumber"));
    }

    /** It is asked again all the time, with the same ids. */
    @Test
    void commitTimeoutAtTheDeadline() {
        always(TcpCommand.WRITE_EVENTS, new CommandFault.Answer(written(OperationResult.COMMIT_TIMEOUT, null)));
        fails(
                Failure.UNKNOWN_OUTCOME,
                "CommitTimeout",
                bus.within(SHORT_MILLIS).append("s", NO_STREAM, List.of(event()), null));
        assertTrue(bus.counter("repeated") > 0);
    }

    @Test
    void notReady() {
        Outcome.value(bus.service.ping());
        Outcome.value(bus.node.become(NodeRole.NOT_READY));
        fails(Failure.UNAVAILABLE, "NotReady", bus.within(SHORT_MILLIS).append("s", ANY, List.of(event()), null));
        assertTrue(bus.counter("repeated") > 0);
    }

    /** A single node has no leader to ask instead. */
    @Test
    void notLeader() {
        always(TcpCommand.WRITE_EVENTS, notHandled(NotHandledReason.NOT_LEADER));
        fails(Failure.UNAVAILABLE, "NotLeader", bus.within(SHORT_MILLIS).append("s", ANY, List.of(event()), null));
    }

    @Test
    void tooBusy() {
        always(TcpCommand.READ_STREAM_EVENTS_FORWARD, notHandled(NotHandledReason.TOO_BUSY));
        fails(Failure.OVERLOADED, "TooBusy", bus.within(SHORT_MILLIS).readStream("s", null));
    }

    @Test
    void tooBusyForAMoment() {
        bus.fail(FaultPlan.NONE.command(TcpCommand.WRITE_EVENTS, 1, notHandled(NotHandledReason.TOO_BUSY)));
        Outcome.value(append(ANY));
        assertEquals(1, bus.events("s").size());
    }

    /** The server's own: {@code -4} is for appends only. */
    @Test
    void badRequest() {
        bus.append("s", NO_STREAM, event());
        ServiceException bad =
                fails(Failure.BAD_REQUEST, "BadRequest", bus.service.deleteStream("s", STREAM_EXISTS, null));
        assertTrue(server(bad).getString("text").contains("DeleteStream"), bad::toString);
    }

    @Test
    void error() {
        answers(
                TcpCommand.READ_STREAM_EVENTS_FORWARD,
                new ReadMessage.ReadStreamEventsCompleted(
                        ReadDirection.FORWARD, List.of(), ReadStreamResult.ERROR, -1, -1, true, -1, "disk"));
        ServiceException failed = fails(Failure.REFUSED_BY_SERVER, "Error", bus.service.readStream("s", null));
        assertEquals("disk", server(failed).getString("text"));
    }

    @Test
    void errorOfAll() {
        answers(
                TcpCommand.READ_ALL_EVENTS_FORWARD,
                new ReadMessage.ReadAllEventsCompleted(
                        ReadDirection.FORWARD,
                        Position.BEGINNING,
                        List.of(),
                        Position.END,
                        ReadAllResult.ERROR,
                        "disk"));
        fails(Failure.REFUSED_BY_SERVER, "Error", bus.service.readAll(null));
    }

    @Test
    void invalidTransaction() {
        answers(TcpCommand.WRITE_EVENTS, written(OperationResult.INVALID_TRANSACTION, "lost"));
        ServiceException refused = fails(Failure.REFUSED_BY_SERVER, "InvalidTransaction", append(ANY));
        assertEquals("lost", server(refused).getString("text"));
    }

    @Test
    void isReadOnly() {
        bus.fail(FaultPlan.NONE.command(TcpCommand.WRITE_EVENTS, 1, notHandled(NotHandledReason.IS_READ_ONLY)));
        fails(Failure.REFUSED_BY_SERVER, "IsReadOnly", append(ANY));
    }

    @Test
    void alreadyExists() {
        Outcome.value(bus.service.createPersistentSubscription("s", "g", null));
        fails(Failure.CONFLICT, "AlreadyExists", bus.service.createPersistentSubscription("s", "g", null));
    }

    @Test
    void doesNotExist() {
        fails(Failure.NOT_FOUND, "DoesNotExist", bus.service.updatePersistentSubscription("s", "g", null));
        fails(Failure.NOT_FOUND, "DoesNotExist", bus.service.deletePersistentSubscription("s", "g"));
    }

    @Test
    void subscriberMaxCountReached() {
        Outcome.value(
                bus.service.createPersistentSubscription("s", "g", new JsonObject().put("subscriberMaxCount", 1)));
        Outcome.value(bus.service.consume("s", "g", null));
        fails(Failure.OVERLOADED, "SubscriberMaxCountReached", bus.service.consume("s", "g", null));
    }

    @Test
    void fail() {
        answers(
                TcpCommand.CREATE_PERSISTENT_SUBSCRIPTION,
                new PersistentMessage.CreatePersistentSubscriptionCompleted(
                        PersistentMessage.CreateResult.FAIL, "Bad stream name."));
        ServiceException refused =
                fails(Failure.REFUSED_BY_SERVER, "Fail", bus.service.createPersistentSubscription("s", "g", null));
        assertEquals("Bad stream name.", server(refused).getString("text"));
    }

    /** It is of another kind than the question. */
    @Test
    void anAnswerToAnotherQuestion() {
        answers(TcpCommand.WRITE_EVENTS, new ConnectionMessage.ClientIdentified());
        ServiceException odd = failure(append(ANY));
        assertFailure(Failure.PROTOCOL_VIOLATION, odd);
        assertTrue(odd.getMessage().contains("ClientIdentified"), odd::toString);
        Outcome.value(append(ANY));
    }

    private EventStoreService anonymous() {
        bus.deployAs(new JsonObject().put("address", "polywire.anonymous"));
        return EventStoreService.proxy(bus.vertx, "polywire.anonymous");
    }

    private Future<JsonObject> append(long expectedVersion) {
        return bus.service.append("s", expectedVersion, List.of(event()), null);
    }

    /** The next command of this kind is not done, and answered so. */
    private void answers(TcpCommand command, EventStoreMessage answer) {
        bus.fail(FaultPlan.NONE.command(command, 1, new CommandFault.Answer(answer)));
    }

    private void always(TcpCommand command, CommandFault fault) {
        FaultPlan plan = FaultPlan.NONE;
        for (int number = 1; number < 20; number++) {
            plan = plan.command(command, number, fault);
        }
        bus.fail(plan);
    }

    private static WriteMessage.WriteEventsCompleted written(OperationResult result, @Nullable String text) {
        return new WriteMessage.WriteEventsCompleted(
                result, text, Integer.MIN_VALUE, Integer.MIN_VALUE, Integer.MIN_VALUE, 0, -1);
    }

    private static CommandFault notHandled(NotHandledReason reason) {
        return new CommandFault.Answer(new ConnectionMessage.NotHandled(reason, null));
    }

    private static ServiceException fails(Failure wanted, String reason, Future<?> asked) {
        ServiceException failure = failure(asked);
        assertFailure(wanted, failure);
        assertEquals(reason, server(failure).getString("reason"));
        return failure;
    }

    private static void assertFailure(Failure wanted, ServiceException failure) {
        assertEquals(wanted.code(), failure.failureCode(), failure::toString);
        JsonObject said = failure.getDebugInfo();
        assertEquals(wanted.name(), said.getString("name"));
        assertEquals(wanted.retryable(), said.getBoolean("retryable"));
        assertEquals(wanted.mayHaveExecuted(), said.getBoolean("mayHaveExecuted"));
    }

    private static JsonObject server(ServiceException failure) {
        return failure.getDebugInfo().getJsonObject("server");
    }
}
