package dev.polywire.amqp.session;

import dev.polywire.core.net.Deadline;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * Publishes and settlements that happen together or not at all ({@code tx.select}), on a channel of its own. It does not
 * come back: with its connection it is undone, unless {@code commit} was under way.
 */
public final class AmqpTransaction {

    /** Done when it was written; whether it has an effect, {@link #commit} says. */
    public Future<Void> publish(AmqpPublish publish, Deadline deadline) {
        throw new UnsupportedOperationException();
    }

    /** A message out of a queue, whose settlement is a part of this. */
    public Future<@Nullable AmqpGot> get(String queue, Deadline deadline) {
        throw new UnsupportedOperationException();
    }

    /** Makes all since {@link AmqpClient#begin} happen, and ends it. @return UNKNOWN_OUTCOME when the connection is lost meanwhile */
    public Future<Void> commit(Deadline deadline) {
        throw new UnsupportedOperationException();
    }

    /** Undoes it, and ends it. */
    public Future<Void> rollback(Deadline deadline) {
        throw new UnsupportedOperationException();
    }

    /** Hears once when it ends by itself: the broker refused something, or the connection is lost. */
    public void endHandler(java.util.function.Consumer<RuntimeException> handler) {
        throw new UnsupportedOperationException();
    }
}
