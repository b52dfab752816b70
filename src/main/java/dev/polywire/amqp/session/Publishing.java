package dev.polywire.amqp.session;

import dev.polywire.core.net.Call;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import io.vertx.core.AsyncResult;
import io.vertx.core.Handler;

/** One publish, from its call to its outcome; it handles the outcome of each sending. */
final class Publishing extends Call<Void> implements Handler<AsyncResult<Void>> {

    final long number;
    AmqpPublish publish;
    final Deadline deadline;
    private final Publisher publisher;
    /** Whether it is in flight now; a publish that was in flight may wait again. */
    boolean isOnItsWay;

    private int losses;

    /** @param number increases by one: the order in which publishes are sent */
    Publishing(Publisher publisher, long number, AmqpPublish publish, Deadline deadline) {
        super(true, deadline);
        this.publisher = publisher;
        this.number = number;
        this.publish = publish;
        this.deadline = deadline;
    }

    /** A publish on its way whose caller has given up is not sent again: only its outcome is waited for. */
    void forgetBody() {
        publish = publish.withoutBody();
    }

    int bodyBytes() {
        return publish.content().body().length();
    }

    @Override
    protected String operation() {
        return "basic.publish";
    }

    void lostAgain() {
        losses++;
    }

    /** How many of its sendings were lost in flight. */
    int losses() {
        return losses;
    }

    /** The failure of a sending, with the message id if its outcome is unknown, so that the caller can look for the message. */
    Throwable named(Throwable cause) {
        return cause instanceof CallException call && call.isUnknown() ? withId(call) : cause;
    }

    CallException withId(CallException cause) {
        String id = publish.content().properties().messageId();
        if (id == null) {
            return cause;
        }
        String last = Resendings.isLastTry(this) ? "lost 3 times, the last time alone: " : "";
        return new CallException(cause.reason(), "message-id " + id + ": " + last + cause.getMessage(), cause);
    }

    void giveUp() {
        publisher.giveUp(this);
    }

    @Override
    public void handle(AsyncResult<Void> outcome) {
        publisher.settled(this, outcome);
    }
}
