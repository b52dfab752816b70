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
 * correct the cause. A binding that has ended is begun again after a while.
 */
final class TopologySetup {

    private static final long ATTEMPT_MILLIS = 30_000;
    /** Rare enough for a broker, soon enough for an operator. */
    private static final long AGAIN_MILLIS = 2_000;
    /** A binding that was too slow made the other consumers wait: now it waits for as long. */
    private static final long AFTER_END_MILLIS = 30_000;

    private final Vertx vertx;
    private final Connector connector;
    private final AmqpClient client;
    private final Queue<DeclaredMethod> declared;
    private final Queue<QueueBinding> bindings;
    private long timer = -1;
    private boolean attempting;
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
        attempting = true;
        Future<Void> first = attempt().onComplete(done -> attempting = false);
        if (failFast) {
            return first;
        }
        first.onFailure(cause -> later());
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
                        path(binding),
                        deadline -> connector
                                .bindings()
                                .start(
                                        binding.options(),
                                        () -> binding.open(client, deadline),
                                        cause -> ended(binding, cause)))
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

    /** It is begun again. */
    private void ended(QueueBinding binding, Throwable cause) {
        tell(path(binding), connector.failure(cause));
        vertx.setTimer(AFTER_END_MILLIS, t -> {
            bindings.add(binding);
            later();
        });
    }

    private static String path(QueueBinding binding) {
        return "bindings: " + binding.options().address();
    }

    private void later() {
        if (!over && !attempting && timer < 0) {
            timer = vertx.setTimer(AGAIN_MILLIS, t -> {
                timer = -1;
                attempting = true;
                attempt().onComplete(done -> attempting = false).onFailure(cause -> later());
            });
        }
    }
}
