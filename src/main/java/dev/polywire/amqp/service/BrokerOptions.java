package dev.polywire.amqp.service;

import dev.polywire.amqp.session.AmqpAuth;
import dev.polywire.amqp.wire.AmqpClientOptions;
import dev.polywire.amqp.wire.AmqpLimits;
import dev.polywire.amqp.wire.AmqpUri;
import dev.polywire.amqp.wire.SaslMechanism;
import dev.polywire.core.json.Fields;
import dev.polywire.core.json.TypedValues;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.wire.Utf8;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The broker's addresses and our login: {@code uri}, {@code hosts}, {@code user}, {@code password}, {@code mechanism},
 * {@code virtualHost}, {@code connectionName}, {@code heartbeatSeconds}, {@code connectTimeoutMillis}, {@code tls}, and the
 * limits of a connection. A field overrides the same part of the uri.
 */
record BrokerOptions(List<EndpointOptions> hosts, AmqpAuth auth, AmqpClientOptions wire) {

    private static final String DEFAULT_URI = "amqp://127.0.0.1:5672";
    private static final String URI =
            "amqp:// or amqps://, user:password@, hosts with ports, /virtual host, ?heartbeat=,"
                    + " connection_timeout=, channel_max= and auth_mechanism= of RabbitMQ's URI specification";
    private static final Set<String> QUERY = Set.of("heartbeat", "connection_timeout", "channel_max", "auth_mechanism");
    private static final String VERSION = "0.1.0";
    private static final int GREATEST_MESSAGE_BYTES = 1024 * 1024 * 1024;

    /** Its text is the mechanism's name only. */
    private record FixedMechanism(SaslMechanism mechanism) implements AmqpAuth {

        @Override
        public Future<List<SaslMechanism>> mechanisms() {
            return Future.succeededFuture(List.of(mechanism));
        }
    }

    private enum Mechanism {
        PLAIN,
        AMQPLAIN,
        EXTERNAL
    }

    static BrokerOptions fromJson(Fields json, String name) {
        @Nullable AmqpUri given = uri(json.text("uri", DEFAULT_URI));
        AmqpUri uri = given == null ? AmqpUri.parse(DEFAULT_URI) : given;
        List<EndpointOptions> hosts = hosts(json, uri);
        AmqpAuth auth = new FixedMechanism(mechanism(json, uri));
        AmqpClientOptions wire = wire(json, uri, name, hosts.get(0).connectTimeoutMillis());
        if (given == null) {
            // The uri may hold a password, so the message does not repeat it.
            throw json.complaint("uri", "not one that can be used (expected: " + URI + ")");
        }
        return new BrokerOptions(hosts, auth, wire);
    }

    private static @Nullable AmqpUri uri(String text) {
        try {
            AmqpUri uri = AmqpUri.parse(text);
            boolean known = QUERY.containsAll(uri.query().keySet())
                    && number(uri, "heartbeat", 0, 0xffff, 0) >= 0
                    && number(uri, "connection_timeout", 1, 600_000, 1) >= 0
                    && number(uri, "channel_max", 1, 0xffff, 1) >= 0
                    && named(uri) != null;
            return known ? uri : null;
        } catch (IllegalArgumentException none) {
            return null;
        }
    }

    /** A number of the query; -1 if the text is not a number in the range. */
    private static int number(AmqpUri uri, String name, int min, int max, int fallback) {
        String text = uri.query().get(name);
        Long number = text == null ? Long.valueOf(fallback) : TypedValues.int64(text);
        return number == null || number < min || number > max ? -1 : number.intValue();
    }

    private static @Nullable Mechanism named(AmqpUri uri) {
        String text = uri.query().get("auth_mechanism");
        for (Mechanism each : Mechanism.values()) {
            if (each.name().equalsIgnoreCase(text == null ? "plain" : text)) {
                return each;
            }
        }
        return null;
    }

    private static List<EndpointOptions> hosts(Fields json, AmqpUri uri) {
        List<AmqpUri.Host> hosts = uri.hosts();
        List<String> listed = json.texts("hosts");
        if (!listed.isEmpty()) {
            AmqpUri only = uri((uri.tls() ? "amqps://" : "amqp://") + String.join(",", listed));
            if (only == null
                    || only.user() != null
                    || only.virtualHost() != null
                    || !only.query().isEmpty()) {
                throw json.complaint("hosts", "not all of them are (expected: a list of host or host:port)");
            }
            hosts = only.hosts();
        }
        int timeoutMillis =
                number(uri, "connection_timeout", 1, 600_000, EndpointOptions.DEFAULT_CONNECT_TIMEOUT_MILLIS);
        Fields timed = json.has("connectTimeoutMillis") ? json : null;
        return hosts.stream()
                .map(host -> {
                    EndpointOptions read = EndpointOptions.fromJson(json, host.name(), host.port());
                    EndpointOptions each = timed != null
                            ? read
                            : new EndpointOptions(read.host(), read.port(), timeoutMillis, read.tls());
                    return uri.tls() ? each.secured() : each;
                })
                .toList();
    }

    private static SaslMechanism mechanism(Fields json, AmqpUri uri) {
        Mechanism said = named(uri);
        Mechanism mechanism = json.oneOf("mechanism", Mechanism.class, said == null ? Mechanism.PLAIN : said);
        String user = text(json, "user", uri.user() == null ? "guest" : uri.user());
        String password = text(json, "password", uri.password() == null ? "guest" : uri.password());
        return switch (mechanism) {
            case PLAIN -> SaslMechanism.plain(user, password);
            case AMQPLAIN -> SaslMechanism.amqplain(user, password);
            case EXTERNAL -> SaslMechanism.external();
        };
    }

    private static String text(Fields json, String name, String fallback) {
        String text = json.text(name, fallback);
        if (!Utf8.isUnicode(text)) {
            throw json.complaint(name, Utf8.NOT_UNICODE);
        }
        return text;
    }

    private static AmqpClientOptions wire(Fields json, AmqpUri uri, String name, int handshakeTimeoutMillis) {
        String virtualHost = uri.virtualHost() == null ? "/" : uri.virtualHost();
        return new AmqpClientOptions(
                ShortText.of(json, "virtualHost", virtualHost),
                List.of(),
                Map.of(
                        "product",
                        "Polywire",
                        "version",
                        VERSION,
                        "platform",
                        "Java " + Runtime.version().feature()),
                text(json, "connectionName", name),
                "en_US",
                json.int32(
                        "heartbeatSeconds",
                        number(uri, "heartbeat", 0, 0xffff, AmqpClientOptions.DEFAULT_HEARTBEAT_SECONDS),
                        0,
                        0xffff),
                limits(json, number(uri, "channel_max", 1, 0xffff, AmqpLimits.DEFAULT_MAX_CHANNELS)),
                handshakeTimeoutMillis,
                AmqpClientOptions.DEFAULT_CLOSE_TIMEOUT_MILLIS);
    }

    private static AmqpLimits limits(Fields json, int maxChannels) {
        int maxMessageBytes =
                json.int32("maxMessageBytes", AmqpLimits.DEFAULT_MAX_MESSAGE_BYTES, 0, GREATEST_MESSAGE_BYTES);
        return new AmqpLimits(
                json.int32(
                        "maxFrameBytes",
                        AmqpLimits.DEFAULT_MAX_FRAME_BYTES,
                        // RabbitMQ 4.1 and later refuse a connection with a smaller frame size.
                        8_192,
                        16 * 1024 * 1024),
                json.int32("maxChannels", maxChannels, 1, 0xffff),
                maxMessageBytes,
                json.int64(
                        "maxAssemblyBytes",
                        Math.max(AmqpLimits.DEFAULT_MAX_ASSEMBLY_BYTES, maxMessageBytes),
                        maxMessageBytes,
                        64L * GREATEST_MESSAGE_BYTES));
    }
}
