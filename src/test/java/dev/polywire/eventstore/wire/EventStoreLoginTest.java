package dev.polywire.eventstore.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.eventstore.wire.EventStoreLogin.Step;
import io.vertx.core.buffer.Buffer;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How a client begins. */
class EventStoreLoginTest {

    private static final UserCredentials ADMIN = new UserCredentials.Password("admin", "changeit");

    private long ids;

    private EventStoreLogin login(@Nullable UserCredentials credentials) {
        return new EventStoreLogin(credentials, "test", () -> new UUID(0, ++ids));
    }

    private static Step hear(EventStoreLogin login, long id, EventStoreMessage message) {
        return login.heard(new EventStoreEvent.Message(TcpPackage.of(new UUID(0, id), message, null), message));
    }

    private static TcpPackage identify(long id) {
        return TcpPackage.of(new UUID(0, id), new ConnectionMessage.IdentifyClient(1, "test"), null);
    }

    @Test
    void whoIsAnonymousSaysItsNameOnly() {
        EventStoreLogin login = login(null);
        assertEquals(identify(1), login.begin());
        assertInstanceOf(Step.Done.class, hear(login, 1, new ConnectionMessage.ClientIdentified()));
    }

    /** The name follows the answer: since 20.10 servers refuse what comes before it. */
    @Test
    void credentialsComeFirst() {
        EventStoreLogin login = login(ADMIN);
        TcpPackage first = login.begin();
        assertEquals(TcpCommand.AUTHENTICATE, first.command());
        assertEquals(ADMIN, first.credentials());
        Step.Send next = assertInstanceOf(Step.Send.class, hear(login, 1, new ConnectionMessage.Authenticated()));
        assertEquals(identify(2), next.sent());
        assertNull(next.sent().credentials());
        assertInstanceOf(Step.Done.class, hear(login, 2, new ConnectionMessage.ClientIdentified()));
    }

    @Test
    void whatIsRefusedIsSaidInTheServersWords() {
        EventStoreLogin login = login(ADMIN);
        login.begin();
        assertEquals(
                new Step.NotAuthenticated("Unauthorized"),
                hear(login, 1, new ConnectionMessage.NotAuthenticated("Unauthorized")));
        assertEquals(new Step.Refused("no"), hear(login, 1, new ConnectionMessage.BadRequest("no")));
        assertEquals(
                new Step.Refused("NOT_HANDLED"),
                hear(login, 1, new ConnectionMessage.NotHandled(NotHandledReason.NOT_READY, null)));
        TcpPackage odd = new TcpPackage(0x77, false, new UUID(0, 1), null, Buffer.buffer());
        assertEquals(
                new Step.Refused("null"),
                login.heard(new EventStoreEvent.Unreadable(odd, ProtocolException.decode("command"))));
    }

    @Test
    void othersAreNotHeard() {
        EventStoreLogin login = login(ADMIN);
        login.begin();
        assertInstanceOf(Step.Nothing.class, hear(login, 7, new ConnectionMessage.Authenticated()));
        assertInstanceOf(Step.Nothing.class, hear(login, 7, new ConnectionMessage.NotAuthenticated("Unauthorized")));
        hear(login, 1, new ConnectionMessage.Authenticated());
        assertInstanceOf(Step.Nothing.class, hear(login, 1, new ConnectionMessage.Authenticated()), "answered before");
    }
}
