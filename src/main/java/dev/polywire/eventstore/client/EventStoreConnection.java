package dev.polywire.eventstore.client;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Connection;
import dev.polywire.core.net.Dialer;
import dev.polywire.core.net.OpenSocket;
import dev.polywire.core.net.WaitingCalls;
import dev.polywire.core.wire.Printable;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.EventStoreEvent;
import dev.polywire.eventstore.wire.EventStoreLogin;
import dev.polywire.eventstore.wire.EventStoreMachine;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.TcpPackage;
import dev.polywire.eventstore.wire.UserCredentials;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One connection: calls and conversations go on at the same time, each with its correlation id. What is said to nobody is passed over
 * and counted: a server answers also those who have given up. It belongs to the context of its socket.
 */
public final class EventStoreConnection extends Connection<EventStoreEvent> {

    /** Operations wait behind these, so that answers to heartbeats, which follow what was written, are there in time. */
    static final int MAX_UNWRITTEN_BYTES = 256 * 1024;

    private final EventStoreMachine machine;
    private final EventStoreClientOptions options;
    private final EventStoreLogin login;
    private final CorrelationIds ids = new CorrelationIds();
    private final Map<UUID, EventStoreCall> calls = new LinkedHashMap<>();
    private final Map<UUID, Conversation> conversations = new LinkedHashMap<>();
    private final WaitingCalls<EventStoreCall> waiting;
    private boolean loggedIn;
    private long loginTimer;
    private long strayAnswers;
    private boolean retired;
    private boolean gone;
    private @Nullable Runnable whenGone;

    private EventStoreConnection(
            OpenSocket<EventStoreEvent> socket, EventStoreMachine machine, EventStoreClientOptions options) {
        super(socket);
        Vertx vertx = Vertx.currentContext().owner();
        this.machine = machine;
        this.options = options;
        this.login = new EventStoreLogin(options.credentials(), options.connectionName(), UUID::randomUUID);
        this.waiting = new WaitingCalls<>(socket(), "eventstore operations that wait for their turn", new Operations());
        this.loginTimer = vertx.setTimer(options.loginTimeoutMillis(), late -> silent());
        machine.send(login.begin());
    }

    /**
     * Dials and logs in.
     *
     * @return fails as {@link Dialer#connect}; with UNAUTHENTICATED when the credentials are wrong, with UNAVAILABLE when the server
     *     refuses for another reason
     */
    public static Future<EventStoreConnection> connect(Dialer dialer, EventStoreClientOptions options) {
        EventStoreMachine machine = new EventStoreMachine(
                EventStoreMachine.Role.CLIENT,
                options.credentialsLayout(),
                options.heartbeats(),
                UUID::randomUUID,
                dialer.tap());
        machine.limit(options.maxPackageBytes());
        return dialer.connect(machine, socket -> new EventStoreConnection(socket, machine, options));
    }

    /** Sends a call, or queues it until its turn. */
    public void send(EventStoreCall call) {
        RuntimeException closed = whyClosed();
        if (closed != null) {
            call.connectionLost(closed);
            return;
        }
        call.queued(spi(), "eventstore");
        waiting.send(call, 0);
    }

    /**
     * Begins a conversation with many answers.
     *
     * @param credentials of this package alone; null: those of the connection
     * @return the id for {@link #say} and {@link #leave}
     * @throws ProtocolException LIMIT when the package is too large
     * @throws IllegalArgumentException when a text or the credentials cannot be written
     */
    public UUID begin(EventStoreMessage first, @Nullable UserCredentials credentials, Conversation conversation) {
        UUID id = ids.next();
        RuntimeException closed = whyClosed();
        if (closed != null) {
            conversation.lost(closed);
            return id;
        }
        machine.send(TcpPackage.of(id, first, credentials));
        conversations.put(id, conversation);
        socket().flush();
        return id;
    }

    /** Says something in a conversation; nothing happens when the connection is closed. Fails as {@link #begin}. */
    public void say(UUID conversation, EventStoreMessage message) {
        if (!isClosed()) {
            machine.send(conversation, message);
            socket().flush();
        }
    }

    /** Nobody listens to a conversation any more: what the server still says there is passed over. */
    public void leave(UUID conversation) {
        conversations.remove(conversation);
    }

    /**
     * Another connection takes its place: it ends for its user at once, and for its conversations. The calls that wait are to be sent
     * elsewhere; those in flight still get their answers, and then it closes.
     */
    public void retire(CallException cause) {
        if (!isClosed()) {
            retired = true;
            end(cause);
            leaveWhenDone();
        }
    }

    private void leaveWhenDone() {
        if (retired && calls.isEmpty() && !gone) {
            close(CallException.lost("another connection has taken its place"));
        }
    }

    /** What happens when the socket is closed too: at once if it is. */
    public void whenGone(Runnable action) {
        whenGone = action;
        if (gone) {
            action.run();
        }
    }

    /** Answers to nobody, or to callers who had given up. */
    public long strayAnswers() {
        return strayAnswers;
    }

    @Override
    protected void event(EventStoreEvent event) {
        if (!loggedIn) {
            login(event);
            return;
        }
        UUID id = event.sent().correlationId();
        EventStoreCall call = calls.remove(id);
        if (call != null) {
            answered(call, event);
            waiting.advance();
            leaveWhenDone();
        } else {
            told(id, event);
        }
    }

    @Override
    protected void drained() {
        waiting.advance();
    }

    private static void answered(EventStoreCall call, EventStoreEvent event) {
        if (event instanceof EventStoreEvent.Message readable) {
            call.heard(readable.message(), event.sent().payload().length());
        } else {
            call.unreadable(((EventStoreEvent.Unreadable) event).why());
        }
    }

    private void told(UUID id, EventStoreEvent event) {
        Conversation conversation = conversations.get(id);
        if (conversation == null) {
            strayAnswers++;
            if (id.equals(EventStoreMachine.NO_CONVERSATION)) {
                farewell(event);
            }
        } else if (event instanceof EventStoreEvent.Message readable) {
            if (conversation.heard(readable.message())) {
                conversations.remove(id, conversation);
            }
        } else {
            conversations.remove(id, conversation);
            conversation.unreadable(((EventStoreEvent.Unreadable) event).why());
        }
    }

    /** The server says what was wrong with the bytes, and closes. */
    private void farewell(EventStoreEvent event) {
        if (event instanceof EventStoreEvent.Message said
                && said.message() instanceof ConnectionMessage.BadRequest bad) {
            close(CallException.lost("closed by the server: " + Printable.line(bad.text())));
        }
    }

    private void login(EventStoreEvent event) {
        EventStoreLogin.Step step = login.heard(event);
        if (step instanceof EventStoreLogin.Step.Send next) {
            machine.send(next.sent());
            socket().flush();
        } else if (step instanceof EventStoreLogin.Step.Done) {
            loggedIn = true;
            stopLoginTimer();
            ready();
        } else if (step instanceof EventStoreLogin.Step.NotAuthenticated wrong) {
            close(new CallException(Reason.UNAUTHENTICATED, target() + " refused: " + Printable.line(wrong.text())));
        } else if (step instanceof EventStoreLogin.Step.Refused refused) {
            close(new CallException(Reason.UNAVAILABLE, target() + " refused: " + Printable.line(refused.text())));
        } else {
            strayAnswers++;
        }
    }

    @Override
    protected boolean hasHandshake() {
        return true;
    }

    private void silent() {
        drop(new CallException(
                Reason.UNAVAILABLE,
                target() + " did not answer the login within " + options.loginTimeoutMillis() + " ms"));
    }

    private void stopLoginTimer() {
        Vertx.currentContext().owner().cancelTimer(loginTimer);
    }

    @Override
    protected void ended(RuntimeException cause) {
        stopLoginTimer();
        List<Conversation> lostConversations = List.copyOf(conversations.values());
        conversations.clear();
        if (!retired) {
            loseCalls(cause);
        }
        lostConversations.forEach(conversation -> conversation.lost(cause));
        for (EventStoreCall call = waiting.next(); call != null; call = waiting.next()) {
            call.connectionLost(cause);
        }
    }

    @Override
    protected void closed(RuntimeException cause) {
        gone = true;
        loseCalls(cause);
        if (whenGone != null) {
            whenGone.run();
        }
    }

    private void loseCalls(RuntimeException cause) {
        List<EventStoreCall> lost = List.copyOf(calls.values());
        calls.clear();
        lost.forEach(call -> call.connectionLost(cause));
    }

    /** Servers drop old requests without a word, so nothing is kept for the answer. */
    private void givenUp(UUID id, EventStoreCall call) {
        calls.remove(id);
        call.expired();
        waiting.advance();
        leaveWhenDone();
    }

    @Override
    protected void written() {
        waiting.advance();
    }

    private final class Operations implements WaitingCalls.Writer<EventStoreCall> {

        @Override
        public boolean hasRoom() {
            return calls.size() < options.maxInFlight()
                    && machine.outputBytes() + socket().unwrittenBytes() < MAX_UNWRITTEN_BYTES;
        }

        @Override
        public void write(EventStoreCall call) {
            UUID id = ids.next();
            UserCredentials credentials = call.credentials();
            if (credentials == null) {
                machine.send(id, call.question());
            } else {
                machine.send(TcpPackage.of(id, call.question(), credentials));
            }
            calls.put(id, call);
            call.watch(() -> givenUp(id, call));
        }
    }
}
