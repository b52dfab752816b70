package dev.polywire.amqp.service;

import dev.polywire.amqp.client.AmqpException;
import dev.polywire.amqp.session.AmqpClient;
import dev.polywire.amqp.wire.CloseReason;
import dev.polywire.amqp.wire.RecoveryOutcome;
import dev.polywire.core.bus.Connector;
import dev.polywire.core.net.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Declares and binds the topology of a configuration as soon as the broker is reachable, in order; what the broker refuses does
 * not keep the rest. A refusal is published on {@code <address>.events} as {@code configured}, once for each text of the broker.
 *
 * <pre>
 *   the broker refuses it                      tried again every two seconds: an operator may correct the cause
 *   ... and ends the connection over it        left out until the configuration changes: it would cost a connection each time
 *   a binding has ended                        begun again after a while
 * </pre>
 */
final class TopologySetup {

    private static final long ATTEMPT_MILLIS = 30_000;
    /** Rare enough for a broker, soon enough for an operator. */
    private static final long AGAIN_MILLIS = 2_000;
    /** A binding that was too slow made the other consumers wait: now it waits for as long. */
    private static final long AFTER_END_MILLIS = 30_000;

    private final Vertx vertx;
    private final Connector connector;
    private final AmqpOptions options;
    private final List<Step> waiting = new ArrayList<>();
    /** What was told last of a step that waits. */
    private final Map<Step, String> told = new HashMap<>();
    /** By path, in the order of the refusals. */
    private final Map<String, JsonObject> leftOut = new LinkedHashMap<>();

    private long timer = -1;
    private boolean attempting;
    private boolean over;

    /** @param path in the configuration, to report a refusal of the broker */
    private record Step(String path, Function<Deadline, Future<Void>> begin) {}

    TopologySetup(Vertx vertx, Connector connector, AmqpOptions options) {
        this.vertx = vertx;
        this.connector = connector;
        this.options = options;
    }

    /** @param failFast whether a refusal fails the start; else it is tried again after the start has completed */
    Future<Void> start(AmqpClient client, boolean failFast) {
        for (DeclaredMethod each : options.declared()) {
            waiting.add(new Step(
                    each.path(),
                    deadline -> client.send(each.request(), deadline).mapEmpty()));
        }
        options.bindings().forEach(each -> waiting.add(binding(each, client)));
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

    /** What is not tried again until the configuration changes: {@code [{what, replyCode, replyText, classId, methodId}]}. */
    JsonArray leftOut() {
        return new JsonArray(List.copyOf(leftOut.values()));
    }

    /** Recovery has dropped something over which the broker ended the connection, and has told it: that stays out. */
    void recovered(RecoveryOutcome outcome) {
        CloseReason failure = outcome.failure();
        if (failure != null && failure.isHard()) {
            options.declared().stream()
                    .filter(each -> each.request().equals(outcome.request()))
                    .forEach(each -> leaveOut(each.path(), failure));
        }
    }

    private Step binding(QueueBinding binding, AmqpClient client) {
        String path = "bindings: " + binding.options().address();
        return new Step(
                path,
                deadline -> connector
                        .bindings()
                        .start(binding.options(), () -> binding.open(client, deadline), cause -> {
                            tell(path, connector.failure(cause));
                            vertx.setTimer(AFTER_END_MILLIS, t -> {
                                waiting.add(binding(binding, client));
                                later();
                            });
                        }));
    }

    private Future<Void> attempt() {
        return attempt(List.copyOf(waiting).iterator());
    }

    /** Each begins when the one before it is done, or is refused. @return fails with the first refusal */
    private Future<Void> attempt(Iterator<Step> steps) {
        if (over || !steps.hasNext()) {
            return Future.succeededFuture();
        }
        Step step = steps.next();
        Deadline deadline = Deadline.after(vertx, ATTEMPT_MILLIS);
        return Future.succeededFuture(deadline).compose(step.begin).transform(done -> {
            deadline.met();
            if (done.succeeded()) {
                waiting.remove(step);
                told.remove(step);
                return attempt(steps);
            }
            Throwable cause = done.cause();
            refused(step, cause);
            return AmqpException.in(cause) == null
                    ? Future.failedFuture(cause)
                    : attempt(steps).transform(rest -> Future.failedFuture(cause));
        });
    }

    private void refused(Step step, Throwable cause) {
        ServiceException failure = connector.failure(cause);
        boolean isNew = !String.valueOf(failure.getMessage()).equals(told.put(step, failure.getMessage()));
        AmqpException said = AmqpException.in(cause);
        // On a connection with other requests the broker may have meant one of those, but not twice.
        if (said != null && said.isHard() && (said == cause || !isNew)) {
            waiting.remove(step);
            told.remove(step);
            leaveOut(step.path, said.reason());
            tell(step.path, failure);
        } else if (isNew) {
            tell(step.path, failure);
        }
    }

    private void leaveOut(String path, CloseReason why) {
        leftOut.put(path, AmqpFailure.words(why).put("what", path));
    }

    private void tell(String what, ServiceException cause) {
        if (!over) {
            connector.publish(
                    "configured",
                    new JsonObject()
                            .put("what", what)
                            .put("code", cause.failureCode())
                            .put("text", cause.getMessage())
                            .put("leftOut", leftOut.containsKey(what))
                            .mergeIn(cause.getDebugInfo()));
        }
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
