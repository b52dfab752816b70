package dev.polywire.eventstore.client;

import dev.polywire.core.net.Call;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.ReadMessage;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.eventstore.wire.UserCredentials;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One question with one answer. Fails as each {@link Call}, with an {@link EventStoreException}, or with a protocol violation that
 * concerns this call alone. That the server gave up waiting for its own disk or its cluster is UNKNOWN_OUTCOME, with the
 * exception as its cause.
 */
public final class EventStoreCall extends Call<EventStoreMessage> {

    /** Decides what follows when a sending has failed. */
    public interface Repeater {

        /**
         * @param why a {@link CallException}, an {@link EventStoreException}, or a LIMIT {@link ProtocolException}: the answer was too
         *     long, and the connection ends
         * @return whether the call goes on: it is sent again, or waits for that. Else it fails
         */
        boolean again(EventStoreCall call, RuntimeException why);
    }

    private EventStoreMessage question;
    private final TcpCommand answer;
    private final @Nullable UserCredentials credentials;
    private Repeater repeater = (call, why) -> false;
    private int answerBytes;

    /**
     * @param question one that has one answer
     * @param credentials of this call alone; null: those of the connection
     */
    public EventStoreCall(EventStoreMessage question, @Nullable UserCredentials credentials, Deadline deadline) {
        super(!changesNothing(question), deadline);
        this.question = question;
        this.answer = question.command().answer();
        this.credentials = credentials;
    }

    private static boolean changesNothing(EventStoreMessage question) {
        return question instanceof ReadMessage || question instanceof ConnectionMessage.Ping;
    }

    /** From now on, somebody decides whether it is sent again. */
    public void repeatedBy(Repeater repeater) {
        this.repeater = repeater;
    }

    @Override
    protected String operation() {
        return question.command().protocolName();
    }

    public EventStoreMessage question() {
        return question;
    }

    /** From now on, something else is asked: a smaller page. */
    public void ask(EventStoreMessage instead) {
        question = instead;
    }

    /** The size of the answer's payload; 0: there was none. */
    public int answerBytes() {
        return answerBytes;
    }

    @Nullable
    UserCredentials credentials() {
        return credentials;
    }

    /** The deadline, which also bounds the wait for a connection. */
    public Deadline patience() {
        return Objects.requireNonNull(deadline());
    }

    /** The server's answer. */
    void heard(EventStoreMessage said, int payloadBytes) {
        answerBytes = payloadBytes;
        EventStoreException refused = Refusals.in(said);
        if (refused != null) {
            refused(refused);
        } else if (said.command() == answer) {
            answered(said);
        } else {
            failed(ProtocolException.decode(
                    "answer: " + said.command().protocolName() + " (expected: " + answer.protocolName() + ")"));
        }
    }

    /** The server's answer, which cannot be read. */
    void unreadable(ProtocolException why) {
        boolean tooLong = why.kind() == ProtocolException.Kind.LIMIT;
        if (isOver() || !tooLong || !repeater.again(this, why)) {
            failed(why);
        }
    }

    private void refused(EventStoreException refused) {
        RuntimeException why = refused.reason().mayHaveExecuted() ? inFlight(refused) : refused;
        if (isOver() || !repeater.again(this, why)) {
            failed(why);
        }
    }

    /** The connection has ended before the answer. */
    void connectionLost(RuntimeException cause) {
        CallException why = isSent() ? inFlight(cause) : neverSent(cause);
        if (isOver() || !repeater.again(this, why)) {
            lost(cause);
        }
    }
}
