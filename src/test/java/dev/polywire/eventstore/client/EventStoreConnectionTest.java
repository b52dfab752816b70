package dev.polywire.eventstore.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Dialer;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Spi;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.eventstore.server.CommandFault;
import dev.polywire.eventstore.server.FaultPlan;
import dev.polywire.eventstore.server.LocalEventStore;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.NewEvent;
import dev.polywire.eventstore.wire.OperationResult;
import dev.polywire.eventstore.wire.Position;
import dev.polywire.eventstore.wire.ReadDirection;
import dev.polywire.eventstore.wire.ReadMessage;
import dev.polywire.eventstore.wire.SubscriptionMessage;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.eventstore.wire.UserCredentials;
import dev.polywire.eventstore.wire.WriteMessage;
import dev.polywire.testing.Outcome;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client's connection to our own server. */
@Timeout(60)
class EventStoreConnectionTest {

    private static final UserCredentials ADMIN = new UserCredentials.Password("admin", "changeit");
    private static final UserCredentials WRONG = new UserCredentials.Password("admin", "wrong");
    private static final long LONG_MILLIS = 20_000;
    private static final long SHORT_MILLIS = 300;

    private final LocalEventStore store = LocalEventStore.start();
    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    /** Kept, because Vert.x closes the connections of a client that nobody has any more. */
    private final Dialer dialer =
            new Dialer(vertx, EndpointOptions.of("127.0.0.1", store.port()), "eventstore", Spi.NONE);

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
        store.close();
    }

    @Test
    void manyCallsAreInFlightAndEachGetsItsAnswer() {
        EventStoreConnection connection = connect(null);
        List<Future<EventStoreMessage>> written = List.of(
                ask(connection, write("a", -1), LONG_MILLIS),
                ask(connection, write("b", -1), LONG_MILLIS),
                ask(connection, write("a", 7), LONG_MILLIS));
        assertEquals(0, ((WriteMessage.WriteEventsCompleted) Outcome.value(written.get(0))).firstEventNumber());
        assertInstanceOf(WriteMessage.WriteEventsCompleted.class, Outcome.value(written.get(1)));
        EventStoreException refused = refused(written.get(2));
        assertEquals(EventStoreException.Reason.WRONG_EXPECTED_VERSION, refused.reason());
        assertEquals(0, refused.currentVersion());
        assertEquals("WrongExpectedVersion: Wrong expected version.", refused.getMessage());
    }

    @Test
    void whoeverLogsInMayReadAll() {
        ReadMessage.ReadAllEvents all =
                new ReadMessage.ReadAllEvents(ReadDirection.BACKWARD, new Position(-1, -1), 1, false, false);
        assertEquals(
                EventStoreException.Reason.ACCESS_DENIED,
                refused(ask(connect(null), all, LONG_MILLIS)).reason());
        assertInstanceOf(
                ReadMessage.ReadAllEventsCompleted.class, Outcome.value(ask(connect(ADMIN), all, LONG_MILLIS)));
    }

    @Test
    void wrongCredentialsAreNoConnection() {
        CallException refused = assertInstanceOf(CallException.class, Outcome.failure(connecting(WRONG)));
        assertEquals(CallException.Reason.UNAUTHENTICATED, refused.reason());
        assertTrue(refused.getMessage().endsWith("refused: Unauthorized"), refused::getMessage);
    }

    @Test
    void wrongCredentialsOfACallConcernThisCall() {
        EventStoreConnection connection = connect(null);
        Future<EventStoreMessage> denied = on(() -> {
            EventStoreCall call = new EventStoreCall(write("a", -1), WRONG, Deadline.after(vertx, LONG_MILLIS));
            connection.send(call);
            return call.answer();
        });
        assertEquals(
                EventStoreException.Reason.NOT_AUTHENTICATED, refused(denied).reason());
        assertInstanceOf(
                WriteMessage.WriteEventsCompleted.class, Outcome.value(ask(connection, write("a", -1), LONG_MILLIS)));
    }

    @Test
    void anAnswerThatIsLateIsCountedAndReachesNobody() {
        EventStoreConnection connection = connect(null);
        fail(FaultPlan.NONE.command(TcpCommand.WRITE_EVENTS, 1, new CommandFault.Delay(2 * (int) SHORT_MILLIS)));
        CallException late =
                assertInstanceOf(CallException.class, Outcome.failure(ask(connection, write("a", -1), SHORT_MILLIS)));
        assertEquals(CallException.Reason.TIMEOUT, late.reason());
        Outcome.value(ask(connection, write("b", -1), LONG_MILLIS));
        awaitStray(connection, 1);
    }

    @Test
    void anAnswerOfAnotherKindFailsItsCallAlone() {
        EventStoreConnection connection = connect(null);
        fail(FaultPlan.NONE.command(
                TcpCommand.WRITE_EVENTS, 1, new CommandFault.Answer(new ConnectionMessage.ClientIdentified())));
        Future<EventStoreMessage> odd = ask(connection, write("a", -1), LONG_MILLIS);
        ProtocolException wrong = assertInstanceOf(ProtocolException.class, Outcome.failure(odd));
        assertEquals("answer: ClientIdentified (expected: WriteEventsCompleted)", wrong.getMessage());
        Outcome.value(ask(connection, write("a", -1), LONG_MILLIS));
    }

    /** What only reads had no effect; what writes may have had one. */
    @Test
    void aLostConnectionMeansWhatWasAsked() {
        EventStoreConnection connection = connect(null);
        fail(FaultPlan.NONE
                .command(TcpCommand.READ_EVENT, 1, new CommandFault.Ignore())
                .command(TcpCommand.WRITE_EVENTS, 1, new CommandFault.Close()));
        Future<EventStoreMessage> read = ask(connection, new ReadMessage.ReadEvent("a", 0, false, false), LONG_MILLIS);
        Future<EventStoreMessage> written = ask(connection, write("a", -1), LONG_MILLIS);
        assertEquals(CallException.Reason.CONNECTION_LOST, lost(read).reason());
        assertEquals(CallException.Reason.UNKNOWN_OUTCOME, lost(written).reason());
        assertEquals(
                CallException.Reason.CONNECTION_LOST,
                lost(ask(connection, write("a", -1), LONG_MILLIS)).reason());
    }

    /** The server gives up waiting for its cluster: nobody knows whether the event is there. */
    @Test
    void aServersOwnTimeoutIsAnUnknownOutcome() {
        EventStoreConnection connection = connect(null);
        Outcome.value(store.server()
                .nodes()
                .get(0)
                .fail(FaultPlan.NONE.command(
                        TcpCommand.WRITE_EVENTS,
                        1,
                        new CommandFault.AnswerInstead(new WriteMessage.WriteEventsCompleted(
                                OperationResult.COMMIT_TIMEOUT, "Commit phase timeout.", 0, 0, -1, -1, -1)))));
        CallException unknown = lost(ask(connection, write("a", -1), LONG_MILLIS));
        assertEquals(CallException.Reason.UNKNOWN_OUTCOME, unknown.reason());
        EventStoreException why = assertInstanceOf(EventStoreException.class, unknown.getCause());
        assertEquals(EventStoreException.Reason.COMMIT_TIMEOUT, why.reason());
    }

    @Test
    void aConversationHasManyAnswersUntilItsLast() throws InterruptedException {
        EventStoreConnection connection = connect(null);
        BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
        UUID id = Outcome.value(on(() -> Future.succeededFuture(
                connection.begin(new SubscriptionMessage.SubscribeToStream("s", false), null, listener(heard)))));
        assertInstanceOf(SubscriptionMessage.SubscriptionConfirmation.class, next(heard));
        Outcome.value(ask(connection, write("s", -1), LONG_MILLIS));
        assertInstanceOf(SubscriptionMessage.StreamEventAppeared.class, next(heard));
        on(() -> {
            connection.say(id, new SubscriptionMessage.UnsubscribeFromStream());
            return Future.succeededFuture();
        });
        assertInstanceOf(SubscriptionMessage.SubscriptionDropped.class, next(heard));
        Outcome.value(ask(connection, write("s", 0), LONG_MILLIS));
        assertNull(heard.poll());
    }

    @Test
    void aConversationHearsOfTheLostConnection() throws InterruptedException {
        EventStoreConnection connection = connect(null);
        BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
        on(() -> Future.succeededFuture(
                connection.begin(new SubscriptionMessage.SubscribeToStream("s", false), null, listener(heard))));
        assertInstanceOf(SubscriptionMessage.SubscriptionConfirmation.class, next(heard));
        Outcome.value(store.server().nodes().get(0).close());
        assertInstanceOf(CallException.class, next(heard));
    }

    private static Conversation listener(BlockingQueue<Object> heard) {
        return new Conversation() {
            @Override
            public boolean heard(EventStoreMessage message) {
                heard.add(message);
                return message instanceof SubscriptionMessage.SubscriptionDropped;
            }

            @Override
            public void unreadable(ProtocolException why) {
                heard.add(why);
            }

            @Override
            public void lost(RuntimeException cause) {
                heard.add(cause);
            }
        };
    }

    private static Object next(BlockingQueue<Object> heard) throws InterruptedException {
        return heard.poll(LONG_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static WriteMessage.WriteEvents write(String stream, long expectedVersion) {
        NewEvent event = new NewEvent(UUID.randomUUID(), "t", NewEvent.JSON, Buffer.buffer("{}"), Buffer.buffer());
        return new WriteMessage.WriteEvents(stream, expectedVersion, List.of(event), false);
    }

    private Future<EventStoreConnection> connecting(@Nullable UserCredentials credentials) {
        return on(() -> EventStoreConnection.connect(dialer, EventStoreClientOptions.of(credentials)));
    }

    private EventStoreConnection connect(@Nullable UserCredentials credentials) {
        return Outcome.value(connecting(credentials));
    }

    private Future<EventStoreMessage> ask(EventStoreConnection connection, EventStoreMessage question, long millis) {
        return on(() -> {
            EventStoreCall call = new EventStoreCall(question, null, Deadline.after(vertx, millis));
            connection.send(call);
            return call.answer();
        });
    }

    private void fail(FaultPlan plan) {
        Outcome.value(store.server().nodes().get(0).fail(plan));
    }

    private static EventStoreException refused(Future<?> outcome) {
        return assertInstanceOf(EventStoreException.class, Outcome.failure(outcome));
    }

    private static CallException lost(Future<?> outcome) {
        return assertInstanceOf(CallException.class, Outcome.failure(outcome));
    }

    private void awaitStray(EventStoreConnection connection, long expected) {
        while (Outcome.value(on(() -> Future.succeededFuture(connection.strayAnswers()))) < expected) {
            Thread.onSpinWait();
        }
    }

    /** Starts some work on the client's context. */
    private <T> Future<T> on(Supplier<Future<T>> work) {
        Promise<T> outcome = Promise.promise();
        context.runOnContext(now -> work.get().onComplete(outcome));
        return outcome.future();
    }
}
