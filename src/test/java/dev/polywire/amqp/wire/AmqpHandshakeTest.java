package dev.polywire.amqp.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** From the protocol header to open-ok, and what ends before it: A1.6, A2.4 to A2.9. */
class AmqpHandshakeTest {

    private final List<AmqpMethod> said = new ArrayList<>();

    private AmqpClientMachine client = new AmqpClientMachine(Conversation.options(), FrameTap.NONE);
    private final AmqpServerMachine server = new AmqpServerMachine(AmqpLimits.DEFAULT, FrameTap.NONE);

    private AmqpEvent hears(int channel, AmqpMethod method) {
        client.receive(Encoded.frame(channel, method), 0);
        AmqpEvent event = client.nextEvent();
        listen();
        return event;
    }

    private void listen() {
        for (Buffer bytes = client.takeOutput(); bytes != null; bytes = client.takeOutput()) {
            server.receive(bytes, 0);
        }
        for (AmqpServerEvent event = server.nextEvent(); event != null; event = server.nextEvent()) {
            if (event instanceof AmqpServerEvent.Method asked) {
                said.add(asked.method());
            }
        }
    }

    @Test
    void opens() {
        client.start(0);
        Buffer header = client.takeOutput();
        assertEquals("414d515000000901", Vectors.hex(header));
        server.receive(header, 0);
        assertNull(hears(0, Conversation.start("AMQPLAIN PLAIN", "en_US de")));
        ConnectionMethod.StartOk startOk = (ConnectionMethod.StartOk) said.remove(0);
        assertEquals("PLAIN", startOk.mechanism());
        assertEquals("\0guest\0guest", startOk.response().toString());
        assertEquals("en_US", startOk.locale());
        Map<?, ?> capabilities = (Map<?, ?>) startOk.clientProperties().get("capabilities");
        for (String each : List.of(
                "publisher_confirms",
                "exchange_exchange_bindings",
                "basic.nack",
                "consumer_cancel_notify",
                "connection.blocked",
                "authentication_failure_close")) {
            assertEquals(true, capabilities.get(each), each);
        }
        assertNull(hears(0, Conversation.TUNE));
        assertEquals(List.of(new ConnectionMethod.TuneOk(2_047, 131_072, 60), new ConnectionMethod.Open("/")), said);
        AmqpEvent.Opened opened = assertInstanceOf(AmqpEvent.Opened.class, hears(0, new ConnectionMethod.OpenOk()));
        assertEquals(new Tuning(2_047, 131_072, 60), opened.tuning());
        assertEquals(
                "Test 1.2", opened.server().product() + " " + opened.server().version());
        assertTrue(opened.server().can("basic.nack"));
        assertFalse(opened.server().can("time_travel"));
        assertEquals(ConnectionState.OPEN, client.state());
    }

    static Stream<Arguments> offers() {
        Map<String, Object> none = Map.of();
        Buffer plain = Buffer.buffer("PLAIN");
        Buffer english = Buffer.buffer("en_US");
        return Stream.of(
                Arguments.of(new ConnectionMethod.Start(1, 0, none, plain, english), 540),
                Arguments.of(new ConnectionMethod.Start(0, 0, none, plain, english), 540),
                Arguments.of(new ConnectionMethod.Start(0, 10, none, plain, english), 540),
                Arguments.of(new ConnectionMethod.Start(0, 9, none, Buffer.buffer(), english), 403),
                // A35: no credentials go to one that asks for none.
                Arguments.of(new ConnectionMethod.Start(0, 9, none, Buffer.buffer("ANONYMOUS"), english), 403),
                Arguments.of(new ConnectionMethod.Start(0, 9, none, Buffer.buffer("XPLAIN PLAIN2"), english), 403),
                Arguments.of(new ConnectionMethod.Start(0, 9, none, plain, Buffer.buffer("de_DE")), 540),
                Arguments.of(new ConnectionMethod.Start(0, 9, none, plain, Buffer.buffer()), 540));
    }

    @ParameterizedTest
    @MethodSource("offers")
    void offersThatDoNotDo(ConnectionMethod.Start start, int code) {
        client.start(0);
        listen();
        AmqpEvent.Refused refused = assertInstanceOf(AmqpEvent.Refused.class, hears(0, start));
        assertEquals(code, refused.reason().code());
        assertFalse(refused.reason().byPeer());
        assertEquals(List.of(), said);
        assertEquals(ConnectionState.FAILED, client.state());
    }

    @Test
    void theFirstMechanismThatIsOffered() {
        client = new AmqpClientMachine(
                Conversation.options(
                        AmqpLimits.DEFAULT, 0, SaslMechanism.external(), SaslMechanism.amqplain("foo", "bar")),
                FrameTap.NONE);
        client.start(0);
        hears(0, Conversation.start("PLAIN AMQPLAIN", "en_US"));
        ConnectionMethod.StartOk startOk = (ConnectionMethod.StartOk) said.get(0);
        assertEquals("AMQPLAIN", startOk.mechanism());
        assertEquals(Vectors.read("amqp-frames.txt").get("line9").bytes(), startOk.response());
        assertEquals("name", startOk.clientProperties().get("connection_name").toString());
    }

    /** A2.9: the answer to 123 is 246. */
    @Test
    void challenge() {
        SaslMechanism doubling = new SaslMechanism() {
            @Override
            public String name() {
                return "DOUBLE";
            }

            @Override
            public Buffer initialResponse() {
                return Buffer.buffer();
            }

            @Override
            public Buffer respond(Buffer challenge) {
                return Buffer.buffer(String.valueOf(2 * Integer.parseInt(challenge.toString())));
            }
        };
        client = new AmqpClientMachine(Conversation.options(AmqpLimits.DEFAULT, 0, doubling), FrameTap.NONE);
        client.start(0);
        hears(0, Conversation.start("DOUBLE", "en_US"));
        hears(0, new ConnectionMethod.Secure(Buffer.buffer("123")));
        hears(0, new ConnectionMethod.Secure(Buffer.buffer("246")));
        assertEquals(new ConnectionMethod.SecureOk(Buffer.buffer("246")), said.get(1));
        assertEquals(new ConnectionMethod.SecureOk(Buffer.buffer("492")), said.get(2));
        assertNull(hears(0, Conversation.TUNE));
        assertEquals(ConnectionState.OPENING, client.state());
    }

    @Test
    void aChallengeThatNobodyExpects() {
        client.start(0);
        hears(0, Conversation.start("PLAIN", "en_US"));
        client.receive(Encoded.frame(0, new ConnectionMethod.Secure(Buffer.buffer("x"))), 0);
        assertThrows(ProtocolException.class, client::nextEvent);
        assertEquals(ConnectionState.FAILED, client.state());
    }

    @ParameterizedTest
    @CsvSource({
        // our channels, frame, heartbeat; the server's; agreed. A2.6, by the rule of A1.6; A12
        "65535, 131072, 0,   0,     0,      0,   65535, 131072, 0",
        "10,    12000,  60,  20,    14000,  120, 10,    12000,  60",
        "20,    14000,  120, 10,    12000,  60,  10,    12000,  60",
        "2047,  131072, 60,  2047,  131072, 60,  2047,  131072, 60",
        "2047,  131072, 60,  0,     0,      0,   2047,  131072, 60",
        "2047,  131072, 0,   1,     4096,   580, 1,     4096,   580",
        "2047,  131072, 60,  65535, 2147483647, 65535, 2047, 131072, 60",
    })
    void tune(int channels, int frame, int beat, int c, long f, int h, int maxChannels, int maxFrame, int heartbeat) {
        client = new AmqpClientMachine(
                Conversation.options(
                        new AmqpLimits(frame, channels, 1_000, 1_000), beat, SaslMechanism.plain("a", "b")),
                FrameTap.NONE);
        client.start(0);
        hears(0, Conversation.start("PLAIN", "en_US"));
        hears(0, new ConnectionMethod.Tune(c, f, h));
        assertEquals(new ConnectionMethod.TuneOk(maxChannels, maxFrame, heartbeat), said.get(1));
    }

    @ParameterizedTest
    @CsvSource({"1", "4095", "2147483648", "4294967295"})
    void frameMaxThatIsNone(long frameMax) {
        client.start(0);
        hears(0, Conversation.start("PLAIN", "en_US"));
        client.receive(Encoded.frame(0, new ConnectionMethod.Tune(0, frameMax, 0)), 0);
        ProtocolException violation = assertThrows(ProtocolException.class, client::nextEvent);
        assertEquals(ProtocolException.Kind.FRAMING, violation.kind());
        listen();
        assertEquals(502, ((ConnectionMethod.Close) said.get(1)).replyCode());
    }

    /** What a mechanism says of its failure may be any text. */
    @Test
    void aMechanismThatFails() {
        SaslMechanism failing = new SaslMechanism() {
            @Override
            public String name() {
                return "FAIL";
            }

            @Override
            public Buffer initialResponse() {
                return Buffer.buffer();
            }

            @Override
            public Buffer respond(Buffer challenge) {
                throw ProtocolException.framing("ж".repeat(300));
            }
        };
        client = new AmqpClientMachine(Conversation.options(AmqpLimits.DEFAULT, 0, failing), FrameTap.NONE);
        client.start(0);
        hears(0, Conversation.start("FAIL", "en_US"));
        client.receive(Encoded.frame(0, new ConnectionMethod.Secure(Buffer.buffer("x"))), 0);
        assertThrows(ProtocolException.class, client::nextEvent);
        listen();
        assertEquals("?".repeat(255), ((ConnectionMethod.Close) said.get(1)).replyText());
    }

    @Test
    void refusedByTheServer() {
        client.start(0);
        hears(0, Conversation.start("PLAIN", "en_US"));
        AmqpEvent event = hears(0, new ConnectionMethod.Close(403, "ACCESS_REFUSED - \u0007no\r\n", 0, 0));
        CloseReason reason = assertInstanceOf(AmqpEvent.Refused.class, event).reason();
        // A36
        assertEquals("403 ACCESS_REFUSED from the peer: ACCESS_REFUSED - \\u0007no\\u000d\\u000a", reason.toString());
        assertInstanceOf(ConnectionMethod.CloseOk.class, said.get(1));
        assertEquals(ConnectionState.CLOSED, client.state());
    }

    /** A server without authentication_failure_close says nothing. */
    @Test
    void refusedInSilence() {
        client.start(0);
        hears(0, Conversation.start("PLAIN", "en_US"));
        client.peerClosed(0);
        AmqpEvent.Refused refused = assertInstanceOf(AmqpEvent.Refused.class, client.nextEvent());
        assertEquals(403, refused.reason().code());
        assertNull(client.nextEvent());
    }

    /** One that would say why it refuses has refused nothing: the connection was cut. */
    @Test
    void cutDuringLogin() {
        client.start(0);
        hears(
                0,
                new ConnectionMethod.Start(
                        0,
                        9,
                        Map.of("capabilities", Map.of("authentication_failure_close", true)),
                        Buffer.buffer("PLAIN"),
                        Buffer.buffer("en_US")));
        client.peerClosed(0);
        assertNull(client.nextEvent());
        assertEquals(ConnectionState.CLOSED, client.state());
    }

    @Test
    void silence() {
        client.start(100);
        assertEquals(10_100, client.deadlineMillis());
        client.tick(10_099);
        assertEquals(
                ProtocolException.Kind.SILENCE,
                assertThrows(ProtocolException.class, () -> client.tick(10_100)).kind());
        assertEquals(ConnectionState.FAILED, client.state());
        assertEquals(Long.MAX_VALUE, client.deadlineMillis());
    }

    /** What must fit before anything is agreed on. */
    @Test
    void aTokenOfEightKilobytes() {
        client = new AmqpClientMachine(
                Conversation.options(AmqpLimits.DEFAULT, 0, SaslMechanism.plain("u", "t".repeat(7_000))),
                FrameTap.NONE);
        client.start(0);
        assertNull(hears(0, Conversation.start("PLAIN", "en_US")));
        assertEquals(1, said.size());
        client = new AmqpClientMachine(
                Conversation.options(AmqpLimits.DEFAULT, 0, SaslMechanism.plain("u", "t".repeat(8_200))),
                FrameTap.NONE);
        client.start(0);
        client.receive(Encoded.frame(0, Conversation.start("PLAIN", "en_US")), 0);
        assertEquals(
                ProtocolException.Kind.LIMIT,
                assertThrows(ProtocolException.class, client::nextEvent).kind());
    }
}
