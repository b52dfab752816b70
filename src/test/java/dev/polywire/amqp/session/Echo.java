package dev.polywire.amqp.session;

import dev.polywire.amqp.wire.BasicProperties;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.amqp.wire.Property;
import dev.polywire.core.net.Deadline;

/** Answers each request with its own body. */
record Echo(AmqpClient client, SessionFixture fixture) implements AmqpConsumer.Listener {

    @Override
    public void delivery(long number, ContentMethod.Deliver deliver, Content content) {
        BasicProperties asked = content.properties();
        Content answer =
                new Content(BasicProperties.NONE.with(Property.CORRELATION_ID, asked.correlationId()), content.body());
        Deadline deadline = Deadline.after(fixture.loop.vertx(), 15_000);
        client.publish(new AmqpPublish("", asked.replyTo(), false, answer), deadline)
                .onComplete(done -> deadline.met());
    }

    @Override
    public void ended(RuntimeException cause) {}
}
