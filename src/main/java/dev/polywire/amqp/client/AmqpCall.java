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

    /** @param number the answer names the request by this number */
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

    /** The broker broke the protocol where it should have answered this request. */
    void blame() {
        blamed = true;
    }

    /**
     * The channel or the connection has ended. A broker works through a channel in order and answers before it closes, so a
     * request without an answer on the channel of the error was not executed; on other channels that is not known.
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
