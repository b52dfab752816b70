package dev.polywire.examples.amqp;

import dev.polywire.amqp.service.AmqpService;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.util.function.Consumer;

/** Hello World: a queue, a message, an acknowledgement. */
public final class Hello extends VerticleBase {

    private final Consumer<String> out;

    public Hello(Consumer<String> out) {
        this.out = out;
    }

    @Override
    public Future<?> start() {
        // docs
        AmqpService amqp = AmqpService.proxy(vertx, "polywire.amqp");

        return amqp.queueDeclare("hello", new JsonObject().put("autoDelete", true))
                // Through the exchange without a name: the routing key is the queue.
                .compose(declared ->
                        amqp.publish(new JsonObject().put("routingKey", "hello").put("text", "Hello World!")))
                .onSuccess(confirmed -> out.accept("[x] Sent 'Hello World!'"))
                .compose(confirmed -> amqp.consume("hello", null))
                .compose(handle -> {
                    Reading messages = new Reading(vertx, handle);
                    return messages.next()
                            .onSuccess(message -> out.accept("[x] Received '" + message.getString("text") + "'"))
                            .compose(messages::ack)
                            .compose(settled -> messages.close());
                });
        // docs
    }
}
