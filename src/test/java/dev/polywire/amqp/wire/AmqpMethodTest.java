package dev.polywire.amqp.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Methods and their bytes. */
class AmqpMethodTest {

    /** The table of the specification and of RabbitMQ: class, methods. */
    private static final String ALL = """
            connection 10: start 10, start-ok 11, secure 20, secure-ok 21, tune 30, tune-ok 31, open 40, open-ok 41, close 50, \
            close-ok 51, blocked 60, unblocked 61, update-secret 70, update-secret-ok 71
            channel 20: open 10, open-ok 11, flow 20, flow-ok 21, close 40, close-ok 41
            exchange 40: declare 10, declare-ok 11, delete 20, delete-ok 21, bind 30, bind-ok 31, unbind 40, unbind-ok 51
            queue 50: declare 10, declare-ok 11, bind 20, bind-ok 21, purge 30, purge-ok 31, delete 40, delete-ok 41, \
            unbind 50, unbind-ok 51
            basic 60: qos 10, qos-ok 11, consume 20, consume-ok 21, cancel 30, cancel-ok 31, publish 40, return 50, \
            deliver 60, get 70, get-ok 71, get-empty 72, ack 80, reject 90, recover-async 100, recover 110, \
            recover-ok 111, nack 120
            confirm 85: select 10, select-ok 11
            tx 90: select 10, select-ok 11, commit 20, commit-ok 21, rollback 30, rollback-ok 31
            """;

    static List<Class<? extends AmqpMethod>> methods() {
        return Encoded.methods();
    }

    @Test
    void allOfThemWithTheirNumbers() {
        Random random = new Random(1);
        String found = methods().stream()
                .map(type -> Encoded.method(type, random))
                .sorted((a, b) -> Integer.compare(a.id(), b.id()))
                .collect(Collectors.groupingBy(
                        method -> method.name().split("\\.")[0] + " " + (method.id() >>> 16),
                        LinkedHashMap::new,
                        Collectors.mapping(
                                method -> method.name().split("\\.")[1] + " " + (method.id() & 0xffff),
                                Collectors.joining(", "))))
                .entrySet()
                .stream()
                .map(each -> each.getKey() + ": " + each.getValue() + "\n")
                .collect(Collectors.joining());
        assertEquals(ALL, found);
    }

    /** A2.14: any arguments come back; every truncation and one byte more is an error. */
    @ParameterizedTest
    @MethodSource("methods")
    void roundTrip(Class<? extends AmqpMethod> type) {
        Random random = new Random(2);
        for (int i = 0; i < 300; i++) {
            AmqpMethod method = Encoded.method(type, random);
            Buffer bytes = Encoded.payload(method);
            assertEquals(method, AmqpMethod.read(new AmqpReader(bytes)));
            for (int end = 0; end < bytes.length() && i < 5; end++) {
                AmqpReader cut = new AmqpReader(bytes, 0, end);
                assertThrows(ProtocolException.class, () -> AmqpMethod.read(cut));
            }
            Buffer longer = bytes.copy().appendByte((byte) 0);
            assertThrows(ProtocolException.class, () -> AmqpMethod.read(new AmqpReader(longer)));
        }
    }

    static Stream<Arguments> vectors() {
        Map<String, Object> none = Map.of();
        return Stream.of(
                Arguments.of("line3", 0, new ConnectionMethod.Start(0, 9, none, Buffer.buffer(), Buffer.buffer())),
                Arguments.of("line11", 0, new ConnectionMethod.Open("/")),
                Arguments.of("line12", 0, new ConnectionMethod.OpenOk()),
                Arguments.of("line13", 0, new ConnectionMethod.Close(200, "OK", 0, 0)),
                Arguments.of("line14", 0, new ConnectionMethod.CloseOk()),
                Arguments.of("line15", 0, new ConnectionMethod.Unblocked()),
                Arguments.of("line16", 0, new ConnectionMethod.UpdateSecret(Buffer.buffer("x"), "y")),
                Arguments.of("line17", 0, new ConnectionMethod.UpdateSecretOk()),
                Arguments.of("line18", 1, new ChannelMethod.Open()),
                Arguments.of("line19", 1, new ChannelMethod.CloseOk()),
                Arguments.of(
                        "line20",
                        1,
                        new ExchangeMethod.Declare("logs", "fanout", false, true, false, false, false, none)),
                Arguments.of("line21", 1, new ExchangeMethod.UnbindOk()),
                Arguments.of("line22", 1, new QueueMethod.Declare("hello", false, true, false, false, false, none)),
                Arguments.of("line23", 1, new BasicMethod.Consume("hello", "ctag", false, true, false, false, none)),
                Arguments.of("line24", 1, new ContentMethod.Publish("", "hello", true, false)),
                Arguments.of("line27", 1, new BasicMethod.Ack(1, true)),
                Arguments.of("line28", 1, new BasicMethod.Nack(2, true, true)),
                Arguments.of("line29", 1, new ConfirmMethod.Select(false)),
                Arguments.of("line30", 1, new ConfirmMethod.SelectOk()));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void vector(String line, int channel, AmqpMethod method) {
        String hex = Vectors.hex(Vectors.read("amqp-frames.txt").get(line).bytes());
        assertEquals(hex, Vectors.hex(Encoded.frame(channel, method)));
        FrameReader frames = new FrameReader(4_096);
        frames.receive(Vectors.bytes(hex));
        assertTrue(frames.next());
        assertEquals(channel, frames.channel());
        assertEquals(method, AmqpMethod.read(new AmqpReader(frames.bytes(), frames.start(), frames.end())));
        assertFalse(frames.next());
    }

    /** Line 10: start-ok, which the client machine sends in another order of capabilities. */
    @Test
    void startOk() {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("product", LongString.of("x"));
        properties.put("capabilities", Map.of("basic.nack", true));
        AmqpMethod method = new ConnectionMethod.StartOk(
                properties, "PLAIN", SaslMechanism.plain("guest", "guest").initialResponse(), "en_US");
        Buffer bytes = Vectors.read("amqp-frames.txt").get("line10").bytes();
        assertEquals(Vectors.hex(bytes), Vectors.hex(Encoded.frame(0, method)));
        assertEquals(method, AmqpMethod.read(new AmqpReader(bytes, 7, bytes.length() - 1)));
    }

    @ParameterizedTest
    @CsvSource({
        "line7, PLAIN",
        "line9, AMQPLAIN",
    })
    void sasl(String line, String mechanism) {
        SaslMechanism sasl =
                mechanism.equals("PLAIN") ? SaslMechanism.plain("foo", "bar") : SaslMechanism.amqplain("foo", "bar");
        Buffer expected = Vectors.read("amqp-frames.txt").get(line).bytes();
        assertEquals(Vectors.hex(expected), Vectors.hex(sasl.initialResponse()));
        assertEquals(mechanism, sasl.name());
        assertThrows(ProtocolException.class, () -> sasl.respond(Buffer.buffer("more")));
        assertFalse(sasl.toString().contains("bar"));
    }

    @Test
    void external() {
        assertEquals(0, SaslMechanism.external().initialResponse().length());
    }

    @Test
    void textsHoldNoSecrets() {
        List<AmqpMethod> secrets = List.of(
                new ConnectionMethod.StartOk(Map.of(), "PLAIN", Buffer.buffer("s3cret"), "en_US"),
                new ConnectionMethod.Secure(Buffer.buffer("s3cret")),
                new ConnectionMethod.SecureOk(Buffer.buffer("s3cret")),
                new ConnectionMethod.UpdateSecret(Buffer.buffer("s3cret"), "expired"));
        secrets.forEach(method -> {
            assertFalse(method.toString().contains("s3cret"), method::toString);
            assertTrue(Credentials.in(method), method::name);
        });
        assertFalse(new AmqpClientOptions("/", SaslMechanism.plain("u", "s3cret"))
                .toString()
                .contains("s3cret"));
    }

    /** A31: nothing of it is written. */
    @Test
    void aShortStringHasAtMost255Bytes() {
        for (String text : List.of("x".repeat(256), "ж".repeat(128), "x".repeat(100_000))) {
            AmqpMethod method = new QueueMethod.Purge(text, false);
            assertThrows(IllegalArgumentException.class, () -> Encoded.payload(method));
        }
        for (String text : List.of("x".repeat(255), "ж".repeat(127), "")) {
            AmqpMethod method = new QueueMethod.Purge(text, false);
            assertEquals(method, AmqpMethod.read(new AmqpReader(Encoded.payload(method))));
        }
    }

    @Test
    void ranges() {
        assertThrows(IllegalArgumentException.class, () -> new BasicMethod.Qos(-1, 0, false));
        assertThrows(IllegalArgumentException.class, () -> new BasicMethod.Qos(0, 65_536, false));
        assertThrows(IllegalArgumentException.class, () -> new ConnectionMethod.Tune(0, 1L << 32, 0));
        assertThrows(IllegalArgumentException.class, () -> new ConnectionMethod.Close(65_536, "", 0, 0));
    }

    /** A routing key that is no UTF-8 was somebody else's choice: it is shown with replacements. */
    @Test
    void namesThatAreNoUtf8() {
        Buffer bytes = Vectors.bytes("003c0032" + "0138" + "02c328" + "00" + "01ff");
        ContentMethod.Return read = (ContentMethod.Return) AmqpMethod.read(new AmqpReader(bytes));
        assertEquals("\ufffd(", read.replyText());
        assertEquals("\ufffd", read.routingKey());
    }
}
