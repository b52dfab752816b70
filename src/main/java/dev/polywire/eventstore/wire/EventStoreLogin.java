package dev.polywire.eventstore.wire;

import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a client begins a connection. Nothing else is sent before the last answer: servers since 20.10 refuse what comes between
 * Authenticate and its answer.
 *
 * <pre>
 *   Authenticate   -> Authenticated       only with credentials
 *   IdentifyClient -> ClientIdentified    version 1: event numbers of 64 bits
 * </pre>
 */
public final class EventStoreLogin {

    /** Since 5.0; without it a server sends a tombstone's number as 2^31 - 1. */
    private static final int CLIENT_VERSION = 1;

    /** What follows from a package. */
    public sealed interface Step {

        /** This is sent next. */
        record Send(TcpPackage sent) implements Step {}

        /** The connection may be used. */
        record Done() implements Step {}

        /** The credentials are wrong. @param text the server's own */
        record NotAuthenticated(String text) implements Step {}

        /** The server does not go on with this client now. @param text the server's own, or the name of its answer */
        record Refused(String text) implements Step {}

        /** It was no answer to this. */
        record Nothing() implements Step {}
    }

    private final @Nullable UserCredentials credentials;
    private final @Nullable String connectionName;
    private final Supplier<UUID> ids;
    private TcpCommand expected = TcpCommand.CLIENT_IDENTIFIED;
    private UUID asked = EventStoreMachine.NO_CONVERSATION;

    /**
     * @param credentials of the connection; null: anonymous
     * @param connectionName for the server's logs; null: none
     */
    public EventStoreLogin(@Nullable UserCredentials credentials, @Nullable String connectionName, Supplier<UUID> ids) {
        this.credentials = credentials;
        this.connectionName = connectionName;
        this.ids = ids;
    }

    /** The first package. */
    public TcpPackage begin() {
        return credentials == null
                ? identify()
                : ask(TcpCommand.AUTHENTICATED, new ConnectionMessage.Authenticate(), credentials);
    }

    /** The server has sent a package. */
    public Step heard(EventStoreEvent event) {
        TcpPackage sent = event.sent();
        if (!sent.correlationId().equals(asked)) {
            return new Step.Nothing();
        }
        EventStoreMessage message = event instanceof EventStoreEvent.Message readable ? readable.message() : null;
        if (sent.command() == expected) {
            return expected == TcpCommand.AUTHENTICATED ? new Step.Send(identify()) : new Step.Done();
        }
        if (message instanceof ConnectionMessage.NotAuthenticated wrong) {
            return new Step.NotAuthenticated(wrong.text());
        }
        return new Step.Refused(
                message instanceof ConnectionMessage.BadRequest bad ? bad.text() : String.valueOf(sent.command()));
    }

    private TcpPackage identify() {
        return ask(
                TcpCommand.CLIENT_IDENTIFIED,
                new ConnectionMessage.IdentifyClient(CLIENT_VERSION, connectionName),
                null);
    }

    private TcpPackage ask(TcpCommand answer, EventStoreMessage question, @Nullable UserCredentials with) {
        expected = answer;
        asked = ids.get();
        return TcpPackage.of(asked, question, with);
    }
}
