package dev.polywire.examples.amqp;

import dev.polywire.amqp.service.AmqpService;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.util.function.Consumer;

/** Everything for everybody: an exchange that copies each message to all queues that are bound to it. */
public final class Fanout extends VerticleBase {

    private final Consumer<String> out;

    public Fanout(Consumer<String> out) {
        this.out = out;
    }

    @Override
    public Future<?> start() {
        AmqpService amqp = AmqpService.proxy(vertx, "polywire.amqp");
        return amqp.exchangeDeclare("logs", "fanout", null)
                .compose(declared -> reader(amqp))
                .compose(first -> reader(amqp)
                        .compose(second -> amqp.publish(
                                        new JsonObject().put("exchange", "logs").put("text", "info: Hello World!"))
                                .onSuccess(confirmed -> out.accept("[x] Sent 'info: Hello World!'"))
                                .compose(sent -> read(1, first))
                                .compose(read -> read(2, second))))
                .compose(read -> amqp.exchangeDelete("logs", null));
    }

    /** Has a queue of its own, whose name the broker makes and which goes with the connection. */
    private Future<Reading> reader(AmqpService amqp) {
        return amqp.queueDeclare("", null)
                .map(ok -> ok.getString("queue"))
                .compose(queue -> amqp.queueBind(queue, "logs", "", null)
                        .compose(bound -> amqp.consume(queue, null))
                        .map(handle -> new Reading(vertx, handle)));
    }

    private Future<?> read(int number, Reading messages) {
        return messages.next()
                .onSuccess(message -> out.accept("[" + number + "] " + message.getString("text")))
                .compose(messages::ack)
                .compose(settled -> messages.close());
    }
}
