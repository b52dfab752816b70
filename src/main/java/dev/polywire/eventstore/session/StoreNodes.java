package dev.polywire.eventstore.session;

import dev.polywire.core.net.AllowedNetworks;
import dev.polywire.core.net.Dialer;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Spi;
import dev.polywire.eventstore.client.EventStoreClientOptions;
import dev.polywire.eventstore.client.EventStoreConnection;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A dialer for each node in use, and the connections that they have made. */
final class StoreNodes {

    /** Kept without a connection: they know which addresses have failed. */
    private static final int MAX_UNUSED = 4;

    private static final class StoreNode {

        private final Dialer dialer;
        /** Connections, and attempts to make one. */
        private int uses;

        private StoreNode(Dialer dialer) {
            this.dialer = dialer;
        }
    }

    private final Vertx vertx;
    private final EventStoreClientOptions options;
    private final EndpointOptions own;
    private final AllowedNetworks allowed;
    private final Spi spi;
    private final Map<EndpointOptions, StoreNode> nodes = new LinkedHashMap<>();
    private final Set<EventStoreConnection> connections = new LinkedHashSet<>();
    private long strayAnswersBefore;

    /** @param own the endpoint that was configured @param allowed for all others */
    StoreNodes(Vertx vertx, EventStoreClientOptions options, EndpointOptions own, AllowedNetworks allowed, Spi spi) {
        this.vertx = vertx;
        this.options = options;
        this.own = own;
        this.allowed = allowed;
        this.spi = spi;
    }

    /** Fails as {@link EventStoreConnection#connect}. */
    Future<EventStoreConnection> connect(EndpointOptions endpoint) {
        AllowedNetworks networks = endpoint.equals(own) ? AllowedNetworks.ALL : allowed;
        StoreNode node = nodes.computeIfAbsent(
                endpoint, first -> new StoreNode(new Dialer(vertx, endpoint, "eventstore", spi, networks)));
        node.uses++;
        return EventStoreConnection.connect(node.dialer, options)
                .onSuccess(made -> {
                    connections.add(made);
                    made.whenGone(() -> {
                        connections.remove(made);
                        strayAnswersBefore += made.strayAnswers();
                        left(node);
                    });
                })
                .onFailure(cause -> left(node));
    }

    private void left(StoreNode node) {
        node.uses--;
        long unused = nodes.values().stream().filter(each -> each.uses == 0).count();
        for (EndpointOptions each : List.copyOf(nodes.keySet())) {
            StoreNode oldest = nodes.get(each);
            if (unused > MAX_UNUSED && oldest != null && oldest.uses == 0) {
                nodes.remove(each);
                oldest.dialer.close();
                unused--;
            }
        }
    }

    long strayAnswers() {
        return strayAnswersBefore
                + connections.stream()
                        .mapToLong(EventStoreConnection::strayAnswers)
                        .sum();
    }

    Future<Void> close() {
        List<Future<Void>> closing =
                nodes.values().stream().map(each -> each.dialer.close()).toList();
        return Future.join(closing).mapEmpty();
    }
}
