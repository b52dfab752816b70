package dev.polywire.amqp.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses of brokers; the first rows are the examples of RabbitMQ's URI specification. */
class AmqpUriTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", emptyValue = "", value = {
        "amqp://user:pass@host:10000/vhost          | false | host      | 10000 | user  | pass | vhost",
        "amqp://user%61:%61pass@ho.st:10000/v%2fhost | false | ho.st     | 10000 | usera | apass | v/host",
        "amqp://host                                | false | host      | 5672  | -     | -    | -",
        "amqp://user@host                           | false | host      | 5672  | user  | -    | -",
        "amqp://host:10000                          | false | host      | 10000 | -     | -    | -",
        "amqp://host/vhost                          | false | host      | 5672  | -     | -    | vhost",
        "amqp://host/                               | false | host      | 5672  | -     | -    | ''",
        "amqp://host/%2F                            | false | host      | 5672  | -     | -    | /",
        "amqp://[::1]                               | false | ::1       | 5672  | -     | -    | -",
        "amqps://host/a+b                           | true  | host      | 5671  | -     | -    | a+b",
        "amqps://u:p%40+%3A@host                    | true  | host      | 5671  | u     | p@+: | -",
    })
    void parsed(String text, boolean tls, String host, int port, String user, String password, String virtualHost) {
        assertEquals(
                new AmqpUri(tls, host, port, user, password, virtualHost, Map.of()), AmqpUri.parse(text.trim()));
    }

    @Test
    void settings() {
        AmqpUri uri = AmqpUri.parse(
                "amqps://host?heartbeat=10&connection_timeout=5000&cacertfile=%2Fca.pem&verify=verify_peer");
        assertEquals(10, uri.number("heartbeat", 60));
        assertEquals(5_000, uri.number("connection_timeout", 1));
        assertEquals(7, uri.number("channel_max", 7));
        assertEquals("/ca.pem", uri.query().get("cacertfile"));
    }

    /** None of them is quoted: it may hold a password. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://secret@host",
                "amqp:secret",
                "amqp://",
                "amqp://secret@",
                "amqp://u:secret@host/a/b",
                "amqp://u:secret@host?heartbeat=secret",
                "amqp://u:secret@host?heartbeats=1",
                "amqp://u:secret@host?heartbeat",
                "amqp://u:secret@host?heartbeat=1&heartbeat=2",
                "amqp://u:secret@host?verify=verify_none",
                "amqp://u:secret@host#fragment",
                "amqp://u:sec ret@host",
                "amqp://u:secret%zz@host",
                "secret"
            })
    void refused(String text) {
        IllegalArgumentException bad = assertThrows(
                IllegalArgumentException.class, () -> AmqpUri.parse(text).number("heartbeat", 0));
        assertFalse(bad.getMessage().contains("secret"), bad::getMessage);
    }

    @Test
    void passwordsAreHidden() {
        assertEquals("amqp://u:***@host:5672/%2F", AmqpUri.parse("amqp://u:secret@host/%2F").toString());
        assertEquals("amqps://host:5671", AmqpUri.parse("amqps://host").toString());
    }
}
