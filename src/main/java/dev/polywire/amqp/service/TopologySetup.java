package dev.polywire.amqp.service;

import dev.polywire.amqp.session.AmqpClient;
import dev.polywire.core.bus.Connector;
import dev.polywire.core.net.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Function;

/**
 * Declares and binds the topology of a configuration as soon as the broker is reachable. A refusal is published on {@code
 * <address>.events} as {@code configured}, and the declaration is tried again every two seconds, since an operator may
 * correct the cause.
 */
final class TopologySetup {

    private static final long ATTEMPT_MILLIS = 30_000;
    /** Rare enough for a broker, soon enough for an operator. */
    private static final long AGAIN_MILLIS = 2_000;

    private final Vertx vertx;
    private final Connector connector;
    private final AmqpClient client;
    private final Queue<DeclaredMethod> declared;
    private final Queue<QueueBinding> bindings;
    private long timer = -1;
    private boolean over;

    TopologySetup(Vertx vertx, Connector connector, AmqpClient client, AmqpOptions options) {
        this.vertx = vertx;
        this.connector = connector;
        this.client = client;
        this.declared = new ArrayDeque<>(options.declared());
        this.bindings = new ArrayDeque<>(options.bindings());
    }

    /** @param failFast whether a refusal fails the start; else it is tried again after the start has completed */
    Future<Void> start(boolean failFast) {
        Future<Void> first = attempt();
        if (failFast) {
            return first;
        }
        first.onFailure(this::later);
        return Future.succeededFuture();
    }

    void stop() {
        over = true;
        vertx.cancelTimer(timer);
    }

    /** In order: each declaration waits for the one before it. */
    private Future<Void> attempt() {
        DeclaredMethod next = declared.peek();
        if (next != null) {
            return during(
                            next.path(),
                            deadline -> client.send(next.request(), deadline).mapEmpty())
                    .compose(done -> {
                        declared.remove();
                        return attempt();
                    });
        }
        QueueBinding binding = bindings.peek();
        if (binding == null || over) {
            return Future.succeededFuture();
        }
        return during(
                        "bindings: " + binding.options().address(),
                        deadline -> connector.bindings().start(binding.options(), () -> binding.open(client, deadline)))
                .compose(bound -> {
                    bindings.remove();
                    return attempt();
                });
    }

    private Future<Void> during(String what, Function<Deadline, Future<Void>> step) {
        Deadline deadline = Deadline.after(vertx, ATTEMPT_MILLIS);
        return Future.succeededFuture(deadline)
                .compose(step::apply)
                .onComplete(done -> deadline.met())
                .onFailure(cause -> tell(what, connector.failure(cause)));
    }

    private void tell(String what, ServiceException cause) {
        if (!over) {
            connector.publish(
                    "configured",
                    new JsonObject()
                            .put("what", what)
                            .put("code", cause.failureCode())
                            .put("text", cause.getMessage())
                            .mergeIn(cause.getDebugInfo()));
        }
    }

    private void later(Throwable cause) {
        if (!over) {
            timer = vertx.setTimer(AGAIN_MILLIS, t -> attempt().onFailure(this::later));
        }
    }
}
