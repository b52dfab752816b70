package dev.polywire.calls;

import dev.polywire.amqp.wire.AmqpMethod;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.BasicProperties;
import dev.polywire.amqp.wire.ConfirmMethod;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.amqp.wire.Property;
import dev.polywire.core.net.Deadline;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Map;

/** Publishes of AMQP, each of which is confirmed, by its number and without its name. */
final class PublishSide extends AmqpSide {

    private static final int MAX_SHORT_STRING_BYTES = 255;

    @Override
    void prepare() {
        super.prepare();
        loop.join(() -> channel().send(new ConfirmMethod.Select(false), longDeadline()));
    }

    @Override
    Future<String> changing(String name, Deadline deadline) {
        return publish(name, BasicProperties.NONE, deadline).map(name);
    }

    @Override
    Future<String> next(String name, Deadline deadline) {
        return changing(name, deadline);
    }

    /** A body may have any length, its properties must fit into a frame. */
    @Override
    Future<String> tooLong(String name, Deadline deadline) {
        Map<String, Object> headers = Map.of("long", "x".repeat(MAX_FRAME_BYTES));
        return publish(name, BasicProperties.NONE.with(Property.HEADERS, headers), deadline)
                .map(name);
    }

    @Override
    Future<String> unwritable(String name, Deadline deadline) {
        return publish("x".repeat(MAX_SHORT_STRING_BYTES + 1), BasicProperties.NONE, deadline)
                .map(name);
    }

    private Future<Void> publish(String routingKey, BasicProperties properties, Deadline deadline) {
        return channel()
                .publish(
                        new ContentMethod.Publish("", routingKey, false, false),
                        new Content(properties, Buffer.buffer("body")),
                        deadline);
    }

    @Override
    String name(AmqpMethod method) {
        return ((ContentMethod.Publish) method).routingKey();
    }

    /** Behind it comes the answer to a question, so that the confirm was heard when this returns. */
    @Override
    void answer() {
        peer().send(channel().number(), new BasicMethod.Ack(oldest().publish(), false));
        loop.join(() -> channel().send(new BasicMethod.Qos(0, 1, false), longDeadline()));
    }

    /** A {@code basic.ack} that ends behind its number. */
    @Override
    void breakFraming() {
        breakFraming(BasicMethod.Ack.ID);
    }
}
