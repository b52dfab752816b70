package dev.polywire.examples.amqp;

import dev.polywire.amqp.service.AmqpService;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.util.function.Consumer;

/** By pattern: an exchange that matches routing keys word by word. */
public final class Topic extends VerticleBase {

    private final Consumer<String> out;

    public Topic(Consumer<String> out) {
        this.out = out;
    }

    @Override
    public Future<?> start() {
        AmqpService amqp = AmqpService.proxy(vertx, "polywire.amqp");
        return amqp.exchangeDeclare("topic_logs", "topic", null)
                .compose(declared -> reader(amqp, "kern.*"))
                .compose(kernel -> reader(amqp, "*.critical")
                        .compose(critical -> log(amqp, "kern.critical")
                                .compose(sent -> log(amqp, "kern.info"))
                                .compose(sent -> log(amqp, "cron.critical"))
                                .compose(sent -> log(amqp, "cron.info"))
                                .compose(sent -> show("kern.*", kernel, 2))
                                .compose(shown -> show("*.critical", critical, 2))))
                .compose(shown -> amqp.exchangeDelete("topic_logs", null));
    }

    private Future<Reading> reader(AmqpService amqp, String pattern) {
        return amqp.queueDeclare("", null)
                .map(ok -> ok.getString("queue"))
                .compose(queue -> amqp.queueBind(queue, "topic_logs", pattern, null)
                        .compose(bound -> amqp.consume(queue, null))
                        .map(handle -> new Reading(vertx, handle)));
    }

    private static Future<Void> log(AmqpService amqp, String key) {
        return amqp.publish(new JsonObject()
                .put("exchange", "topic_logs")
                .put("routingKey", key)
                .put("text", "a " + key));
    }

    private Future<?> show(String pattern, Reading messages, int count) {
        return count == 0
                ? messages.close()
                : messages.next()
                        .onSuccess(message -> out.accept("[" + pattern + "] " + message.getString("routingKey")))
                        .compose(messages::ack)
                        .compose(settled -> show(pattern, messages, count - 1));
    }
}
