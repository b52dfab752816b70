package dev.polywire.amqp.client;

import dev.polywire.amqp.wire.AmqpEvent;
import dev.polywire.amqp.wire.AmqpMethod;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.ExchangeMethod;
import dev.polywire.amqp.wire.QueueMethod;
import dev.polywire.amqp.wire.TxMethod;
import dev.polywire.core.net.Call;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Spi;

/** A request that was sent and waits for its answer. */
final class AmqpCall extends Call<AmqpEvent.Reply> {

    private final long number;
    private final AmqpMethod request;
    private boolean blamed;

    /** @param number by which its answer names it */
    AmqpCall(long number, AmqpMethod request, Deadline deadline, Spi spi) {
        super(isLasting(request), deadline);
        this.number = number;
        this.request = request;
        queued(spi, "amqp");
        sent();
    }

    @Override
    protected String operation() {
        return request.name();
    }

    long number() {
        return number;
    }

    AmqpMethod request() {
        return request;
    }

    /** What breaks the protocol came in place of its answer. */
    void blame() {
        blamed = true;
    }

    /**
     * Its channel or connection has ended. A broker works through a channel in order and answers before it closes, so that
     * what had no answer on the channel of an error was not done; on the others that is not known.
     */
    void ended(RuntimeException cause) {
        if (blamed
                || cause instanceof AmqpException why
                        && (why.kind() == AmqpException.Kind.CHANNEL_CLOSED || why.blames(request.id()))) {
            failed(cause);
        } else {
            lost(cause);
        }
    }

    private static boolean isLasting(AmqpMethod request) {
        boolean passive = request instanceof QueueMethod.Declare queue && queue.passive()
                || request instanceof ExchangeMethod.Declare exchange && exchange.passive();
        return !passive
                && (request instanceof QueueMethod
                        || request instanceof ExchangeMethod
                        || request instanceof TxMethod.Commit
                        || request instanceof BasicMethod.Get get && get.noAck());
    }
}
