package dev.polywire.examples.amqp;

import dev.polywire.amqp.service.AmqpService;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.util.function.Consumer;

/** Work for two: tasks that survive a broker's restart, and what one leaves undone is done by the other. */
public final class WorkQueue extends VerticleBase {

    private final Consumer<String> out;

    public WorkQueue(Consumer<String> out) {
        this.out = out;
    }

    @Override
    public Future<?> start() {
        AmqpService amqp = AmqpService.proxy(vertx, "polywire.amqp");
        return amqp.queueDeclare(
                        "task_queue", new JsonObject().put("durable", true).put("autoDelete", true))
                .compose(declared -> send(amqp, "First."))
                .compose(sent -> send(amqp, "Second.."))
                .compose(sent -> send(amqp, "Third..."))
                .compose(sent -> worker(amqp))
                .compose(first -> first.next()
                        .onSuccess(task -> received(1, task))
                        .compose(task -> worker(amqp))
                        .compose(second -> second.next()
                                .onSuccess(task -> received(2, task))
                                // It goes without a word: its task is for the other.
                                .compose(task -> first.close()
                                        .onSuccess(gone -> out.accept("[1] Gone"))
                                        .compose(gone -> second.ack(task)))
                                .onSuccess(settled -> out.accept("[2] Done"))
                                .compose(settled -> one(second))
                                .compose(settled -> one(second))
                                .compose(settled -> second.close())));
    }

    private Future<?> send(AmqpService amqp, String task) {
        JsonObject persistent = new JsonObject().put("deliveryMode", 2);
        return amqp.publish(new JsonObject()
                        .put("routingKey", "task_queue")
                        .put("text", task)
                        .put("properties", persistent))
                .onSuccess(confirmed -> out.accept("[x] Sent '" + task + "'"));
    }

    private Future<Reading> worker(AmqpService amqp) {
        return amqp.consume("task_queue", new JsonObject().put("prefetchCount", 1))
                .map(handle -> new Reading(vertx, handle));
    }

    private Future<?> one(Reading worker) {
        return worker.next().onSuccess(task -> received(2, task)).compose(worker::ack);
    }

    private void received(int worker, JsonObject task) {
        String again = task.getBoolean("redelivered") ? " again" : "";
        out.accept("[" + worker + "] Received '" + task.getString("text") + "'" + again);
    }
}
