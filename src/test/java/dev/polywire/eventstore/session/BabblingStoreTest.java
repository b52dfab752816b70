package dev.polywire.eventstore.session;

import static dev.polywire.eventstore.session.ClientAtWork.LONG_MILLIS;
import static dev.polywire.eventstore.session.ClientAtWork.read;
import static dev.polywire.eventstore.session.ClientAtWork.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.eventstore.client.Conversation;
import dev.polywire.eventstore.client.EventStoreClientOptions;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.OperationResult;
import dev.polywire.eventstore.wire.ReadDirection;
import dev.polywire.eventstore.wire.ReadMessage;
import dev.polywire.eventstore.wire.ReadStreamResult;
import dev.polywire.eventstore.wire.SubscriptionMessage;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.eventstore.wire.TcpPackage;
import dev.polywire.eventstore.wire.WriteMessage;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server whose bytes are no packages costs a connection, as one that resets it does: what may be sent again is sent again. */
@Timeout(60)
class BabblingStoreTest {

    /** A length that no package has. */
    private static final Buffer BABBLE = Buffer.buffer(new byte[] {0, 0, 0, 0, 1, 2, 3});

    private static final String VIOLATION = "length: 0";
    private static final long SHORT_MILLIS = 1_000;

    private static ScriptedStore babblesFirst(int times) {
        int[] babbled = {0};
        return new ScriptedStore(asked -> babbled[0]++ < times ? List.of(BABBLE) : List.of(answer(asked)));
    }

    private static Buffer answer(TcpPackage asked) {
        EventStoreMessage said = asked.command() == TcpCommand.WRITE_EVENTS
                ? new WriteMessage.WriteEventsCompleted(OperationResult.SUCCESS, null, 0, 0, 10, 10, -1)
                : new ReadMessage.ReadStreamEventsCompleted(
                        ReadDirection.FORWARD, List.of(), ReadStreamResult.NO_STREAM, -1, -1, true, 0, null);
        return ScriptedStore.frame(asked.correlationId(), said);
    }

    private static ClientAtWork client(ScriptedStore store, ClientPauses pauses) {
        return new ClientAtWork(
                        EndpointOptions.of("127.0.0.1", store.port()),
                        EventStoreClusterOptions.NONE,
                        EventStoreClientOptions.of(null),
                        pauses)
                .start();
    }

    private static CallException failure(Future<?> outcome) {
        return assertInstanceOf(CallException.class, Outcome.failure(outcome));
    }

    private static long connections(ScriptedStore store) {
        return store.commands().stream()
                .filter(each -> each == TcpCommand.IDENTIFY_CLIENT)
                .count();
    }

    @Test
    void aWriteWithItsIdsIsSentAgain() {
        try (ScriptedStore store = babblesFirst(3);
                ClientAtWork work = client(store, QuickPauses.PAUSES)) {
            assertInstanceOf(WriteMessage.WriteEventsCompleted.class, Outcome.value(work.send(write("s", -1, 1))));
            assertEquals(4, connections(store));
            assertEquals(
                    1,
                    store.heard().stream()
                            .filter(each -> each.command() == TcpCommand.WRITE_EVENTS)
                            .map(TcpPackage::payload)
                            .distinct()
                            .count(),
                    "the same ids");
        }
    }

    @Test
    void aWriteThatMightBeThereTwiceIsNot() {
        try (ScriptedStore store = babblesFirst(1);
                ClientAtWork work = client(store, QuickPauses.PAUSES)) {
            CallException why = failure(work.send(write("s", -2, 1), Repetition.ONCE, LONG_MILLIS));
            assertEquals(CallException.Reason.UNKNOWN_OUTCOME, why.reason());
            assertInstanceOf(ProtocolException.class, why.getCause());
            assertEquals(
                    List.of(TcpCommand.WRITE_EVENTS),
                    store.commands().stream()
                            .filter(each -> each == TcpCommand.WRITE_EVENTS)
                            .toList());
        }
    }

    /** Nobody knows yet that the connection has ended: it was not sent, so even what is sent once is sent on the next one. */
    @Test
    void whatIsAskedInTheTurnOfTheViolationIsSentAgain() {
        try (ScriptedStore store = babblesFirst(1);
                ClientAtWork work = client(store, QuickPauses.PAUSES)) {
            Promise<EventStoreMessage> written = Promise.promise();
            work.on(() -> {
                work.client().follow(connection -> {
                    if (!written.future().isComplete()) {
                        connection.begin(
                                new SubscriptionMessage.SubscribeToStream("s", false), null, onLost(work, written));
                    }
                });
                return true;
            });
            assertInstanceOf(WriteMessage.WriteEventsCompleted.class, Outcome.value(written.future()));
        }
    }

    private static Conversation onLost(ClientAtWork work, Promise<EventStoreMessage> written) {
        return new Conversation() {
            @Override
            public boolean heard(EventStoreMessage message) {
                return false;
            }

            @Override
            public void unreadable(ProtocolException why) {}

            @Override
            public void lost(RuntimeException cause) {
                work.sendHere(write("s", -2, 1), Repetition.ONCE).onComplete(written);
            }
        };
    }

    /** The back-off bounds what it costs: at 1 s with the longest pauses of 0.2 s no more than six connections. */
    @Test
    void whoAlwaysBabblesIsTheReasonAtTheDeadline() {
        try (ScriptedStore store = babblesFirst(Integer.MAX_VALUE);
                ClientAtWork work = client(store, QuickPauses.longest())) {
            Future<EventStoreMessage> read = work.send(read("s", 10, false), Repetition.READ, SHORT_MILLIS);
            Future<EventStoreMessage> written = work.send(write("s", -1, 1), Repetition.SAME_IDS, SHORT_MILLIS);
            CallException why = failure(read);
            assertTrue(
                    why.reason() == CallException.Reason.UNAVAILABLE || why.reason() == CallException.Reason.TIMEOUT,
                    () -> String.valueOf(why.reason()));
            assertTrue(why.getMessage().contains(VIOLATION), why::getMessage);
            CallException unknown = failure(written);
            assertTrue(
                    unknown.isUnknown() || unknown.reason() == CallException.Reason.TIMEOUT,
                    () -> String.valueOf(unknown.reason()));
            assertTrue(unknown.getMessage().contains(VIOLATION), unknown::getMessage);
            long connections = connections(store);
            assertTrue(connections > 1 && connections <= 6, () -> connections + " connections");
        }
    }
}
