package dev.polywire.eventstore.service;

import dev.polywire.core.bus.Connector;
import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.net.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The bindings of the configuration: one that cannot begin, or has ended, is begun again a little later. */
final class GroupBindings {

    private static final long ATTEMPT_MILLIS = 30_000;
    private static final long LATER_MILLIS = 1_000;

    private final Vertx vertx;
    private final Connector connector;
    private final GroupStreams groups;
    /** What was said of each that cannot begin, so that it is said once. */
    private final Map<GroupBinding, String> told = new HashMap<>();

    private boolean over;

    GroupBindings(Vertx vertx, Connector connector, GroupStreams groups) {
        this.vertx = vertx;
        this.connector = connector;
        this.groups = groups;
    }

    /** @return fails with {@code failFast} when one of them cannot begin */
    Future<Void> start(List<GroupBinding> bindings) {
        return connector.firstAttempt(
                Future.join(bindings.stream().map(this::start).toList()).mapEmpty());
    }

    void stop() {
        over = true;
    }

    private Future<Void> start(GroupBinding binding) {
        Deadline deadline = Deadline.after(vertx, ATTEMPT_MILLIS);
        return Failure.called(() -> connector
                        .bindings()
                        .start(binding.options(), () -> groups.open(binding, deadline), ended -> later(binding)))
                .onComplete(begun -> deadline.met())
                .onSuccess(begun -> told.remove(binding))
                .onFailure(cause -> {
                    tell(binding, connector.failure(cause));
                    later(binding);
                });
    }

    private void later(GroupBinding binding) {
        if (!over) {
            vertx.setTimer(LATER_MILLIS, now -> {
                if (!over) {
                    start(binding);
                }
            });
        }
    }

    /** As AMQP's topology does: an event of the connector. */
    private void tell(GroupBinding binding, ServiceException why) {
        if (!over && !String.valueOf(why.getMessage()).equals(told.put(binding, why.getMessage()))) {
            connector.publish(
                    "configured",
                    new JsonObject()
                            .put("what", "bindings: " + binding.options().address())
                            .put("code", why.failureCode())
                            .put("text", why.getMessage())
                            .put("leftOut", false)
                            .mergeIn(why.getDebugInfo()));
        }
    }
}
