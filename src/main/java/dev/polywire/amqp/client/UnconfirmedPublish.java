package dev.polywire.amqp.client;

import dev.polywire.amqp.wire.AmqpEvent;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Spi;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

/** A publish that waits for its confirm. */
final class UnconfirmedPublish {

    private final ContentMethod.Publish method;
    /** What a return is compared with; null: it cannot come back. */
    private final @Nullable Content content;

    private final @Nullable Deadline deadline;
    private final Spi spi;
    private final @Nullable Object span;
    private final Promise<Void> confirm = Promise.promise();
    private @Nullable AmqpException returned;

    UnconfirmedPublish(ContentMethod.Publish method, Content content, @Nullable Deadline deadline, Spi spi) {
        this.method = method;
        this.content = method.mandatory() || method.immediate() ? content : null;
        this.deadline = deadline;
        this.spi = spi;
        this.span = spi.sent("amqp", "basic.publish");
    }

    Future<Void> confirm() {
        return confirm.future();
    }

    /** Whether this is what came back: a return does not say its number. */
    boolean takes(AmqpEvent.Returned back) {
        Content ours = content;
        boolean same = ours != null
                && returned == null
                && ours.body().length() == back.content().body().length()
                && method.routingKey().equals(back.method().routingKey())
                && method.exchange().equals(back.method().exchange())
                && ours.properties().equals(back.content().properties())
                && ours.body().equals(back.content().body());
        if (same) {
            returned = AmqpException.returned(back.method());
        }
        return same;
    }

    void confirmed(boolean taken) {
        RuntimeException why = returned != null ? returned : taken ? null : AmqpException.nacked();
        if (why == null) {
            spi.answered(span, null);
            confirm.tryComplete();
        } else {
            failed(why);
        }
    }

    /** Fails, if its deadline is this one or has passed, too. */
    void expired(Deadline expired) {
        if (deadline != null && (deadline == expired || deadline.remainingMillis() == 0)) {
            failed(new CallException(Reason.TIMEOUT, "not confirmed by the deadline"));
        }
    }

    /**
     * Its channel or connection has ended.
     *
     * @param alone no other waits, so that it is the one that the broker complains of, if it does of one
     */
    void ended(RuntimeException cause, boolean alone) {
        boolean refused = cause instanceof AmqpException why
                && why.blames(ContentMethod.Publish.ID)
                && (alone || why.reason().text().contains("'" + method.exchange() + "'"));
        failed(
                refused
                        ? cause
                        : new CallException(Reason.UNKNOWN_OUTCOME, "not confirmed: " + cause.getMessage(), cause));
    }

    private void failed(RuntimeException why) {
        if (confirm.tryFail(why)) {
            spi.answered(span, why);
        }
    }
}
