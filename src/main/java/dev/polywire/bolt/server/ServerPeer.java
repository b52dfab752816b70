package dev.polywire.bolt.server;

import dev.polywire.bolt.wire.BoltAddress;
import dev.polywire.bolt.wire.BoltVersion;
import java.util.Set;

/**
 * The client of a connection.
 *
 * @param connectionId the connection's name, which the client knows, too; unique within this server
 * @param host address without a port
 * @param agent the name that the client gives itself; empty: none
 * @param certificateNames the names in its certificate; empty: it has shown none
 * @param server where such clients find this server, see {@link ServerNames}
 */
public record ServerPeer(
        String connectionId,
        String host,
        BoltVersion version,
        String agent,
        Set<String> certificateNames,
        BoltAddress server) {}
