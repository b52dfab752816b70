package dev.polywire.amqp.session;

import dev.polywire.core.net.Deadline;
import io.vertx.core.AsyncResult;
import io.vertx.core.Handler;
import io.vertx.core.Promise;

/** One publish, from its call to its outcome; it hears what became of it when it was sent. */
final class Publishing implements Handler<AsyncResult<Void>> {

    final long number;
    final AmqpPublish publish;
    final Deadline deadline;
    final Promise<Void> promise = Promise.promise();
    private final Publisher publisher;
    /** Whether it is on its way, and does not wait. */
    boolean isSent;

    /** @param number one more each time: the order in which they are sent */
    Publishing(Publisher publisher, long number, AmqpPublish publish, Deadline deadline) {
        this.publisher = publisher;
        this.number = number;
        this.publish = publish;
        this.deadline = deadline;
    }

    int bodyBytes() {
        return publish.content().body().length();
    }

    void expired() {
        publisher.expired(this);
    }

    @Override
    public void handle(AsyncResult<Void> outcome) {
        publisher.settled(this, outcome);
    }
}
