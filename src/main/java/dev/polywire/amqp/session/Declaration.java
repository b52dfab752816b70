package dev.polywire.amqp.session;

import dev.polywire.amqp.client.AmqpException;
import dev.polywire.amqp.wire.AmqpMethod;
import dev.polywire.amqp.wire.CloseReason;
import dev.polywire.amqp.wire.ExchangeMethod;
import dev.polywire.amqp.wire.QueueMethod;
import dev.polywire.core.net.Call;
import dev.polywire.core.net.Deadline;
import org.jspecify.annotations.Nullable;

/** One request of the classes {@code exchange} and {@code queue}, from its call to its outcome; it may be sent twice. */
final class Declaration extends Call<@Nullable AmqpMethod> {

    final long number;
    final AmqpMethod request;
    final Deadline deadline;
    /** One whose caller had given up was in flight with it, so that an error of the connection may be about that one. */
    boolean isBesideLate;
    /** It is sent on the connection that consumes. */
    boolean goesToConsuming;
    /** What the broker said when the connection ended while it was in flight with others; it is alone when it is sent again. */
    private @Nullable CloseReason before;

    /** @param number increases by one: the order of the calls */
    Declaration(long number, AmqpMethod request, Deadline deadline) {
        super(!isPassive(request), deadline);
        this.number = number;
        this.request = request;
        this.deadline = deadline;
    }

    @Override
    protected String operation() {
        return request.name();
    }

    /** Whether it is to be in flight alone. */
    boolean isAlone() {
        return before != null || !isRepeatable();
    }

    /**
     * Whether its answer is true after it was executed twice. A count of messages is not; what the broker is to name has
     * another name then.
     */
    boolean isRepeatable() {
        return !(request instanceof QueueMethod.Purge
                || request instanceof QueueMethod.Delete
                || request instanceof ExchangeMethod.Delete
                || request instanceof QueueMethod.Declare declare
                        && declare.queue().isEmpty());
    }

    /** Whether it may be in flight together with {@code other}, whose order then is not kept. */
    boolean goesWith(Declaration other) {
        return !isAlone()
                && !other.isAlone()
                && request.id() == other.request.id()
                && !(request instanceof QueueMethod.Declare ours
                        && other.request instanceof QueueMethod.Declare theirs
                        && ours.queue().equals(theirs.queue()))
                && !(request instanceof ExchangeMethod.Declare ours
                        && other.request instanceof ExchangeMethod.Declare theirs
                        && ours.exchange().equals(theirs.exchange()));
    }

    /** The broker ended the connection over it, or over one that was in flight with it: it waits to be sent again, alone. */
    void suspected(AmqpException said) {
        before = said.reason();
        isBesideLate = false;
        again(inFlight(said));
    }

    /** The broker says the same about it alone: it was not executed before, either. */
    @Override
    protected boolean isAboutAll(Throwable failure) {
        return failure instanceof AmqpException said && said.reason().equals(before);
    }

    private static boolean isPassive(AmqpMethod request) {
        return request instanceof QueueMethod.Declare queue && queue.passive()
                || request instanceof ExchangeMethod.Declare exchange && exchange.passive();
    }
}
