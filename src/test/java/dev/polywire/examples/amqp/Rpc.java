package dev.polywire.examples.amqp;

import dev.polywire.amqp.service.AmqpService;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.util.function.Consumer;

/** A procedure far away: a server that reads requests from a queue, and a client that waits for its reply. */
public final class Rpc extends VerticleBase {

    private final Consumer<String> out;

    public Rpc(Consumer<String> out) {
        this.out = out;
    }

    @Override
    public Future<?> start() {
        AmqpService amqp = AmqpService.proxy(vertx, "polywire.amqp");
        return amqp.queueDeclare("rpc_queue", new JsonObject().put("autoDelete", true))
                .compose(declared -> amqp.consume("rpc_queue", new JsonObject().put("prefetchCount", 1)))
                .compose(handle -> {
                    Future<?> served = serveOne(amqp, new Reading(vertx, handle));
                    out.accept("[x] Requesting fib(30)");
                    return amqp.request(new JsonObject()
                                    .put("routingKey", "rpc_queue")
                                    .put("text", "30"))
                            .onSuccess(reply -> out.accept("[.] Got " + reply.getString("text")))
                            .compose(reply -> served);
                });
    }

    private Future<?> serveOne(AmqpService amqp, Reading requests) {
        return requests.next()
                .compose(request -> {
                    int n = Integer.parseInt(request.getString("text"));
                    out.accept("[.] fib(" + n + ")");
                    JsonObject asked = request.getJsonObject("properties");
                    return amqp.publish(new JsonObject()
                                    .put("routingKey", asked.getString("replyTo"))
                                    .put("text", Long.toString(fib(n)))
                                    .put(
                                            "properties",
                                            new JsonObject().put("correlationId", asked.getString("correlationId"))))
                            .compose(sent -> requests.ack(request));
                })
                .compose(settled -> requests.close());
    }

    private static long fib(int n) {
        long before = 0;
        long last = 1;
        for (int i = 0; i < n; i++) {
            long next = before + last;
            before = last;
            last = next;
        }
        return before;
    }
}
