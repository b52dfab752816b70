package dev.polywire.examples.amqp;

import dev.polywire.amqp.service.AmqpService;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.util.function.Consumer;

/** By severity: an exchange that compares routing keys. */
public final class Direct extends VerticleBase {

    private final Consumer<String> out;

    public Direct(Consumer<String> out) {
        this.out = out;
    }

    @Override
    public Future<?> start() {
        AmqpService amqp = AmqpService.proxy(vertx, "polywire.amqp");
        return amqp.exchangeDeclare("direct_logs", "direct", null)
                .compose(declared -> reader(amqp, "info", "warning", "error"))
                .compose(everything -> reader(amqp, "error")
                        .compose(errors -> log(amqp, "info")
                                .compose(sent -> log(amqp, "warning"))
                                .compose(sent -> log(amqp, "error"))
                                .compose(sent -> show("everything", everything, 3))
                                .compose(shown -> show("errors", errors, 1))))
                .compose(shown -> amqp.exchangeDelete("direct_logs", null));
    }

    private Future<Reading> reader(AmqpService amqp, String... severities) {
        return amqp.queueDeclare("", null).map(ok -> ok.getString("queue")).compose(queue -> {
            Future<?> bound = Future.succeededFuture();
            for (String severity : severities) {
                bound = bound.compose(before -> amqp.queueBind(queue, "direct_logs", severity, null));
            }
            return bound.compose(all -> amqp.consume(queue, null)).map(handle -> new Reading(vertx, handle));
        });
    }

    private static Future<Void> log(AmqpService amqp, String severity) {
        return amqp.publish(new JsonObject()
                .put("exchange", "direct_logs")
                .put("routingKey", severity)
                .put("text", "one " + severity));
    }

    private Future<?> show(String name, Reading messages, int count) {
        return count == 0
                ? messages.close()
                : messages.next()
                        .onSuccess(message -> out.accept(
                                "[" + name + "] " + message.getString("routingKey") + ": " + message.getString("text")))
                        .compose(messages::ack)
                        .compose(settled -> show(name, messages, count - 1));
    }
}
