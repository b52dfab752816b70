package dev.polywire.amqp.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmqpUriTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "amqp://h                           | false | h:5672            | -    | -        | -   | {}",
                "amqps://h                          | true  | h:5671            | -    | -        | -   | {}",
                "AMQP://h:1/                        | false | h:1               | -    | -        | ''  | {}",
                "amqp://h/%2f                       | false | h:5672            | -    | -        | /   | {}",
                "amqp://user:pass@h:10000/vhost     | false | h:10000           | user | pass     | vhost | {}",
                "amqp://user%61:%61pass@ho%61st:1/v%2fhost | false | hoast:1    | usera | apass   | v/host | {}",
                "amqp://u:p%40@+%3A@h               | false | h:5672            | u    | p@@+:    | -   | {}",
                "amqp://u@h                         | false | h:5672            | u    | -        | -   | {}",
                "amqp://:@h/                        | false | h:5672            | ''   | ''       | ''  | {}",
                "amqp://[::1]                       | false | ::1:5672          | -    | -        | -   | {}",
                "amqp://u@h/v@w                     | false | h:5672            | u    | -        | v@w | {}",
                "amqp://[::1]:1,b,c:3/v             | false | ::1:1 b:5672 c:3  | -    | -        | v   | {}",
                "amqp://h?heartbeat=30&channel_max=7 | false | h:5672           | -    | -        | -   | {heartbeat=30, channel_max=7}",
            })
    void parts(String text, boolean tls, String hosts, String user, String password, String vhost, String query) {
        AmqpUri uri = AmqpUri.parse(text);
        assertEquals(tls, uri.tls());
        assertEquals(
                hosts,
                String.join(
                        " ",
                        uri.hosts().stream()
                                .map(host -> host.name() + ":" + host.port())
                                .toList()));
        assertEquals(user, uri.user());
        assertEquals(password, uri.password());
        assertEquals(vhost, uri.virtualHost());
        assertEquals(query, uri.query().toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://h            | uri: its scheme",
                "amqp:h              | uri: its scheme",
                "amqp://             | uri: its host",
                "amqp://h,           | uri: its host",
                "amqp://::1          | uri: its host",
                "amqp://[            | uri: its host",
                "amqp://a[::1]       | uri: its host",
                "amqp://u:1/word@h   | uri: its login",
                "amqp://h:0          | uri: its port",
                "amqp://h:65536      | uri: its port",
                "amqp://h:x          | uri: its port",
                "amqp://h/a/b        | uri: its path",
                "amqp://h/a#b        | uri: its path",
                "amqp://h/%zz        | uri: its percent",
                "amqp://h?a          | uri: its query",
                "amqp://h?a=1&a=2    | uri: its query",
            })
    void isNone(String text, String complaint) {
        String said = assertThrows(IllegalArgumentException.class, () -> AmqpUri.parse(text))
                .getMessage();
        assertEquals(complaint, said.substring(0, said.indexOf(" (expected")));
    }

    @Test
    void itsPasswordIsInNoText() {
        assertFalse(AmqpUri.parse("amqp://u:canary@h").toString().contains("canary"));
        String said = assertThrows(IllegalArgumentException.class, () -> AmqpUri.parse("amqp://u:canary@h:x"))
                .getMessage();
        assertFalse(said.contains("canary"), said);
    }
}
