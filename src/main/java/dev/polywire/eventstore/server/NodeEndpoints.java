package dev.polywire.eventstore.server;

import dev.polywire.core.net.EndpointOptions;
import org.jspecify.annotations.Nullable;

/**
 * Where a node listens. A port of 0 is chosen at the first opening, and kept.
 *
 * @param tcp for clients, without TLS; null: nowhere
 * @param secureTcp for clients, with TLS: its {@code tls} has a certificate; null: nowhere
 * @param http for gossip, with TLS if the options have it; null: nowhere
 */
public record NodeEndpoints(
        @Nullable EndpointOptions tcp,
        @Nullable EndpointOptions secureTcp,
        @Nullable EndpointOptions http) {

    public NodeEndpoints {
        if (tcp == null && secureTcp == null) {
            throw new IllegalArgumentException("endpoints: none for clients (expected: tcp or secureTcp)");
        }
        if (tcp != null && tcp.tls() != null) {
            throw new IllegalArgumentException("tcp.tls: there (expected: none, or secureTcp)");
        }
        if (secureTcp != null && secureTcp.tls() == null) {
            throw new IllegalArgumentException("secureTcp.tls: missing (expected: a certificate)");
        }
    }

    /** One listener, with TLS if its options have it. */
    public static NodeEndpoints of(EndpointOptions clients) {
        return clients.tls() == null ? new NodeEndpoints(clients, null, null) : new NodeEndpoints(null, clients, null);
    }

    /** On loopback at free ports: for clients without TLS, and for gossip without TLS. */
    public static NodeEndpoints loopback() {
        EndpointOptions free = EndpointOptions.of("127.0.0.1", 0);
        return new NodeEndpoints(free, null, free);
    }

    /** What clients are told to dial. */
    String host() {
        return tcp != null ? tcp.host() : secureTcp != null ? secureTcp.host() : "";
    }
}
