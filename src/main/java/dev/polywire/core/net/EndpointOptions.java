package dev.polywire.core.net;

import dev.polywire.core.json.Fields;
import dev.polywire.core.wire.Limits;
import org.jspecify.annotations.Nullable;

/**
 * Where to dial or listen.
 *
 * @param host name or address; default 127.0.0.1. Of a name, who dials tries one address after the other
 * @param port 0 to 65535; 0 lets a server choose
 * @param connectTimeoutMillis for the lookup and TCP to all addresses together, and again for TLS and for the protocol's
 *     handshake; 1 to 600,000, default 10,000
 * @param tls null: plain TCP
 */
public record EndpointOptions(
        String host,
        int port,
        int connectTimeoutMillis,
        @Nullable TlsOptions tls) {

    public static final int DEFAULT_CONNECT_TIMEOUT_MILLIS = 10_000;

    public EndpointOptions {
        // As in a URI; an address of IPv6 has no brackets of its own.
        host = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        Limits.range("port", port, 0, 65_535);
        Limits.range("connectTimeoutMillis", connectTimeoutMillis, 1, 600_000);
    }

    /** Plain TCP with the default time limit. */
    public static EndpointOptions of(String host, int port) {
        return new EndpointOptions(host, port, DEFAULT_CONNECT_TIMEOUT_MILLIS, null);
    }

    /** Reads {@code host}, {@code port}, {@code connectTimeoutMillis} and {@code tls} out of a larger object. */
    public static EndpointOptions fromJson(Fields json) {
        return fromJson(json, json.text("host", "127.0.0.1"), json.int32("port", 0, 65_535));
    }

    /** The same with a host and a port from elsewhere. */
    public static EndpointOptions fromJson(Fields json, String host, int port) {
        return new EndpointOptions(
                host,
                port,
                json.int32("connectTimeoutMillis", DEFAULT_CONNECT_TIMEOUT_MILLIS, 1, 600_000),
                json.has("tls") ? TlsOptions.fromJson(json.object("tls")) : null);
    }

    /** The same with TLS; if it had no TLS options, with the JDK's certificate authorities. */
    public EndpointOptions secured() {
        return tls != null
                ? this
                : new EndpointOptions(host, port, connectTimeoutMillis, new TlsOptions(null, null, null, true));
    }

    /** The same at another port. */
    public EndpointOptions at(int port) {
        return new EndpointOptions(host, port, connectTimeoutMillis, tls);
    }

    /** {@code host:port} or {@code [::1]:port}, for people. */
    public String target() {
        return inUri(host) + ":" + port;
    }

    /** A host as a URI has it (RFC 3986, 3.2.2): {@code [::1]}. */
    static String inUri(String host) {
        return host.indexOf(':') < 0 ? host : "[" + host + "]";
    }
}
