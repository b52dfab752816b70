package dev.polywire.amqp.session;

import dev.polywire.core.net.Call;
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

    void giveUp() {
        publisher.giveUp(this);
    }

    @Override
    public void handle(AsyncResult<Void> outcome) {
        publisher.settled(this, outcome);
    }
}
