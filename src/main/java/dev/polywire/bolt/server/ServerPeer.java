package dev.polywire.bolt.server;

import dev.polywire.bolt.wire.BoltVersion;
import java.util.Set;

/**
 * A client's end of a connection.
 *
 * @param connectionId our name for the connection, which the client knows, too; unlike any other of this server
 * @param host address without a port
 * @param agent what the client calls itself, in its own words; empty: nothing
 * @param certificateNames who its certificate is for; empty: it has shown none
 */
public record ServerPeer(
        String connectionId, String host, BoltVersion version, String agent, Set<String> certificateNames) {}
