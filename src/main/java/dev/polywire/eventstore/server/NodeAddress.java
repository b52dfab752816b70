package dev.polywire.eventstore.server;

import dev.polywire.eventstore.wire.LeaderInfo;

/**
 * Where clients reach a node; a port is 0 when the node has no such listener.
 *
 * @param tcpPort without TLS
 */
record NodeAddress(String host, int tcpPort, int secureTcpPort, int httpPort) {

    /** Of a node without listeners. */
    static final NodeAddress NOWHERE = new NodeAddress("127.0.0.1", 0, 0, 0);

    LeaderInfo leaderInfo() {
        return new LeaderInfo(
                host,
                tcpPort,
                host,
                httpPort,
                secureTcpPort == 0 ? null : host,
                secureTcpPort == 0 ? null : (Integer) secureTcpPort);
    }
}
