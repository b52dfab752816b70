package dev.polywire.amqp.session;

import dev.polywire.core.net.Call;
import dev.polywire.core.net.Deadline;
import io.vertx.core.AsyncResult;
import io.vertx.core.Handler;

/** One publish, from its call to its outcome; it hears what became of it when it was sent. */
final class Publishing extends Call<Void> implements Handler<AsyncResult<Void>> {

    final long number;
    final AmqpPublish publish;
    final Deadline deadline;
    private final Publisher publisher;
    /** Whether it is on its way now; one that was may wait again. */
    boolean isOnItsWay;

    /** @param number one more each time: the order in which they are sent */
    Publishing(Publisher publisher, long number, AmqpPublish publish, Deadline deadline) {
        super(true, deadline);
        this.publisher = publisher;
        this.number = number;
        this.publish = publish;
        this.deadline = deadline;
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
