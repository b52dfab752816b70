package dev.polywire.amqp.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.examples.Readme;
import dev.polywire.testing.Cuts;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages: properties, bodies in frames, deliveries, gets and returns. A2.8, A2.12. */
class AmqpContentTest {

    private static final ContentMethod.Publish PUBLISH = new ContentMethod.Publish("", "hello", true, false);
    private static final ContentMethod.Deliver DELIVER = new ContentMethod.Deliver("c", 125, true, "e", "k");

    private final Conversation conversation = Conversation.open();
    private final AmqpClientMachine client = conversation.client;
    private final int channel = conversation.channel();

    private void consume() {
        client.send(channel, new BasicMethod.Consume("q", "c", false, false, false, true, Map.of()));
    }

    /** Vectors of lines 24 to 26: what we publish, byte for byte. */
    @Test
    void publish() {
        Vectors frames = Vectors.read("amqp-frames.txt");
        BasicProperties properties = BasicProperties.of(Map.of(
                Property.CONTENT_TYPE,
                "text/plain",
                Property.DELIVERY_MODE,
                2,
                Property.CORRELATION_ID,
                "abc",
                Property.TIMESTAMP,
                new Timestamp(758_678_400)));
        assertEquals(0, client.publish(channel, PUBLISH, new Content(properties, Buffer.buffer("hello world"))));
        String expected = Stream.of("line24", "line25", "line26")
                .map(line -> Vectors.hex(frames.get(line).bytes()))
                .reduce("", String::concat);
        assertEquals(expected, Vectors.hex(client.takeOutput()));
        assertEquals("[contentType, deliveryMode, correlationId, timestamp]", properties.toString());
    }

    @Test
    void theBytesOfThePage() {
        BasicProperties properties = BasicProperties.of(Map.of(Property.CONTENT_TYPE, "text/plain"));
        ContentMethod.Publish hello = new ContentMethod.Publish("", "hello", false, false);
        client.publish(channel, hello, new Content(properties, Buffer.buffer("hi")));
        String sent = Vectors.hex(client.takeOutput());
        String shown = String.join("", Readme.bytes("docs/amqp.md", "bytes: a publish"));
        assertTrue(sent.matches(shown.replace("..", ".*")), sent);
    }

    @ParameterizedTest
    @CsvSource({
        // frame-max, body, its frames
        "4096, 0, 0",
        "4096, 1, 1",
        "4096, 4088, 1",
        "4096, 4089, 2",
        "4096, 8176, 2",
        "4096, 8177, 3",
        "131072, 131064, 1",
        "131072, 131065, 2",
        "131072, 1000000, 8"
    })
    void bodiesAreCut(int frameMax, int bodyBytes, int frames) {
        Conversation tuned = new Conversation(Conversation.options())
                .tune(new ConnectionMethod.Tune(0, frameMax, 0))
                .login();
        tuned.channel();
        Buffer body = Buffer.buffer(noise(bodyBytes));
        tuned.client.publish(1, PUBLISH, new Content(body));
        Buffer sent = Buffer.buffer();
        for (Buffer next = tuned.client.takeOutput(); next != null; next = tuned.client.takeOutput()) {
            sent.appendBuffer(next);
        }
        assertEquals(0, tuned.client.outputBytes());
        FrameReader reader = new FrameReader(frameMax);
        reader.receive(sent);
        int found = 0;
        while (reader.next()) {
            found += reader.type() == FrameReader.BODY ? 1 : 0;
        }
        assertEquals(frames, found);
        tuned.server.receive(sent, 0);
        AmqpServerEvent.Method asked = (AmqpServerEvent.Method) tuned.server.nextEvent();
        assertEquals(PUBLISH, asked.method());
        assertEquals(body, asked.content().body());
    }

    @Test
    void aLargeBodyIsNotCopied() {
        Buffer body = Buffer.buffer(noise(100_000));
        client.publish(channel, PUBLISH, new Content(body));
        assertTrue(client.takeOutput().length() < 100);
        assertSame(body, client.takeOutput());
        assertEquals("ce", Vectors.hex(client.takeOutput()));
    }

    /** Properties that do not fit leave nothing behind, not even the method. */
    @Test
    void headersThatAreTooLong() {
        BasicProperties properties = BasicProperties.NONE.with(Property.HEADERS, Map.of("k", "v".repeat(131_072)));
        assertThrows(
                ProtocolException.class,
                () -> client.publish(channel, PUBLISH, new Content(properties, Buffer.buffer())));
        assertEquals(0, client.outputBytes());
        client.publish(channel, PUBLISH, new Content(Buffer.buffer("x")));
        assertEquals("1 basic.publish", conversation.move().asked());
    }

    /** Cut anywhere, and byte by byte, a delivery in one, two or many parts is the same. */
    @ParameterizedTest
    @CsvSource({"0", "1", "4088", "4089", "9000"})
    void deliver(int bodyBytes) {
        Buffer body = Buffer.buffer(noise(bodyBytes));
        Content content = new Content(BasicProperties.NONE.with(Property.TYPE, "t"), body);
        AmqpServerMachine server = new AmqpServerMachine(new AmqpLimits(4_096, 1, 100_000, 100_000), FrameTap.NONE);
        server.send(1, DELIVER, content);
        Buffer bytes = Buffer.buffer();
        for (Buffer next = server.takeOutput(); next != null; next = server.takeOutput()) {
            bytes.appendBuffer(next);
        }
        List<AmqpEvent> expected = List.of(new AmqpEvent.Delivery(1, DELIVER, content));
        consume();
        assertEquals(expected, heard(List.of(bytes)));
        assertEquals(expected, heard(Cuts.singleBytes(bytes)));
        Cuts.positions(bytes.length()).forEach(at -> assertEquals(expected, heard(Cuts.at(bytes, at)), "at " + at));
    }

    @Test
    void aBodyInOnePartSharesMemory() {
        consume();
        Buffer bytes = Buffer.buffer()
                .appendBuffer(Encoded.frame(1, DELIVER))
                .appendBuffer(Encoded.headerFrame(1, 60, 5, BasicProperties.NONE))
                .appendBuffer(Encoded.frame(FrameReader.BODY, 1, Buffer.buffer("hello")));
        AmqpEvent.Delivery delivery = (AmqpEvent.Delivery) heard(List.of(bytes)).get(0);
        bytes.setByte(bytes.length() - 2, (byte) '!');
        assertEquals("hell!", delivery.content().body().toString());
    }

    /** Messages of several channels may come in turns. */
    @Test
    void interleaved() {
        consume();
        int other = conversation.channel();
        client.send(other, new BasicMethod.Consume("q", "c", false, false, false, true, Map.of()));
        Buffer bytes = Buffer.buffer()
                .appendBuffer(Encoded.frame(1, DELIVER))
                .appendBuffer(Encoded.frame(2, DELIVER))
                .appendBuffer(Encoded.headerFrame(2, 60, 2, BasicProperties.NONE))
                .appendBuffer(Encoded.headerFrame(1, 60, 2, BasicProperties.NONE))
                .appendBuffer(Encoded.frame(FrameReader.BODY, 1, Buffer.buffer("a")))
                .appendBuffer(Encoded.frame(FrameReader.BODY, 2, Buffer.buffer("cd")))
                .appendBuffer(Encoded.frame(FrameReader.BODY, 1, Buffer.buffer("b")));
        conversation.heard.addAll(heard(List.of(bytes)));
        assertEquals("2 delivery 125 cd, 1 delivery 125 ab", conversation.heard());
    }

    @Test
    void get() {
        long request = client.send(channel, new BasicMethod.Get("q", false));
        ContentMethod.GetOk ok = new ContentMethod.GetOk(125, true, "e", "k", 10);
        Content content = new Content(Buffer.buffer("body"));
        conversation.server(channel, ok, content);
        assertEquals(List.of(new AmqpEvent.Reply(1, request, ok, content)), conversation.heard);
    }

    @Test
    void returned() {
        ContentMethod.Return method = new ContentMethod.Return(312, "NO_ROUTE", "", "nobody");
        conversation.server(channel, method, new Content(Buffer.buffer("x")));
        assertEquals(List.of(new AmqpEvent.Returned(1, method, new Content(Buffer.buffer("x")))), conversation.heard);
    }

    /** A message that begins and whose channel closes is forgotten. */
    @Test
    void closedInside() {
        consume();
        conversation.server.raw(Encoded.frame(1, DELIVER));
        conversation.server.raw(Encoded.headerFrame(1, 60, 5, BasicProperties.NONE));
        conversation.server.raw(Encoded.frame(FrameReader.BODY, 1, Buffer.buffer("he")));
        conversation.server(1, new ChannelMethod.Close(320, "", 0, 0));
        assertEquals("1 closed 320", conversation.heard());
        assertEquals(1, conversation.channel());
        consume();
        conversation.server(1, DELIVER, new Content(Buffer.buffer("new")));
        assertEquals("1 delivery 125 new", conversation.heard());
    }

    /** All channels together have one budget for what is unfinished. */
    @Test
    void unfinishedMessagesAreBounded() {
        Conversation tight = new Conversation(Conversation.options(
                        new AmqpLimits(131_072, 100, 10_000, 15_000), 0, SaslMechanism.plain("a", "b")))
                .login();
        for (int i = 1; i <= 2; i++) {
            tight.channel();
            tight.client.send(i, new BasicMethod.Consume("q", "c", false, false, false, true, Map.of()));
            tight.server.raw(Encoded.frame(i, DELIVER));
            tight.server.raw(Encoded.headerFrame(i, 60, 10_000, BasicProperties.NONE));
            tight.server.raw(Encoded.frame(FrameReader.BODY, i, Buffer.buffer(new byte[7_500])));
            tight.move();
        }
        tight.server.raw(Encoded.frame(FrameReader.BODY, 1, Buffer.buffer(new byte[1])));
        ProtocolException limit = assertThrows(ProtocolException.class, tight::move);
        assertEquals(ProtocolException.Kind.LIMIT, limit.kind());
    }

    static Stream<Arguments> flags() {
        return Stream.of(
                Arguments.of("0000", true),
                Arguments.of("00010000", true),
                Arguments.of("0001000100010000", true),
                Arguments.of("80010000" + "0161", true),
                Arguments.of("0001", false),
                Arguments.of("0001" + "8000" + "0161", false),
                Arguments.of("0002", false),
                Arguments.of("8000", false),
                Arguments.of("0000" + "00", false));
    }

    /** A1.3, A24: words of flags that follow have nothing to say. */
    @ParameterizedTest
    @MethodSource("flags")
    void propertyFlags(String hex, boolean good) {
        AmqpReader in = new AmqpReader(Vectors.bytes("003c0000" + "0000000000000000" + hex));
        if (good) {
            assertEquals(0, ContentHeader.read(in).bodySize());
        } else {
            assertThrows(ProtocolException.class, () -> ContentHeader.read(in));
        }
    }

    @Test
    void anyPropertiesComeBack() {
        Random random = new Random(5);
        for (int i = 0; i < 5_000; i++) {
            BasicProperties properties = BasicProperties.NONE;
            for (Property each : Property.values()) {
                if (random.nextBoolean()) {
                    properties = properties.with(each, value(each, random));
                }
            }
            Buffer bytes = Encoded.written(properties::write);
            assertEquals(properties, BasicProperties.read(new AmqpReader(bytes)));
        }
        assertThrows(IllegalArgumentException.class, () -> BasicProperties.NONE.with(Property.PRIORITY, 256));
        assertThrows(IllegalArgumentException.class, () -> BasicProperties.NONE.with(Property.TYPE, 1));
    }

    private static Object value(Property property, Random random) {
        if (property.valueType() == String.class) {
            return Encoded.text(random, 50);
        } else if (property.valueType() == Integer.class) {
            return random.nextInt(256);
        }
        return property == Property.HEADERS ? Encoded.table(random, 2) : new Timestamp(random.nextLong());
    }

    private List<AmqpEvent> heard(List<Buffer> pieces) {
        List<AmqpEvent> heard = new ArrayList<>();
        for (Buffer piece : pieces) {
            client.receive(piece, 0);
            for (AmqpEvent event = client.nextEvent(); event != null; event = client.nextEvent()) {
                heard.add(event);
            }
        }
        return heard;
    }

    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
