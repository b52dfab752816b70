package dev.polywire.amqp.wire;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A broker's address as RabbitMQ writes it: {@code amqp://user:password@host:port/virtual%2Fhost?heartbeat=10}, and
 * {@code amqps} with TLS.
 *
 * @param port 5672, and 5671 with TLS, when none is named
 * @param user null: none is named
 * @param virtualHost null: none is named; {@code amqp://host/} names one that is empty
 * @param query settings, of {@link #SETTINGS}
 */
public record AmqpUri(
        boolean tls,
        String host,
        int port,
        @Nullable String user,
        @Nullable String password,
        @Nullable String virtualHost,
        Map<String, String> query) {

    public static final int DEFAULT_PORT = 5_672;
    public static final int DEFAULT_TLS_PORT = 5_671;

    /**
     * What a query may say: {@code heartbeat} in seconds, {@code connection_timeout} in milliseconds, {@code channel_max},
     * {@code auth_mechanism}, {@code verify} (only {@code verify_peer}), and files of TLS. Others are errors: they would be
     * wishes that nobody fulfils.
     */
    public static final List<String> SETTINGS = List.of(
            "heartbeat",
            "connection_timeout",
            "channel_max",
            "auth_mechanism",
            "verify",
            "cacertfile",
            "certfile",
            "keyfile");

    public AmqpUri {
        query = Collections.unmodifiableMap(new LinkedHashMap<>(query));
    }

    /** @throws IllegalArgumentException when it is none; without quoting it, since it may hold a password */
    public static AmqpUri parse(String text) {
        URI uri;
        try {
            uri = URI.create(text);
        } catch (IllegalArgumentException quoting) {
            throw bad("not to be read (expected: amqp://user:password@host:port/vhost)");
        }
        String scheme = String.valueOf(uri.getScheme());
        if (!scheme.equals("amqp") && !scheme.equals("amqps")) {
            throw bad("of scheme " + scheme + " (expected: amqp or amqps)");
        }
        if (uri.getHost() == null || uri.getRawFragment() != null) {
            throw bad("without a host, or with a fragment (expected: amqp://host)");
        }
        boolean tls = scheme.equals("amqps");
        String userInfo = uri.getRawUserInfo();
        int colon = userInfo == null ? -1 : userInfo.indexOf(':');
        return new AmqpUri(
                tls,
                host(uri.getHost()),
                uri.getPort() >= 0 ? uri.getPort() : tls ? DEFAULT_TLS_PORT : DEFAULT_PORT,
                userInfo == null ? null : decoded(colon < 0 ? userInfo : userInfo.substring(0, colon)),
                userInfo == null || colon < 0 ? null : decoded(userInfo.substring(colon + 1)),
                virtualHost(uri.getRawPath()),
                query(uri.getRawQuery()));
    }

    /** A number of the query. */
    public int number(String setting, int otherwise) {
        String value = query.get(setting);
        try {
            return value == null ? otherwise : Integer.parseInt(value);
        } catch (NumberFormatException quoting) {
            throw bad("query: " + setting + " (expected: a number)");
        }
    }

    /** The same at another place. */
    public AmqpUri at(String otherHost, int otherPort) {
        return new AmqpUri(tls, otherHost, otherPort, user, password, virtualHost, query);
    }

    /** The password is hidden. */
    @Override
    public String toString() {
        String who = user == null ? "" : user + (password == null ? "@" : ":***@");
        return (tls ? "amqps://" : "amqp://") + who + host + ":" + port
                + (virtualHost == null ? "" : "/" + virtualHost.replace("/", "%2F"));
    }

    /** One segment: a slash in the name is written {@code %2F}. */
    private static @Nullable String virtualHost(String path) {
        if (path.isEmpty()) {
            return null;
        }
        String name = path.substring(1);
        if (name.contains("/")) {
            throw bad("path of several segments (expected: /vhost, a slash in it as %2F)");
        }
        return decoded(name);
    }

    private static Map<String, String> query(@Nullable String query) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String pair : query == null ? new String[0] : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            if (equals < 0 || !SETTINGS.contains(name)) {
                throw bad("query: " + name + " (expected: one of " + SETTINGS + " with a value)");
            }
            String value = decoded(pair.substring(equals + 1));
            if (name.equals("verify") && !value.equals("verify_peer")) {
                throw bad("query: verify (expected: verify_peer; a certificate that nobody checks protects nothing)");
            }
            if (settings.put(name, value) != null) {
                throw bad("query: " + name + " twice (expected: once)");
            }
        }
        return settings;
    }

    private static String host(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** Percent-encoded; a plus is a plus. */
    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static IllegalArgumentException bad(String what) {
        return new IllegalArgumentException("uri: " + what);
    }
}
