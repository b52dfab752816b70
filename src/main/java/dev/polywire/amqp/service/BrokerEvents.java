package dev.polywire.amqp.service;

import dev.polywire.amqp.session.AmqpClient;
import dev.polywire.amqp.wire.CloseReason;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.amqp.wire.RecoveryOutcome;
import dev.polywire.core.bus.Connector;
import dev.polywire.core.bus.ConnectorState;
import dev.polywire.core.net.Link;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Publishes the client's events on {@code <address>.events}, see docs/amqp.md. */
final class BrokerEvents implements AmqpClient.Listener {

    private final Connector connector;
    private final TopologySetup setup;
    private @Nullable String blocked;
    /** The connections that publish and consume are there. */
    private boolean isReady;

    BrokerEvents(Connector connector, TopologySetup setup) {
        this.connector = connector;
        this.setup = setup;
    }

    @Override
    public void state(Link.State state, @Nullable RuntimeException cause) {
        isReady = state == Link.State.READY;
        if (blocked != null && isReady) {
            connector.become(ConnectorState.BLOCKED, blocked);
        } else {
            connector.state(state, cause);
        }
    }

    /** While a connection is down, the state reports that instead. */
    @Override
    public void blocked(String reason) {
        blocked = reason;
        if (isReady) {
            connector.become(ConnectorState.BLOCKED, reason);
        }
    }

    @Override
    public void unblocked() {
        blocked = null;
        if (isReady) {
            connector.become(ConnectorState.READY, null);
        }
    }

    @Override
    public void recovered(RecoveryOutcome outcome) {
        setup.recovered(outcome);
        JsonObject what = MethodJson.of(outcome.request());
        CloseReason failure = outcome.failure();
        if (outcome.newName() != null) {
            what.put("newName", outcome.newName());
        }
        connector.publish("recovered", failure == null ? what : what.put("failure", AmqpFailure.words(failure)));
    }

    @Override
    public void returned(ContentMethod.Return method, Content content) {
        connector.publish(
                "returned",
                new JsonObject()
                        .put("replyCode", method.replyCode())
                        .put("replyText", method.replyText())
                        .put("exchange", method.exchange())
                        .put("routingKey", method.routingKey())
                        .put("messageId", content.properties().messageId()));
    }

    @Override
    public void interrupted(String consumerTag, String queue, RuntimeException cause) {
        connector.publish(
                "interrupted",
                new JsonObject()
                        .put("consumerTag", consumerTag)
                        .put("queue", queue)
                        .put("text", cause.getMessage()));
    }

    @Override
    public void cancelled(String consumerTag, String queue) {
        connector.publish(
                "cancelled", new JsonObject().put("consumerTag", consumerTag).put("queue", queue));
    }
}
