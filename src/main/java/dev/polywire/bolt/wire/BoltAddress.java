package dev.polywire.bolt.wire;

import dev.polywire.core.wire.Limits;

/**
 * A server of a cluster, as its routing tables name it.
 *
 * @param host name, or address without brackets
 * @param port 1 to 65535
 */
public record BoltAddress(String host, int port) {

    public static final int DEFAULT_PORT = 7687;

    public BoltAddress {
        if (host.isEmpty()) {
            throw new IllegalArgumentException("host: empty (expected: a name or an address)");
        }
        Limits.range("port", port, 1, 65_535);
    }

    /**
     * Parses {@code host}, {@code host:port} or {@code [::1]:port}.
     *
     * @throws IllegalArgumentException when the text is not an address
     */
    public static BoltAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        boolean bare = colon < text.indexOf(']') || colon < 0;
        String host = bare ? text : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.contains(":")) {
            throw new IllegalArgumentException("address: " + text + " (expected: brackets around an IPv6 address)");
        }
        return new BoltAddress(host, bare ? DEFAULT_PORT : port(text.substring(colon + 1)));
    }

    private static int port(String digits) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException none) {
            throw new IllegalArgumentException("port: " + digits + " (expected: a number)", none);
        }
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
