package dev.polywire.amqp.service;

import dev.polywire.amqp.session.AmqpClient;
import dev.polywire.amqp.session.AmqpStatus;
import dev.polywire.core.bus.Connector;
import dev.polywire.core.net.Link;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** The client's state and counts, in the connector's status. */
final class BrokerStatus {

    private final Connector connector;
    private final AmqpClient client;
    private final TopologySetup setup;

    BrokerStatus(Connector connector, AmqpClient client, TopologySetup setup) {
        this.connector = connector;
        this.client = client;
        this.setup = setup;
        count("waitingPublishes", AmqpStatus::waiting);
        count("unconfirmedPublishes", AmqpStatus::unconfirmed);
        count("consumers", AmqpStatus::consumers);
        count("unsettledDeliveries", AmqpStatus::unsettled);
        count("waitingRequests", AmqpStatus::requests);
        count("staleSettlements", AmqpStatus::staleSettlements);
        count("lateReplies", AmqpStatus::lateReplies);
    }

    JsonObject json() {
        AmqpStatus now = client.status();
        JsonArray topology = new JsonArray();
        now.topology().forEach(each -> topology.add(MethodJson.of(each)));
        JsonObject status = connector.status();
        if (now.blocked() != null) {
            status.put("blocked", now.blocked());
        }
        return status.put("publishing", name(now.publishing()))
                .put("consuming", name(now.consuming()))
                .put("declaring", now.declaring() == null ? "idle" : name(now.declaring()))
                .put("topology", topology)
                .put("leftOut", setup.leftOut());
    }

    private static String name(Link.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private void count(String name, ToLongFunction<AmqpStatus> value) {
        connector.count(name, () -> value.applyAsLong(client.status()));
    }
}
