package dev.polywire.amqp.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.polywire.amqp.wire.HostileAmqp.When;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.AbuseVectors;
import dev.polywire.testing.Cuts;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Hostile brokers, whole and cut. */
class AmqpHostileTest {

    private static final AmqpLimits SMALL = new AmqpLimits(4_096, 10, 100_000, 100_000);

    static Stream<HostileAmqp.Row> rows() {
        return HostileAmqp.rows();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void client(HostileAmqp.Row row) {
        assertEquals(row.outcome(), client(row.when(), List.of(row.bytes())));
        assertEquals(row.outcome(), client(row.when(), Cuts.singleBytes(row.bytes())));
        Cuts.positions(row.bytes().length())
                .forEach(at -> assertEquals(
                        row.outcome(), client(row.when(), Cuts.at(row.bytes(), at)), () -> "cut at " + at));
    }

    @Test
    void everyVectorIsInATable() {
        List<String> known = rows().map(row -> row.id().substring(0, 3)).toList();
        AbuseVectors.of("amqp091").all().stream()
                .map(AbuseVectors.AbuseVector::id)
                .filter(id -> !known.contains(id))
                .forEach(id -> fail(id + " is in no table"));
    }

    static String client(When when, List<Buffer> pieces) {
        AmqpClientMachine client = in(when);
        StringBuilder names = new StringBuilder();
        try {
            for (Buffer piece : pieces) {
                client.receive(piece, 0);
                for (AmqpEvent event = client.nextEvent(); event != null; event = client.nextEvent()) {
                    names.append(event.getClass().getSimpleName()).append(' ');
                }
            }
        } catch (ProtocolException violation) {
            return names + failed(client, when, violation);
        }
        return names.toString().trim();
    }

    /** It is over, the server is told if it can hear it, and no byte is taken any more. */
    private static String failed(AmqpClientMachine client, When when, ProtocolException violation) {
        assertEquals(ConnectionState.FAILED, client.state());
        assertNull(client.nextEvent());
        String code = violation.getMessage().substring(0, 3);
        Buffer farewell = client.takeOutput();
        if (when == When.GREETED && farewell == null) {
            return code;
        }
        ConnectionMethod.Close close =
                (ConnectionMethod.Close) AmqpMethod.read(new AmqpReader(farewell, 7, farewell.length() - 1));
        assertEquals(code, String.valueOf(close.replyCode()));
        assertNull(client.takeOutput());
        assertTrue(violation.getMessage().endsWith(close.replyText()));
        return code + (violation.kind() == ProtocolException.Kind.LIMIT ? " LIMIT" : "");
    }

    static AmqpClientMachine in(When when) {
        Conversation conversation =
                new Conversation(Conversation.options(SMALL, 0, SaslMechanism.plain("guest", "guest")));
        AmqpClientMachine client = conversation.client;
        if (when == When.CONSUMING) {
            conversation.login();
            int channel = conversation.channel();
            client.send(channel, new BasicMethod.Consume("q", "ct", false, false, false, true, Map.of()));
        } else {
            client.start(0);
            if (when == When.AUTHENTICATING) {
                client.receive(Encoded.frame(0, Conversation.start("PLAIN", "en_US")), 0);
                client.nextEvent();
            }
        }
        while (client.takeOutput() != null) {
            // What was said before is not looked at.
        }
        return client;
    }
}
