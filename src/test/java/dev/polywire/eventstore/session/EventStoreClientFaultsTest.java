package dev.polywire.eventstore.session;

import static dev.polywire.eventstore.session.ClientAtWork.LONG_MILLIS;
import static dev.polywire.eventstore.session.ClientAtWork.read;
import static dev.polywire.eventstore.session.ClientAtWork.write;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Link;
import dev.polywire.core.net.TlsOptions;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.eventstore.client.EventStoreClientOptions;
import dev.polywire.eventstore.client.EventStoreException;
import dev.polywire.eventstore.server.CommandFault;
import dev.polywire.eventstore.server.EventStoreServerOptions;
import dev.polywire.eventstore.server.FaultPlan;
import dev.polywire.eventstore.server.ListeningNode;
import dev.polywire.eventstore.server.LocalEventStore;
import dev.polywire.eventstore.server.NodeEndpoints;
import dev.polywire.eventstore.server.ServerVersion;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.CredentialsLayout;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.ReadMessage;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.eventstore.wire.TcpPackage;
import dev.polywire.eventstore.wire.UserCredentials;
import dev.polywire.eventstore.wire.WriteMessage;
import dev.polywire.testing.Certificates;
import dev.polywire.testing.CuttingRelay;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.RawPeer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers, networks and callers that fail. */
@Timeout(60)
class EventStoreClientFaultsTest {

    private static final long SHORT_MILLIS = 300;
    private static final int MEBIBYTE = 1024 * 1024;

    private static ClientAtWork with(int port, EventStoreClientOptions options) {
        return new ClientAtWork(EndpointOptions.of("127.0.0.1", port), EventStoreClusterOptions.NONE, options);
    }

    private static int events(ClientAtWork work, String stream) {
        return ((ReadMessage.ReadStreamEventsCompleted) Outcome.value(work.send(read(stream, 4_096, false))))
                .events()
                .size();
    }

    /** E16: 40 events of 100 KiB, 1 MiB at a time; what else is in flight follows its own rules. */
    @Test
    void aPageThatIsTooLongIsHalved() {
        try (LocalEventStore store = LocalEventStore.start();
                ClientAtWork work = with(
                                store.port(), EventStoreClientOptions.of(null).limitedTo(MEBIBYTE))
                        .start()) {
            List<Future<?>> written = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                written.add(work.send(write("s", i - 1, 100 * 1024)));
            }
            written.forEach(Outcome::value);
            Outcome.value(store.server()
                    .nodes()
                    .get(0)
                    .fail(FaultPlan.NONE
                            .command(TcpCommand.READ_EVENT, 1, new CommandFault.Ignore())
                            .command(TcpCommand.WRITE_EVENTS, 1, new CommandFault.LoseAnswer())
                            .command(TcpCommand.WRITE_EVENTS, 2, new CommandFault.LoseAnswer())));
            Future<EventStoreMessage> other = work.send(new ReadMessage.ReadEvent("s", 3, false, false));
            Future<EventStoreMessage> exact = work.send(write("exact", -1, 1));
            Future<EventStoreMessage> any = work.send(write("any", -2, 1), Repetition.ONCE, LONG_MILLIS);
            ReadMessage.ReadStreamEventsCompleted page =
                    (ReadMessage.ReadStreamEventsCompleted) Outcome.value(work.send(read("s", 32, false)));

            assertEquals(8, page.events().size());
            assertEquals(8, page.nextEventNumber());
            assertTrue(!page.isEndOfStream());
            Outcome.value(other);
            Outcome.value(exact);
            assertEquals(
                    CallException.Reason.UNKNOWN_OUTCOME,
                    assertInstanceOf(CallException.class, Outcome.failure(any)).reason());
            long lost = work.states.stream()
                    .filter(each -> each == Link.State.RECOVERING)
                    .count();
            assertEquals(2, lost, "at 32 and at 16");
            Outcome.value(work.send(read("s", 4_096, false)));
            assertEquals(
                    lost,
                    work.states.stream()
                            .filter(each -> each == Link.State.RECOVERING)
                            .count(),
                    "the next page is no larger");
            assertEquals(1, events(work, "exact"));
        }
    }

    /** E16: one event above the limit is a typed failure, and the next operation works. */
    @Test
    void oneEventThatIsTooLong() {
        try (LocalEventStore store = LocalEventStore.start();
                ClientAtWork work = with(
                                store.port(), EventStoreClientOptions.of(null).limitedTo(MEBIBYTE))
                        .start()) {
            Outcome.value(work.send(write("s", -1, MEBIBYTE)));
            for (EventStoreMessage question :
                    List.of(read("s", 2, false), new ReadMessage.ReadEvent("s", 0, false, false))) {
                ProtocolException tooLong =
                        assertInstanceOf(ProtocolException.class, Outcome.failure(work.send(question)));
                assertEquals(ProtocolException.Kind.LIMIT, tooLong.kind());
                assertTrue(tooLong.getMessage().startsWith("answer: length: 10"), tooLong::getMessage);
            }
            Outcome.value(work.send(write("s", 0, 1)));
        }
    }

    /** F07: one attempt, and whoever asks hears of it at once. */
    @ParameterizedTest
    @EnumSource(ServerVersion.class)
    void aWrongPasswordIsTriedOnce(ServerVersion version) {
        UserCredentials wrong = new UserCredentials.Password("admin", "wrong");
        CredentialsLayout layout =
                version == ServerVersion.V20_10 ? CredentialsLayout.PASSWORDS_OR_TOKEN : CredentialsLayout.PASSWORDS;
        EventStoreClientOptions defaults = EventStoreClientOptions.of(wrong);
        EventStoreClientOptions options = new EventStoreClientOptions(
                wrong, layout, "test", defaults.heartbeats(), 10, 5_000, TcpPackage.MAX_BYTES);
        try (LocalEventStore store =
                        LocalEventStore.start(EventStoreServerOptions.DEFAULT.like(version), NodeEndpoints.loopback());
                ClientAtWork work = with(store.port(), options)) {
            assertEquals(CallException.Reason.UNAUTHENTICATED, reason(work.starting()));
            for (int i = 0; i < 3; i++) {
                assertEquals(CallException.Reason.UNAUTHENTICATED, reason(work.send(write("s", -1, 1))));
            }
            assertEquals(1, store.server().counters().acceptedConnections());
        }
    }

    /** B3.7: with the right one, on each version. */
    @ParameterizedTest
    @EnumSource(ServerVersion.class)
    void credentialsAreTheConnections(ServerVersion version) {
        UserCredentials admin = new UserCredentials.Password("admin", "changeit");
        try (LocalEventStore store =
                        LocalEventStore.start(EventStoreServerOptions.DEFAULT.like(version), NodeEndpoints.loopback());
                ClientAtWork work =
                        with(store.port(), EventStoreClientOptions.of(admin)).start()) {
            Outcome.value(work.send(write("$system", -1, 1)));
        }
    }

    /** F09 */
    @Test
    void theServerComesLater() {
        try (LocalEventStore store = LocalEventStore.start()) {
            ListeningNode node = store.server().nodes().get(0);
            Outcome.value(node.close());
            try (ClientAtWork work = ClientAtWork.at(store.port(), EventStoreClusterOptions.NONE)) {
                assertEquals(CallException.Reason.UNAVAILABLE, reason(work.starting()));
                Future<EventStoreMessage> waiting = work.send(write("s", -1, 1));
                Outcome.value(node.open());
                Outcome.value(waiting);
            }
        }
    }

    /** F41 */
    @Test
    void nothingIsSentForWhoHasGivenUp() {
        try (LocalEventStore store = LocalEventStore.start();
                ClientAtWork work = ClientAtWork.at(store.port(), EventStoreClusterOptions.NONE)
                        .start()) {
            ListeningNode node = store.server().nodes().get(0);
            Outcome.value(node.close());
            await().until(() -> work.states.contains(Link.State.RECOVERING));
            assertEquals(
                    CallException.Reason.UNAVAILABLE,
                    reason(work.send(write("given-up", -1, 1), Repetition.SAME_IDS, SHORT_MILLIS)));
            Outcome.value(node.open());
            Outcome.value(work.send(write("s", -1, 1)));
            EventStoreException none =
                    assertInstanceOf(EventStoreException.class, Outcome.failure(work.send(read("given-up", 1, false))));
            assertEquals(EventStoreException.Reason.NO_STREAM, none.reason());
        }
    }

    /** B3.2: a refused write leaves the connection alone. B3.6: what the server refuses is no success. */
    @Test
    void refusalsAreFailuresOfTheirCalls() {
        try (LocalEventStore store = LocalEventStore.start();
                ClientAtWork work = ClientAtWork.at(store.port(), EventStoreClusterOptions.NONE)
                        .start()) {
            EventStoreException denied =
                    assertInstanceOf(EventStoreException.class, Outcome.failure(work.send(write("$system", -1, 1))));
            assertEquals(EventStoreException.Reason.ACCESS_DENIED, denied.reason());
            EventStoreException wrong =
                    assertInstanceOf(EventStoreException.class, Outcome.failure(work.send(write("s", 5, 1))));
            assertEquals(EventStoreException.Reason.WRONG_EXPECTED_VERSION, wrong.reason());
            Outcome.value(work.send(write("s", -1, 1)));
            assertEquals(1, store.server().counters().acceptedConnections());
        }
    }

    /** B3.5: the server drops a read without a word; its caller hears of it at the deadline. And closing leaves nobody waiting. */
    @Test
    void everyCallHasAnEnd() {
        try (LocalEventStore store = LocalEventStore.start()) {
            ClientAtWork work =
                    ClientAtWork.at(store.port(), EventStoreClusterOptions.NONE).start();
            Outcome.value(store.server()
                    .nodes()
                    .get(0)
                    .fail(FaultPlan.NONE
                            .command(TcpCommand.READ_EVENT, 1, new CommandFault.Ignore())
                            .command(TcpCommand.READ_EVENT, 2, new CommandFault.Ignore())
                            .command(TcpCommand.WRITE_EVENTS, 1, new CommandFault.Ignore())));
            ReadMessage.ReadEvent question = new ReadMessage.ReadEvent("s", 0, false, false);
            assertEquals(CallException.Reason.TIMEOUT, reason(work.send(question, Repetition.READ, SHORT_MILLIS)));
            Future<EventStoreMessage> read = work.send(question);
            Future<EventStoreMessage> written = work.send(write("s", -1, 1));
            await().until(() -> store.server().counters().appliedFaults() == 3);
            work.close();
            assertEquals(CallException.Reason.SHUTTING_DOWN, reason(read));
            assertEquals(CallException.Reason.UNKNOWN_OUTCOME, reason(written));
        }
    }

    /** F06, and a server that wants to know who we are. */
    @Test
    void tlsOnBothSides(@TempDir Path directory) {
        Certificates node = Certificates.make(directory, "node", "ip:127.0.0.1");
        Certificates ours = Certificates.make(directory, "ours", "dns:client");
        EndpointOptions listening = new EndpointOptions(
                "127.0.0.1", 0, 5_000, new TlsOptions(ours.certificate(), node.certificate(), node.key(), true));
        try (LocalEventStore store =
                LocalEventStore.start(EventStoreServerOptions.DEFAULT, new NodeEndpoints(null, listening, null))) {
            TlsOptions known = new TlsOptions(node.certificate(), ours.certificate(), ours.key(), true);
            TlsOptions stranger = new TlsOptions(ours.certificate(), ours.certificate(), ours.key(), true);
            try (ClientAtWork work = tls(store.port(), known).start()) {
                Outcome.value(work.send(write("s", -1, 1)));
            }
            try (ClientAtWork work = tls(store.port(), stranger)) {
                assertEquals(CallException.Reason.UNAUTHENTICATED, reason(work.starting()));
                assertEquals(CallException.Reason.UNAUTHENTICATED, reason(work.send(write("s", -1, 1))));
                CatchUpFlow flow = work.on(
                        () -> CatchUpFlow.open(work.client(), EventSource.stream("s"), null, FlowLimits.DEFAULT));
                assertEquals(CallException.Reason.UNAUTHENTICATED, reason(work.on(() -> flow.pull(1, 1))));
            }
        }
    }

    /** F06: a handshake that hangs. */
    @Test
    void tlsThatHangs() {
        try (RawPeer.Door silent = new RawPeer.Door();
                ClientAtWork work = new ClientAtWork(
                        new EndpointOptions("127.0.0.1", silent.port(), (int) SHORT_MILLIS, null).secured(),
                        EventStoreClusterOptions.NONE,
                        EventStoreClientOptions.of(null))) {
            assertEquals(CallException.Reason.UNAVAILABLE, reason(work.starting()));
        }
    }

    private static ClientAtWork tls(int port, TlsOptions tls) {
        return new ClientAtWork(
                new EndpointOptions("127.0.0.1", port, 5_000, tls),
                EventStoreClusterOptions.NONE,
                EventStoreClientOptions.of(null));
    }

    /** E18: 32 MiB of appends wait for a server that reads slowly; the answer to its heartbeat is not behind all of them. */
    @Test
    void heartbeatsDoNotWaitForQueuedWork() {
        try (RawPeer.Door door = new RawPeer.Door();
                ClientAtWork work = ClientAtWork.at(door.port(), EventStoreClusterOptions.NONE)) {
            Future<Void> started = work.starting();
            try (RawPeer server = door.accept()) {
                Buffer login = Buffer.buffer(server.read(4));
                login.appendBytes(server.read(login.getIntLE(0)));
                server.write(ScriptedStore.frame(
                        TcpPackage.read(login, CredentialsLayout.PASSWORDS).correlationId(),
                        new ConnectionMessage.ClientIdentified()));
                Outcome.value(started);
                int appends = 4_000;
                work.on(() -> {
                    for (int i = 0; i < appends; i++) {
                        work.sendHere(write("s", -2, 8 * 1024), Repetition.SAME_IDS);
                    }
                    return true;
                });
                server.write(ScriptedStore.frame(new UUID(5, 6), new ConnectionMessage.HeartbeatRequest()));
                int before = 0;
                while (server.read(4)[0] != 18) {
                    // All appends have the same size.
                    server.read(writeBytes() - 4);
                    before++;
                }
                assertTrue(before < appends / 2, "behind " + before + " of " + appends);
            }
        }
    }

    private static int writeBytes() {
        return ScriptedStore.frame(new UUID(1, 1), write("s", -2, 8 * 1024)).length();
    }

    /** Appends with exact versions, one behind the other, through cuts and a listener that closes: each is there once. */
    @Test
    void appendsThroughCuts() {
        appends(2_000, 20, 20_000, 0);
    }

    /**
     * @param rounds behind each fifth one nobody listens for {@code closedMillis}
     * @param cutBytes each connection is cut before so many bytes
     */
    static void appends(int count, int rounds, int cutBytes, long closedMillis) {
        Random random = new Random(20_261_201);
        try (LocalEventStore store = LocalEventStore.start();
                CuttingRelay relay = new CuttingRelay(
                        store.port(),
                        number -> new CuttingRelay.Cut(
                                number, random.nextBoolean(), 100 + random.nextInt(cutBytes), random.nextBoolean()));
                ClientAtWork work = ClientAtWork.at(relay.port(), EventStoreClusterOptions.NONE)) {
            work.starting();
            ListeningNode node = store.server().nodes().get(0);
            int window = count / rounds;
            long next = -1;
            for (int i = 0; i < rounds; i++) {
                List<Future<?>> written = new ArrayList<>();
                for (int k = 0; k < window; k++) {
                    written.add(work.send(write("s" + k, i - 1, 10), Repetition.SAME_IDS, 3 * LONG_MILLIS));
                }
                if (i % 5 == 4) {
                    Outcome.value(node.close());
                    if (closedMillis > 0) {
                        Outcome.value(work.vertx.timer(closedMillis));
                    }
                    Outcome.value(node.open());
                }
                for (Future<?> each : written) {
                    next = ((WriteMessage.WriteEventsCompleted) Outcome.value(each)).lastEventNumber();
                    assertEquals(i, next);
                }
            }
            try (ClientAtWork reader =
                    ClientAtWork.at(store.port(), EventStoreClusterOptions.NONE).start()) {
                for (int k = 0; k < window; k++) {
                    assertEquals(rounds, events(reader, "s" + k));
                }
            }
            assertTrue(relay.cuts() > 4, () -> relay.cuts() + " cuts");
        }
    }

    private static CallException.Reason reason(Future<?> outcome) {
        return assertInstanceOf(CallException.class, Outcome.failure(outcome)).reason();
    }
}
