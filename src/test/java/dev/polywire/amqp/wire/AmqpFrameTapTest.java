package dev.polywire.amqp.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a log sees of each frame on both sides, and that it never sees credentials. */
class AmqpFrameTapTest {

    private final List<String> client = new ArrayList<>();
    private final List<String> server = new ArrayList<>();

    private static FrameTap tap(List<String> seen) {
        return (sent, name, bytes, secret) -> {
            seen.add((sent ? "> " : "< ") + name + (secret ? " SECRET" : ""));
            assertTrue(secret || !text(bytes).contains("guest"), name);
            boolean frame = !name.equals("protocol header");
            assertTrue(!frame || (bytes.getByte(bytes.length() - 1) & 0xff) == FrameReader.END, name);
        };
    }

    private static String text(Buffer bytes) {
        return new String(bytes.getBytes(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void framesAreNamed() {
        Conversation conversation = new Conversation(Conversation.options(), tap(client), tap(server)).login();
        int channel = conversation.channel();
        conversation.client.send(channel, new BasicMethod.Consume("q", "c", false, false, false, true, Map.of()));
        conversation.client.publish(
                channel, new ContentMethod.Publish("", "q", false, false), new Content(Buffer.buffer("hi")));
        conversation.server(
                channel,
                new ContentMethod.Deliver("c", 1, false, "", "q"),
                new Content(Buffer.buffer(new byte[131_065])));
        conversation.server.heartbeat();
        conversation.client.updateSecret(Buffer.buffer("guest"), "expired");
        conversation.move();
        List<String> said = List.of(
                "protocol header",
                "connection.start-ok SECRET",
                "connection.tune-ok",
                "connection.open",
                "channel.open",
                "basic.consume",
                "basic.publish",
                "content header",
                "content body",
                "connection.update-secret SECRET");
        List<String> answered = List.of(
                "connection.start",
                "connection.tune",
                "connection.open-ok",
                "channel.open-ok",
                "basic.deliver",
                "content header",
                "content body",
                "content body",
                "heartbeat");
        assertEquals(said, of(client, "> "));
        assertEquals(said, of(server, "< "));
        assertEquals(answered, of(client, "< "));
        assertEquals(answered, of(server, "> "));
    }

    @Test
    void whatCannotBeReadMayBeAPassword() {
        AmqpServerMachine machine = new AmqpServerMachine(AmqpLimits.DEFAULT, tap(server));
        machine.receive(ProtocolHeader.V0_9_1.write(), 0);
        machine.receive(
                Encoded.frame(FrameReader.METHOD, 0, Vectors.bytes("000a000b").appendString("guest")), 0);
        machine.nextEvent();
        assertThrows(ProtocolException.class, machine::nextEvent);
        assertEquals(List.of("< protocol header", "< method SECRET"), server);
    }

    private static List<String> of(List<String> seen, String direction) {
        return seen.stream()
                .filter(line -> line.startsWith(direction))
                .map(line -> line.substring(2))
                .toList();
    }
}
