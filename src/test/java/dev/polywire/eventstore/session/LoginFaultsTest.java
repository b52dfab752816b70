package dev.polywire.eventstore.session;

import static dev.polywire.eventstore.session.ClientAtWork.write;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.eventstore.client.EventStoreClientOptions;
import dev.polywire.eventstore.server.CommandFault;
import dev.polywire.eventstore.server.EventStoreServerOptions;
import dev.polywire.eventstore.server.FaultPlan;
import dev.polywire.eventstore.server.LocalEventStore;
import dev.polywire.eventstore.server.NodeEndpoints;
import dev.polywire.eventstore.server.ServerVersion;
import dev.polywire.eventstore.wire.CredentialsLayout;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.HeartbeatTimes;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.eventstore.wire.TcpPackage;
import dev.polywire.eventstore.wire.UserCredentials;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.Relay;
import io.vertx.core.Future;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Connections that end before they can be used: requests wait, and another one is made. */
@Timeout(60)
class LoginFaultsTest {

    private static final int LOGIN_MILLIS = 200;
    private static final UserCredentials ADMIN = new UserCredentials.Password("admin", "changeit");

    private static EventStoreClientOptions options(UserCredentials user, int loginMillis) {
        return new EventStoreClientOptions(
                user,
                CredentialsLayout.PASSWORDS_OR_TOKEN,
                "logins",
                HeartbeatTimes.CLIENT,
                10,
                loginMillis,
                TcpPackage.MAX_BYTES);
    }

    private static ClientAtWork client(int port, EventStoreClientOptions options) {
        return new ClientAtWork(EndpointOptions.of("127.0.0.1", port), EventStoreClusterOptions.NONE, options);
    }

    private static void ignores(LocalEventStore store, TcpCommand command) {
        Outcome.value(
                store.server().nodes().get(0).fail(FaultPlan.NONE.command(command, 1, new CommandFault.Ignore())));
    }

    private static CallException failure(Future<?> outcome) {
        return assertInstanceOf(CallException.class, Outcome.failure(outcome));
    }

    @ParameterizedTest
    @EnumSource(
            value = TcpCommand.class,
            names = {"AUTHENTICATE", "IDENTIFY_CLIENT"})
    void aLoginWithoutAnAnswerIsTriedAgain(TcpCommand command) {
        try (LocalEventStore store = LocalEventStore.start();
                ClientAtWork work = client(store.port(), options(ADMIN, LOGIN_MILLIS))) {
            ignores(store, command);
            Future<Void> first = work.starting();
            Future<EventStoreMessage> waiting = work.send(write("s", -1, 1));
            CallException late = failure(first);
            assertEquals(CallException.Reason.UNAVAILABLE, late.reason());
            assertTrue(late.getMessage().contains("did not answer the login"), late::getMessage);
            Outcome.value(waiting);
            assertTrue(store.server().counters().acceptedConnections() > 1);
        }
    }

    /** How far a connection is. */
    private enum LoginStage {
        /** The server has heard nothing of it. */
        CONNECTING,
        AUTHENTICATING,
        IDENTIFYING
    }

    static Stream<Arguments> kills() {
        return Arrays.stream(LoginStage.values())
                .flatMap(stage ->
                        Stream.of(Kill.RESET, Kill.HALF_OPEN, Kill.GARBAGE).map(kill -> Arguments.of(stage, kill)));
    }

    @ParameterizedTest
    @MethodSource("kills")
    void requestsWaitForTheNextConnection(LoginStage stage, Kill kill) {
        // A half-open connection is found by the time limit of the login.
        int loginMillis = kill == Kill.HALF_OPEN ? LOGIN_MILLIS : EventStoreClientOptions.LOGIN_TIMEOUT_MILLIS;
        try (LocalEventStore store = LocalEventStore.start();
                Relay relay = new Relay(store.port());
                ClientAtWork work = client(relay.port(), options(ADMIN, loginMillis))) {
            switch (stage) {
                case CONNECTING -> relay.freeze();
                case AUTHENTICATING -> ignores(store, TcpCommand.AUTHENTICATE);
                case IDENTIFYING -> ignores(store, TcpCommand.IDENTIFY_CLIENT);
            }
            Future<Void> first = work.starting();
            Future<EventStoreMessage> waiting = work.send(write("s", -1, 1));
            await().until(() -> stage == LoginStage.CONNECTING
                    ? relay.bytesFromClients() > 0
                    : store.server().counters().appliedFaults() > 0);
            assertTrue(!first.isComplete(), "on its way");
            kill.at(relay);
            relay.thaw();
            Outcome.failure(first);
            Outcome.value(waiting);
            assertTrue(relay.connections() > 1);
        }
    }

    /** Nobody has one here. */
    @Test
    void aTokenIsRefusedAtOnce() {
        EventStoreClientOptions options =
                options(new UserCredentials.Token("aGVhZA.Ym9keQ.c2ln"), EventStoreClientOptions.LOGIN_TIMEOUT_MILLIS);
        try (LocalEventStore store = LocalEventStore.start(
                        EventStoreServerOptions.DEFAULT.like(ServerVersion.V20_10), NodeEndpoints.loopback());
                ClientAtWork work = client(store.port(), options)) {
            assertEquals(
                    CallException.Reason.UNAUTHENTICATED,
                    failure(work.starting()).reason());
            assertEquals(
                    CallException.Reason.UNAUTHENTICATED,
                    failure(work.send(write("s", -1, 1))).reason());
            assertEquals(1, store.server().counters().acceptedConnections());
        }
    }
}
