package dev.polywire.eventstore.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Spi;
import dev.polywire.eventstore.client.EventStoreCall;
import dev.polywire.eventstore.client.EventStoreClientOptions;
import dev.polywire.eventstore.client.EventStoreException;
import dev.polywire.eventstore.server.CommandFault;
import dev.polywire.eventstore.server.ConnectionFault;
import dev.polywire.eventstore.server.FaultPlan;
import dev.polywire.eventstore.server.ListeningNode;
import dev.polywire.eventstore.server.LocalEventStore;
import dev.polywire.eventstore.server.NodeRole;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.NewEvent;
import dev.polywire.eventstore.wire.NotHandledReason;
import dev.polywire.eventstore.wire.OperationResult;
import dev.polywire.eventstore.wire.ReadDirection;
import dev.polywire.eventstore.wire.ReadMessage;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.eventstore.wire.WriteMessage;
import dev.polywire.testing.Outcome;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Operations that are sent again, and those that are not, at our own server. */
@Timeout(60)
class EventStoreClientTest {

    private static final long LONG_MILLIS = 20_000;
    private static final long SHORT_MILLIS = 500;
    /** The answer to the login: the length, and a package without a payload. */
    private static final int LOGIN_BYTES = 22;

    private final LocalEventStore store = LocalEventStore.start();
    private final ListeningNode node = store.server().nodes().get(0);
    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private EventStoreClient client;

    @BeforeEach
    void make() {
        client = Outcome.on(
                context,
                () -> Future.succeededFuture(new EventStoreClient(
                        vertx,
                        EndpointOptions.of("127.0.0.1", store.port()),
                        EventStoreClientOptions.of(null),
                        Spi.NONE,
                        (state, cause) -> {})));
    }

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
        store.close();
    }

    /** The server had written it before the connection ended, and finds the same id again. */
    @Test
    void aWriteWithAVersionIsSentAgainAndThereOnce() {
        fail(FaultPlan.NONE.connection(1, new ConnectionFault.CutAfter(LOGIN_BYTES + 1)));
        start();
        WriteMessage.WriteEventsCompleted done = assertInstanceOf(
                WriteMessage.WriteEventsCompleted.class,
                Outcome.value(send(write(-1), Repetition.SAME_IDS, LONG_MILLIS)));
        assertEquals(0, done.firstEventNumber());
        assertEquals(1, events());
        assertEquals(1, repeated());
    }

    @Test
    void aWriteThatMightBeThereTwiceIsNotSentAgain() {
        fail(FaultPlan.NONE.connection(1, new ConnectionFault.CutAfter(LOGIN_BYTES + 1)));
        start();
        CallException unknown =
                assertInstanceOf(CallException.class, Outcome.failure(send(write(-2), Repetition.ONCE, LONG_MILLIS)));
        assertEquals(CallException.Reason.UNKNOWN_OUTCOME, unknown.reason());
        assertEquals(1, events());
        assertEquals(0, repeated());
    }

    @Test
    void aReadIsSentAgain() {
        fail(FaultPlan.NONE.connection(1, new ConnectionFault.CutAfter(LOGIN_BYTES + 1)));
        start();
        assertInstanceOf(
                ReadMessage.ReadStreamEventsCompleted.class,
                Outcome.value(send(write(-1), Repetition.SAME_IDS, LONG_MILLIS)
                        .compose(written -> send(read(), Repetition.READ, LONG_MILLIS))));
    }

    /** Nothing was done, so anything may be asked again. */
    @Test
    void aNodeThatIsNotReadyIsAskedAgain() {
        start();
        fail(FaultPlan.NONE.command(
                TcpCommand.WRITE_EVENTS,
                1,
                new CommandFault.Answer(new ConnectionMessage.NotHandled(NotHandledReason.NOT_READY, null))));
        assertInstanceOf(
                WriteMessage.WriteEventsCompleted.class, Outcome.value(send(write(-2), Repetition.ONCE, LONG_MILLIS)));
        assertEquals(1, repeated());
    }

    @Test
    void whoIsNotReadyAtTheDeadlineIsTheReason() {
        start();
        Outcome.value(node.become(NodeRole.NOT_READY));
        EventStoreException why = assertInstanceOf(
                EventStoreException.class, Outcome.failure(send(write(-1), Repetition.SAME_IDS, SHORT_MILLIS)));
        assertEquals(EventStoreException.Reason.NOT_READY, why.reason());
        assertTrue(repeated() > 0);
    }

    /** The leader could not say whether it has a majority: it is asked again, with the same id. */
    @Test
    void aCommitThatTookTooLongIsSentAgain() {
        start();
        Outcome.value(node.fail(FaultPlan.NONE.command(
                TcpCommand.WRITE_EVENTS,
                1,
                new CommandFault.AnswerInstead(new WriteMessage.WriteEventsCompleted(
                        OperationResult.COMMIT_TIMEOUT, "Commit phase timeout.", 0, 0, -1, -1, -1)))));
        assertInstanceOf(
                WriteMessage.WriteEventsCompleted.class,
                Outcome.value(send(write(-1), Repetition.SAME_IDS, LONG_MILLIS)));
        assertEquals(1, repeated());
        assertEquals(1, events());
    }

    @Test
    void aListenerThatComesBackIsFound() {
        start();
        Outcome.value(node.close());
        Future<EventStoreMessage> written = send(write(-1), Repetition.SAME_IDS, LONG_MILLIS);
        Outcome.value(node.open());
        assertInstanceOf(WriteMessage.WriteEventsCompleted.class, Outcome.value(written));
    }

    private void start() {
        Outcome.on(context, client::start);
    }

    private long repeated() {
        return Outcome.on(context, () -> Future.succeededFuture(client.repeated()));
    }

    private void fail(FaultPlan plan) {
        Outcome.value(node.fail(plan));
    }

    private int events() {
        EventStoreMessage all = Outcome.value(send(read(), Repetition.READ, LONG_MILLIS));
        return ((ReadMessage.ReadStreamEventsCompleted) all).events().size();
    }

    private static WriteMessage.WriteEvents write(long expectedVersion) {
        NewEvent event = new NewEvent(UUID.randomUUID(), "t", NewEvent.JSON, Buffer.buffer("{}"), Buffer.buffer());
        return new WriteMessage.WriteEvents("s", expectedVersion, List.of(event), true);
    }

    private static ReadMessage.ReadStreamEvents read() {
        return new ReadMessage.ReadStreamEvents(ReadDirection.FORWARD, "s", 0, 10, false, false);
    }

    private Future<EventStoreMessage> send(EventStoreMessage question, Repetition repetition, long millis) {
        return Future.future(outcome -> context.runOnContext(now -> client.send(
                        new EventStoreCall(question, null, Deadline.after(vertx, millis)), repetition)
                .onComplete(outcome)));
    }
}
