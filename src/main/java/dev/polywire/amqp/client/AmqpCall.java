package dev.polywire.amqp.client;

import dev.polywire.amqp.wire.AmqpEvent;
import dev.polywire.amqp.wire.AmqpMethod;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.ExchangeMethod;
import dev.polywire.amqp.wire.QueueMethod;
import dev.polywire.amqp.wire.TxMethod;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Spi;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

/** A request that was sent and waits for its answer. */
final class AmqpCall {

    private final long number;
    private final AmqpMethod request;
    private final Deadline deadline;
    private final Spi spi;
    private final @Nullable Object span;
    private final Promise<AmqpEvent.Reply> answer = Promise.promise();

    /** @param number by which its answer names it */
    AmqpCall(long number, AmqpMethod request, Deadline deadline, Spi spi) {
        this.number = number;
        this.request = request;
        this.deadline = deadline;
        this.spi = spi;
        this.span = spi.sent("amqp", request.name());
    }

    long number() {
        return number;
    }

    AmqpMethod request() {
        return request;
    }

    Future<AmqpEvent.Reply> answer() {
        return answer.future();
    }

    boolean waits() {
        return !answer.future().isComplete();
    }

    /** Whether it waits behind its deadline, which is this one or has passed, too. */
    boolean isLate(Deadline expired) {
        return waits() && (deadline == expired || deadline.remainingMillis() == 0);
    }

    void answered(AmqpEvent.@Nullable Reply reply) {
        if (waits()) {
            spi.answered(span, null);
            answer.complete(reply);
        }
    }

    void failed(RuntimeException cause) {
        if (waits()) {
            spi.answered(span, cause);
            answer.fail(cause);
        }
    }

    void expired() {
        failed(new CallException(Reason.TIMEOUT, "no answer by the deadline"));
    }

    /**
     * Its channel or connection has ended. A broker works through a channel in order and answers before it closes, so that
     * what had no answer on the channel of an error was not done; on the others that is not known.
     */
    void ended(RuntimeException cause) {
        boolean refused = cause instanceof AmqpException why
                && (why.kind() == AmqpException.Kind.CHANNEL_CLOSED || why.blames(request.id()));
        failed(refused ? cause : new CallException(lost(), cause.getMessage(), cause));
    }

    private Reason lost() {
        boolean passive = request instanceof QueueMethod.Declare queue && queue.passive()
                || request instanceof ExchangeMethod.Declare exchange && exchange.passive();
        boolean lasting = request instanceof QueueMethod
                || request instanceof ExchangeMethod
                || request instanceof TxMethod.Commit
                || request instanceof BasicMethod.Get get && get.noAck();
        return lasting && !passive ? Reason.UNKNOWN_OUTCOME : Reason.CONNECTION_LOST;
    }

    /** Why something was not sent, since {@code closed}. */
    static CallException neverSent(RuntimeException closed) {
        return closed instanceof CallException ours && ours.reason() == Reason.SHUTTING_DOWN
                ? ours
                : new CallException(Reason.CONNECTION_LOST, "not sent: " + closed.getMessage(), closed);
    }

    /** What the machine did not take. */
    static CallException unsendable(RuntimeException refused) {
        Reason reason = refused instanceof ProtocolException ? Reason.LIMIT_EXCEEDED : Reason.BAD_REQUEST;
        return new CallException(reason, refused.getMessage(), refused);
    }
}
