package dev.polywire.eventstore.wire;

import dev.polywire.core.wire.Limits;

/**
 * Where a node of a cluster listens, as the nodes say it.
 *
 * @param host name, or address without brackets
 * @param port 1 to 65535
 */
public record MemberAddress(String host, int port) {

    public MemberAddress {
        if (host.isEmpty()) {
            throw new IllegalArgumentException("host: empty (expected: a name or an address)");
        }
        Limits.range("port", port, 1, 65_535);
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
