package dev.polywire.amqp.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.amqp.wire.AmqpUri;
import dev.polywire.amqp.wire.SaslMechanism;
import dev.polywire.core.net.EndpointOptions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Options out of addresses. */
class AmqpSessionOptionsTest {

    private static AmqpSessionOptions options(String... uris) {
        return AmqpSessionOptions.of(Stream.of(uris).map(AmqpUri::parse).toList(), "app");
    }

    @Test
    void severalNodes() {
        AmqpSessionOptions options = options("amqp://u:p@one/v", "amqp://u:p@two:5673/v");
        assertEquals(
                List.of("one:5672", "two:5673"),
                options.hosts().stream().map(EndpointOptions::target).toList());
        assertEquals("v", options.wire().virtualHost());
        assertEquals("app", options.wire().connectionName());
        assertEquals(List.of("PLAIN"), names(options));
        assertNull(options.hosts().get(0).tls());
    }

    @Test
    void settings() {
        AmqpSessionOptions options = options("amqps://host?heartbeat=7&channel_max=9&connection_timeout=1234"
                + "&auth_mechanism=external&certfile=c.pem&keyfile=k.pem&cacertfile=ca.pem");
        assertEquals("/", options.wire().virtualHost());
        assertEquals(7, options.wire().heartbeatSeconds());
        assertEquals(9, options.wire().limits().maxChannels());
        assertEquals(1_234, options.hosts().get(0).connectTimeoutMillis());
        assertNotNull(options.hosts().get(0).tls());
        assertEquals("ca.pem", options.hosts().get(0).tls().trust());
        assertEquals(List.of("EXTERNAL"), names(options));
    }

    @Test
    void whatCannotBe() {
        for (String[] uris : new String[][] {
            {},
            {"amqp://a/v", "amqp://b/w"},
            {"amqp://u@a", "amqp://w@b"},
            {"amqp://u:p@a", "amqp://u:q@b"},
            {"amqp://a?heartbeat=1", "amqp://b"},
            {"amqp://a?auth_mechanism=gssapi"},
            {"amqps://a?certfile=c.pem"},
            {"amqp://a?cacertfile=c.pem"},
            {"amqp://a?heartbeat=65536"},
        }) {
            assertThrows(IllegalArgumentException.class, () -> options(uris), () -> String.join(" ", uris));
        }
    }

    private static List<String> names(AmqpSessionOptions options) {
        return options.auth().mechanisms().result().stream()
                .map(SaslMechanism::name)
                .toList();
    }
}
