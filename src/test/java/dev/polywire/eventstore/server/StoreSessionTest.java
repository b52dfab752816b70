package dev.polywire.eventstore.server;

import static dev.polywire.eventstore.server.SessionClient.ADMIN;
import static dev.polywire.eventstore.server.SessionClient.ID;
import static dev.polywire.eventstore.server.SessionClient.OPS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.eventstore.wire.ConnectionMessage.Authenticate;
import dev.polywire.eventstore.wire.ConnectionMessage.Authenticated;
import dev.polywire.eventstore.wire.ConnectionMessage.BadRequest;
import dev.polywire.eventstore.wire.ConnectionMessage.ClientIdentified;
import dev.polywire.eventstore.wire.ConnectionMessage.IdentifyClient;
import dev.polywire.eventstore.wire.ConnectionMessage.NotAuthenticated;
import dev.polywire.eventstore.wire.ConnectionMessage.Ping;
import dev.polywire.eventstore.wire.ConnectionMessage.Pong;
import dev.polywire.eventstore.wire.EventStoreMachine;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.SubscriptionMessage;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.eventstore.wire.TcpPackage;
import dev.polywire.eventstore.wire.UserCredentials;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Who a client is, and what it may say. */
class StoreSessionTest {

    private static final UserCredentials WRONG = new UserCredentials.Password("admin", "s3cret");
    private static final EventStoreMessage PING = new Ping(Buffer.buffer("x"));
    private static final List<EventStoreMessage> PONG = List.of(new Pong(Buffer.buffer("x")));
    private static final List<EventStoreMessage> NOT_AUTHENTICATED = List.of(new NotAuthenticated("Not Authenticated"));
    /** What only administrators may. */
    private static final EventStoreMessage ADMINS = new SubscriptionMessage.SubscribeToStream("", false);

    private final SessionClient client = SessionClient.of(ServerVersion.V5_0_11);

    private static boolean isDenied(List<EventStoreMessage> told) {
        return told.get(0) instanceof SubscriptionMessage.SubscriptionDropped;
    }

    // ---- who

    @Test
    void credentialsAreThoseOfOnePackage() {
        assertTrue(isDenied(client.ask(ADMINS)));
        assertFalse(isDenied(client.ask(ADMINS, ADMIN)));
        assertTrue(isDenied(client.ask(ADMINS)));
        assertTrue(isDenied(client.ask(ADMINS, OPS)));
        assertEquals(NOT_AUTHENTICATED, client.ask(PING, WRONG));
        assertEquals(NOT_AUTHENTICATED, client.ask(PING, new UserCredentials.Password("nobody", "changeit")));
        assertEquals(PONG, client.ask(PING));
    }

    @Test
    void whoAuthenticatesIsTheUserOfTheConnection() {
        assertEquals(List.of(new Authenticated()), client.ask(new Authenticate(), ADMIN));
        assertFalse(isDenied(client.ask(ADMINS)));
        assertTrue(isDenied(client.ask(ADMINS, OPS)));
        assertEquals(List.of(new Authenticated()), client.ask(new Authenticate(), OPS));
        assertTrue(isDenied(client.ask(ADMINS)));
    }

    /** Who fails loses who he was; without credentials nothing was tried. */
    @Test
    void whoFailsIsNobodyAnyMore() {
        assertEquals(List.of(new NotAuthenticated("No user credentials provided.")), client.ask(new Authenticate()));
        assertEquals(PONG, client.ask(PING));
        client.ask(new Authenticate(), ADMIN);
        assertEquals(List.of(new NotAuthenticated("Unauthorized")), client.ask(new Authenticate(), WRONG));
        assertEquals(NOT_AUTHENTICATED, client.ask(PING));
        assertEquals(NOT_AUTHENTICATED, client.ask(new Pong(Buffer.buffer())));
        assertEquals(PONG, client.ask(PING, OPS));
        assertEquals(List.of(new ClientIdentified()), client.ask(new IdentifyClient(1, null)));
        client.ask(new Authenticate(), ADMIN);
        assertEquals(PONG, client.ask(PING));
    }

    /** 20.10 answers an Authenticate later than what follows it at once; 5.x does not, and has no tokens. */
    @Test
    void since20PackagesWaitForTheAnswer() {
        SessionClient late = SessionClient.of(ServerVersion.V20_10);
        late.say(TcpPackage.of(ID, new Authenticate(), ADMIN));
        late.say(TcpPackage.of(ID, PING, null));
        assertEquals(List.of(NOT_AUTHENTICATED.get(0), new Authenticated()), late.messages());
        assertEquals(PONG, late.ask(PING));
        client.say(TcpPackage.of(ID, new Authenticate(), ADMIN));
        client.say(TcpPackage.of(ID, PING, null));
        assertEquals(List.of(new Authenticated(), PONG.get(0)), client.messages());
    }

    @Test
    void tokensAreRefused() {
        SessionClient late = SessionClient.of(ServerVersion.V20_10);
        UserCredentials token = new UserCredentials.Token("s3cret");
        String why = ": this server has no tokens (expected: a login and a password)";
        assertEquals(List.of(new NotAuthenticated("Unauthorized" + why)), late.ask(new Authenticate(), token));
        assertEquals(List.of(new NotAuthenticated("Not Authenticated" + why)), late.ask(PING, token));
    }

    /** A node that knows no leader knows no user, as recorded. */
    @Test
    void aNodeThatIsNotReadyKnowsNobody() {
        EventStoreNode node = new EventStoreNode(SessionClient.database(ServerVersion.V5_0_11));
        node.role(NodeRole.NOT_READY);
        SessionClient early = new SessionClient(node);
        assertEquals(NOT_AUTHENTICATED, early.ask(PING, ADMIN));
        assertEquals(List.of(new NotAuthenticated("Unauthorized")), early.ask(new Authenticate(), ADMIN));
    }

    // ---- which version

    @ParameterizedTest
    @CsvSource({"0, false", "1, true"})
    void whatAClientKnows(int version, boolean knowsLongNumbers) {
        assertFalse(client.session.knowsLongNumbers());
        assertEquals(List.of(new ClientIdentified()), client.ask(new IdentifyClient(version, "c"), WRONG));
        assertEquals(knowsLongNumbers, client.session.knowsLongNumbers());
        assertEquals(PONG, client.ask(PING));
    }

    /** It can come back from there. */
    @ParameterizedTest
    @CsvSource({"2", "-1", "2147483647", "-2147483648"})
    void unknownVersionsAreWelcomeAndNotUnderstood(int version) {
        assertEquals(List.of(new ClientIdentified()), client.ask(new IdentifyClient(version, null)));
        assertEquals(
                List.of(new BadRequest("Could not unwrap network package for command Ping.\n"
                        + "Index was outside the bounds of the array.")),
                client.ask(PING));
        assertFalse(client.session.knowsLongNumbers());
        client.ask(new IdentifyClient(1, null));
        assertEquals(PONG, client.ask(PING));
    }

    // ---- what

    static Stream<ServerVersion> versions() {
        return Stream.of(ServerVersion.values());
    }

    /** Each command that clients do not send, and each number that is none; filters are commands since 20.6. */
    @ParameterizedTest
    @MethodSource("versions")
    void whatClientsDoNotSend(ServerVersion version) {
        SessionClient sender = SessionClient.of(version);
        IntStream.range(0, 256).filter(number -> !isOfClients(number)).forEach(number -> {
            for (Buffer payload : List.of(Buffer.buffer(), Buffer.buffer(new byte[] {-1, -1, -1, -1}))) {
                sender.say(new TcpPackage(number, false, ID, null, payload));
                List<EventStoreMessage> told = sender.messages();
                assertTrue(told.size() <= 1, number + ": " + told);
                told.forEach(answer -> assertTrue(
                        answer instanceof BadRequest bad
                                && bad.text()
                                        .startsWith("Could not unwrap network package for command "
                                                + name(number, version) + ".\n"),
                        number + ": " + answer));
                assertEquals(PONG, sender.ask(PING));
                assertFalse(sender.closed);
            }
        });
    }

    private static boolean isOfClients(int number) {
        TcpCommand command = TcpCommand.of(number);
        return command != null
                && (command.sender() == TcpCommand.Sender.CLIENT || command == TcpCommand.PING || number <= 2);
    }

    private static String name(int number, ServerVersion version) {
        TcpCommand command = TcpCommand.of(number);
        return command == null
                        || version != ServerVersion.V20_10
                                && List.of(0xbb, 0xbe, 0xd3).contains(number)
                ? Integer.toString(number)
                : command.protocolName();
    }

    @ParameterizedTest
    @CsvSource({"186", "188", "210"})
    void filtersAreUnknownBefore20(int number) {
        client.say(new TcpPackage(number, false, ID, null, Buffer.buffer()));
        assertEquals(
                List.of(new BadRequest("Could not unwrap network package for command " + number + ".\n")),
                client.messages());
    }

    /** What another node would send: a leader's answer to a write that a follower passed on. */
    @ParameterizedTest
    @EnumSource(
            value = TcpCommand.class,
            names = {
                "WRITE_EVENTS_COMPLETED",
                "TRANSACTION_START_COMPLETED",
                "TRANSACTION_WRITE_COMPLETED",
                "TRANSACTION_COMMIT_COMPLETED",
                "DELETE_STREAM_COMPLETED",
                "NOT_HANDLED",
                "BAD_REQUEST"
            })
    void answersAreNotAnswered(TcpCommand command) {
        client.say(new TcpPackage(command.number(), false, ID, null, Buffer.buffer()));
        assertEquals(List.of(), client.messages());
    }

    /** Whatever a client asks has an id of its own; four commands do without. */
    @ParameterizedTest
    @EnumSource(value = TcpCommand.class)
    void theIdOfNoConversation(TcpCommand command) {
        if (command.sender() != TcpCommand.Sender.CLIENT) {
            return;
        }
        SessionClient sender = SessionClient.of(ServerVersion.V20_10);
        sender.say(new TcpPackage(command.number(), false, EventStoreMachine.NO_CONVERSATION, ADMIN, Buffer.buffer()));
        List<EventStoreMessage> told = sender.messages();
        boolean welcome = command == TcpCommand.IDENTIFY_CLIENT || command == TcpCommand.AUTHENTICATE;
        assertEquals(1, told.size());
        assertEquals(!welcome, told.get(0) instanceof BadRequest, told::toString);
    }

    @Test
    void whoSaysThatItIsTrustedMustGo() {
        client.say(new TcpPackage(TcpCommand.PING.number(), true, ID, ADMIN, Buffer.buffer()));
        assertEquals(
                List.of(new BadRequest("Trusted writes aren't accepted over the external TCP interface")),
                client.messages());
        assertTrue(client.closed);
        assertEquals(List.of(), client.ask(PING));
    }

    @Test
    void anAnswerThatDoesNotFitIsRefused() {
        client.maxBytes = 200;
        List<EventStoreMessage> told = client.ask(new Ping(Buffer.buffer(new byte[183])));
        assertEquals(List.of(new BadRequest("package: 201 bytes (expected: <= 200)")), told);
    }

    @Test
    void secretsAreNotRepeated() {
        String told = client.ask(PING, WRONG).toString()
                + client.ask(new Authenticate(), WRONG)
                + SessionClient.of(ServerVersion.V20_10).ask(PING, new UserCredentials.Token("s3cret"));
        assertFalse(told.contains("s3cret"), told);
    }

    @Test
    void shuttingDownEndsSubscriptionsFirst() {
        client.ask(new SubscriptionMessage.SubscribeToStream("a", false));
        client.session.shutDown();
        assertEquals(1, client.messages().size());
        assertTrue(client.closed);
        client.session.shutDown();
        assertEquals(List.of(), client.messages());
    }
}
