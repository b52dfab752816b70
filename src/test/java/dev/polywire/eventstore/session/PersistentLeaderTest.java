package dev.polywire.eventstore.session;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.Backoff;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.eventstore.client.EventStoreClientOptions;
import dev.polywire.eventstore.server.CommandFault;
import dev.polywire.eventstore.server.EventStoreServerOptions;
import dev.polywire.eventstore.server.FaultPlan;
import dev.polywire.eventstore.server.ListeningNode;
import dev.polywire.eventstore.server.LocalEventStore;
import dev.polywire.eventstore.server.NodeEndpoints;
import dev.polywire.eventstore.server.NodeRole;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.LeaderInfo;
import dev.polywire.eventstore.wire.NodePreference;
import dev.polywire.eventstore.wire.NotHandledReason;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.eventstore.wire.UserCredentials;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Groups live on the leader: a client that dials a follower finds them, and goes with the leader. */
@Timeout(60)
class PersistentLeaderTest {

    private static final long LOOP_MILLIS = 700;
    private static final UserCredentials ADMIN = new UserCredentials.Password("admin", "changeit");

    @ParameterizedTest
    @EnumSource(
            value = NodePreference.class,
            names = {"LEADER", "FOLLOWER"})
    void aGroupIsFoundWhereverTheLeaderIs(NodePreference preference) {
        try (LocalEventStore store = LocalEventStore.start(
                        EventStoreServerOptions.DEFAULT, NodeEndpoints.loopback(), NodeEndpoints.loopback());
                ClientAtWork work = new ClientAtWork(
                        EndpointOptions.of(
                                "127.0.0.1", store.server().nodes().get(1).port()),
                        EventStoreClusterOptions.NONE.preferring(preference),
                        EventStoreClientOptions.of(ADMIN))) {
            work.start();
            PersistentBooks books = new PersistentBooks();
            Outcome.value(called(
                    work,
                    () -> new PersistentChanges(work.client())
                            .create(PersistentRoom.settings(), null, deadline(work))));
            List<Long> given = new CopyOnWriteArrayList<>();
            List<Throwable> endings = new CopyOnWriteArrayList<>();
            Outcome.value(called(
                    work,
                    () -> PersistentConsumer.connect(
                            work.vertx,
                            work.client(),
                            Attendance.of(PersistentRoom.STREAM, PersistentRoom.GROUP),
                            books,
                            listener(given, endings),
                            deadline(work))));
            Outcome.value(work.send(ClientAtWork.write(PersistentRoom.STREAM, -1, 1)));
            await().until(() -> given.equals(List.of(0L)));

            ListeningNode old = store.server().nodes().get(0);
            Outcome.value(store.server().nodes().get(1).become(NodeRole.LEADER));
            assertEquals(NodeRole.FOLLOWER, old.role());
            await().until(() -> work.on(books::counts).get("connected") == 2);
            Outcome.value(work.send(ClientAtWork.write(PersistentRoom.STREAM, 0, 1)));
            await().until(() -> given.equals(List.of(0L, 0L, 1L)));
            assertEquals(List.of(), endings);
        }
    }

    /** Two nodes that each name the other one, for ever: the client is bounded by its back-off, and its deadline. */
    @Test
    void aLoopIsBounded() {
        try (LocalEventStore store = LocalEventStore.start(
                        EventStoreServerOptions.DEFAULT, NodeEndpoints.loopback(), NodeEndpoints.loopback());
                ClientAtWork work = new ClientAtWork(
                        EndpointOptions.of(
                                "127.0.0.1", store.server().nodes().get(0).port()),
                        EventStoreClusterOptions.NONE,
                        EventStoreClientOptions.of(ADMIN),
                        QuickPauses.longest())) {
            List<ListeningNode> nodes = store.server().nodes();
            Outcome.value(nodes.get(0).fail(notLeader(nodes.get(1).port())));
            Outcome.value(nodes.get(1).fail(notLeader(nodes.get(0).port())));
            work.start();
            fails(work, LOOP_MILLIS);
            long connections = store.server().counters().acceptedConnections();
            assertTrue(
                    connections > 2 && connections <= 2 + LOOP_MILLIS / Backoff.QUICK_MILLIS, () -> connections + "");
        }
    }

    private static void fails(ClientAtWork work, long millis) {
        CallException late = assertInstanceOf(
                CallException.class,
                Outcome.failure(called(
                        work,
                        () -> PersistentConsumer.connect(
                                work.vertx,
                                work.client(),
                                Attendance.of(PersistentRoom.STREAM, PersistentRoom.GROUP),
                                new PersistentBooks(),
                                listener(List.of(), List.of()),
                                Deadline.after(work.vertx, millis)))));
        assertTrue(
                late.reason() == CallException.Reason.UNAVAILABLE || late.reason() == CallException.Reason.TIMEOUT,
                late::toString);
    }

    private static FaultPlan notLeader(int namedPort) {
        FaultPlan plan = FaultPlan.NONE;
        for (int i = 1; i <= 100; i++) {
            plan = plan.command(
                    TcpCommand.CONNECT_TO_PERSISTENT_SUBSCRIPTION,
                    i,
                    new CommandFault.Answer(new ConnectionMessage.NotHandled(
                            NotHandledReason.NOT_LEADER,
                            new LeaderInfo("127.0.0.1", namedPort, "127.0.0.1", namedPort, null, null))));
        }
        return plan;
    }

    private static Deadline deadline(ClientAtWork work) {
        return Deadline.after(work.vertx, ClientAtWork.LONG_MILLIS);
    }

    private static <T> Future<T> called(ClientAtWork work, Supplier<Future<T>> call) {
        return work.on(call::get);
    }

    private static PersistentConsumer.Listener listener(List<Long> given, List<Throwable> endings) {
        return new PersistentConsumer.Listener() {
            @Override
            public void event(long number, ReceivedEvent event, int retryCount) {
                given.add(event.original().eventNumber());
            }

            @Override
            public void ended(@Nullable RuntimeException cause) {
                endings.add(cause == null ? new IllegalStateException("closed") : cause);
            }
        };
    }
}
