package dev.polywire.amqp.wire;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a broker is, as RabbitMQ's "AMQP URI specification" writes it.
 *
 * <pre>
 *   amqp://user:password@host:port,host:port/vhost?heartbeat=30
 *   amqps://host/%2F          TLS; the virtual host "/", as without a path
 *   amqp://host/              the virtual host whose name is empty
 * </pre>
 *
 * <p>Parts are percent-encoded, so a password may have any character; IPv6 addresses stand in brackets.
 *
 * @param hosts at least one
 * @param user null: not given
 * @param password null: not given
 * @param virtualHost null: not given
 * @param query names and values, in order; the caller interprets them
 */
public record AmqpUri(
        boolean tls,
        List<Host> hosts,
        @Nullable String user,
        @Nullable String password,
        @Nullable String virtualHost,
        Map<String, String> query) {

    /** Of {@code amqp}. */
    public static final int DEFAULT_PORT = 5_672;
    /** Of {@code amqps}. */
    public static final int DEFAULT_TLS_PORT = 5_671;

    private static final int MAX_HOSTS = 100;

    /** A node. */
    public record Host(String name, int port) {}

    /** @throws IllegalArgumentException when the text is not such a URI; the message holds no part of it */
    public static AmqpUri parse(String text) {
        boolean tls = text.regionMatches(true, 0, "amqps://", 0, 8);
        if (!tls && !text.regionMatches(true, 0, "amqp://", 0, 7)) {
            throw malformed("scheme", "amqp or amqps");
        }
        String rest = text.substring(tls ? 8 : 7);
        int question = rest.indexOf('?');
        Map<String, String> query = query(question < 0 ? "" : rest.substring(question + 1));
        String before = question < 0 ? rest : rest.substring(0, question);
        int slash = before.indexOf('/');
        String authority = slash < 0 ? before : before.substring(0, slash);
        String path = slash < 0 ? null : before.substring(slash + 1);
        if (path != null && path.indexOf('/') >= 0 || before.indexOf('#') >= 0) {
            throw malformed("path", "one virtual host, a slash in its name as %2F");
        }
        int at = authority.lastIndexOf('@');
        if (at < 0 && before.indexOf('@') >= 0) {
            // user:1/word@host: the first part of a password is not a port.
            throw malformed("login", "a slash in it as %2F, an @ of a virtual host as %40");
        }
        String login = at < 0 ? null : authority.substring(0, at);
        int colon = login == null ? -1 : login.indexOf(':');
        return new AmqpUri(
                tls,
                hosts(authority.substring(at + 1), tls ? DEFAULT_TLS_PORT : DEFAULT_PORT),
                login == null ? null : decoded(colon < 0 ? login : login.substring(0, colon)),
                login == null || colon < 0 ? null : decoded(login.substring(colon + 1)),
                path == null ? null : decoded(path),
                query);
    }

    /** Without its password. */
    @Override
    public String toString() {
        return (tls ? "amqps://" : "amqp://") + hosts;
    }

    private static List<Host> hosts(String text, int defaultPort) {
        List<Host> hosts = new ArrayList<>();
        for (String each : text.split(",", MAX_HOSTS + 1)) {
            int port = each.lastIndexOf(':');
            boolean bare = port < each.indexOf(']');
            String name = port < 0 || bare ? each : each.substring(0, port);
            hosts.add(new Host(host(decoded(name)), port < 0 || bare ? defaultPort : port(each.substring(port + 1))));
        }
        if (hosts.size() > MAX_HOSTS) {
            throw malformed("hosts", "at most " + MAX_HOSTS);
        }
        return List.copyOf(hosts);
    }

    private static String host(String name) {
        boolean bracketed = name.startsWith("[") && name.endsWith("]");
        String plain = bracketed ? name.substring(1, name.length() - 1) : name;
        boolean odd = plain.indexOf('[') >= 0 || plain.indexOf(']') >= 0;
        if (plain.isEmpty() || odd || !bracketed && plain.indexOf(':') >= 0) {
            throw malformed("host", "a name or an address, one of IPv6 in brackets");
        }
        return plain;
    }

    private static int port(String text) {
        if (text.matches("[0-9]{1,5}")) {
            int port = Integer.parseInt(text);
            if (port > 0 && port <= 0xffff) {
                return port;
            }
        }
        throw malformed("port", "1 to 65535");
    }

    private static Map<String, String> query(String text) {
        Map<String, String> query = new LinkedHashMap<>();
        for (String pair : text.isEmpty() ? new String[0] : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 1
                    || query.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1))) != null) {
                throw malformed("query", "name=value, no name twice");
            }
        }
        return Collections.unmodifiableMap(query);
    }

    /** A plus stays a plus. */
    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException bad) {
            throw malformed("percent", "two hexadecimal digits behind it");
        }
    }

    private static IllegalArgumentException malformed(String part, String expected) {
        return new IllegalArgumentException("uri: its " + part + " (expected: " + expected + ")");
    }
}
