package dev.polywire.eventstore.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.eventstore.client.EventStoreClientOptions;
import dev.polywire.eventstore.server.CommandFault;
import dev.polywire.eventstore.server.FaultPlan;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.NodePreference;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.eventstore.wire.UserCredentials;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** F08: the password was changed, and the connection is lost. What would wait for the next one ends, and says why. */
@Timeout(60)
class ShutOutTest {

    private static final EventSource STREAM = EventSource.stream("s");
    private static final FlowLimits TENS = FlowLimits.DEFAULT.paged(10);
    private static final long LONG_MILLIS = 50_000;

    private final FlowRoom room = new FlowRoom();
    private final PersistentBooks books = new PersistentBooks();
    /** Of the consumer. */
    private final Promise<Void> ended = Promise.promise();

    @AfterEach
    void close() {
        room.close();
    }

    /** The next logins are refused. */
    private void changePassword() {
        CommandFault refused = new CommandFault.Answer(new ConnectionMessage.NotAuthenticated("Unauthorized"));
        FaultPlan plan = FaultPlan.NONE;
        for (int login = 1; login <= 10; login++) {
            plan = plan.command(TcpCommand.AUTHENTICATE, login, refused);
        }
        room.fail(plan);
    }

    private static Reason reason(Throwable failure) {
        return assertInstanceOf(CallException.class, failure).reason();
    }

    @Test
    void aLiveCatchUpSubscriptionEnds() {
        room.write("s", 0, 25);
        FlowReader reader =
                room.catchUp(STREAM, null, TENS).all(100).awaitCount(25).awaitLive();
        changePassword();
        room.relay.reset();
        reader.awaitEnd().gave(0, 25);
        assertEquals(Reason.UNAUTHENTICATED, reason(reader.failed));
        assertEquals(
                Reason.UNAUTHENTICATED, reason(room.catchUp(STREAM, null, TENS).failure()), "and the next one");
    }

    /** What it has read is given first. */
    @Test
    void oneThatIsBehindEnds() {
        room.write("s", 0, 100);
        FlowReader reader = room.catchUp(STREAM, null, TENS);
        reader.pull(5);
        changePassword();
        room.relay.reset();
        reader.all(10).awaitEnd();
        reader.gave(0, reader.data.size());
        assertEquals(Reason.UNAUTHENTICATED, reason(reader.failed));
    }

    @Test
    void aVolatileSubscriptionThatWaitsEnds() {
        room.relay.refuse(true);
        room.relay.reset();
        VolatileFlow waiting =
                room.ask(() -> VolatileFlow.open(room.client, STREAM, TENS, Deadline.after(room.vertx, LONG_MILLIS)));
        changePassword();
        room.relay.refuse(false);
        assertEquals(Reason.UNAUTHENTICATED, reason(Outcome.failure(waiting.confirmed())));
        VolatileFlow late =
                room.ask(() -> VolatileFlow.open(room.client, STREAM, TENS, Deadline.after(room.vertx, LONG_MILLIS)));
        assertEquals(Reason.UNAUTHENTICATED, reason(Outcome.failure(late.confirmed())));
    }

    @Test
    void aGroupsConsumerEnds() {
        Deadline deadline = Deadline.after(room.vertx, LONG_MILLIS);
        room.on(() -> new PersistentChanges(room.client).create(PersistentRoom.settings(), null, deadline));
        room.on(() -> consumer(room.client));
        changePassword();
        room.relay.reset();
        assertEquals(Reason.UNAUTHENTICATED, reason(Outcome.failure(ended.future())));
        assertEquals(Reason.UNAUTHENTICATED, reason(failure(() -> consumer(room.client))));
    }

    /** The first one; with FOLLOWER on a connection of its own. */
    @ParameterizedTest
    @EnumSource(
            value = NodePreference.class,
            names = {"LEADER", "FOLLOWER"})
    void aGroupsConsumerIsToldAtOnce(NodePreference preference) {
        try (ClientAtWork work = new ClientAtWork(
                EndpointOptions.of("127.0.0.1", room.store.port()),
                EventStoreClusterOptions.NONE.preferring(preference),
                EventStoreClientOptions.of(new UserCredentials.Password("admin", "wrong")))) {
            Future<Void> starting = work.starting();
            assertEquals(Reason.UNAUTHENTICATED, reason(Outcome.failure(work.on(() -> consumer(work.client())))));
            assertEquals(Reason.UNAUTHENTICATED, reason(Outcome.failure(starting)));
        }
    }

    private Throwable failure(Supplier<Future<?>> work) {
        return Outcome.failure(room.ask(work));
    }

    private Future<PersistentConsumer> consumer(EventStoreClient client) {
        return PersistentConsumer.connect(
                room.vertx,
                client,
                Attendance.of(PersistentRoom.STREAM, PersistentRoom.GROUP),
                books,
                new PersistentConsumer.Listener() {
                    @Override
                    public void event(long number, ReceivedEvent event, int retryCount) {}

                    @Override
                    public void ended(@Nullable RuntimeException cause) {
                        ended.fail(cause == null ? new IllegalStateException("closed") : cause);
                    }
                },
                Deadline.after(room.vertx, LONG_MILLIS));
    }
}
