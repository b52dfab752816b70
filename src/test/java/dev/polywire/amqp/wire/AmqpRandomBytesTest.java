package dev.polywire.amqp.wire;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.amqp.wire.HostileAmqp.When;
import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bytes nobody thought of: an event or a ProtocolException, and nothing else. */
class AmqpRandomBytesTest {

    private static final int INPUTS = 30_000;

    private final List<Buffer> frames = seeds();

    private static List<Buffer> seeds() {
        List<Buffer> seeds = new ArrayList<>();
        Vectors.read("amqp-frames.txt").all().forEach(each -> seeds.add(each.bytes()));
        HostileAmqp.rows()
                .map(HostileAmqp.Row::bytes)
                .filter(bytes -> bytes.length() < 2_000)
                .forEach(seeds::add);
        Random random = new Random(8);
        Encoded.methods().forEach(type -> seeds.add(Encoded.frame(1, Encoded.method(type, random))));
        seeds.add(Encoded.frame(1, new ContentMethod.Deliver("ct", 1, false, "e", "k"))
                .appendBuffer(HostileAmqp.header(5))
                .appendBuffer(Encoded.frame(FrameReader.BODY, 1, Buffer.buffer("hello"))));
        for (String text : List.of("", "a", "of two frames ".repeat(10))) {
            Buffer body = Buffer.buffer(text);
            int half = body.length() / 2;
            seeds.add(Encoded.frame(1, new ContentMethod.Deliver("ct", 2, true, "", "k"))
                    .appendBuffer(HostileAmqp.header(body.length()))
                    .appendBuffer(Encoded.frame(FrameReader.BODY, 1, body.getBuffer(0, half)))
                    .appendBuffer(Encoded.frame(FrameReader.BODY, 1, body.getBuffer(half, body.length()))));
        }
        return seeds;
    }

    @Test
    void client() {
        Random random = new Random(9);
        int events = 0;
        for (int i = 0; i < INPUTS; i++) {
            AmqpClientMachine client = AmqpHostileTest.in(When.values()[i % 3]);
            try {
                for (Buffer piece : pieces(random)) {
                    client.receive(piece, 0);
                    for (AmqpEvent event = client.nextEvent(); event != null; event = client.nextEvent()) {
                        assertNotNull(event.toString());
                        events++;
                    }
                }
                client.peerClosed(0);
                client.nextEvent();
            } catch (ProtocolException violation) {
                assertNotNull(violation.getMessage());
            }
            assertTrue(client.state().isFinal());
        }
        assertTrue(events > INPUTS / 100, "the inputs reach what they test: " + events);
    }

    @Test
    void server() {
        Random random = new Random(10);
        int events = 0;
        for (int i = 0; i < INPUTS; i++) {
            AmqpServerMachine server = new AmqpServerMachine(new AmqpLimits(4_096, 1, 10_000, 10_000), FrameTap.NONE);
            server.receive(ProtocolHeader.V0_9_1.write(), 0);
            try {
                for (Buffer piece : pieces(random)) {
                    server.receive(piece, 0);
                    while (server.nextEvent() != null) {
                        events++;
                    }
                }
            } catch (ProtocolException violation) {
                assertNotNull(violation.getMessage());
            }
        }
        assertTrue(events > INPUTS, "the inputs reach what they test: " + events);
    }

    /** One or two frames, cut somewhere. */
    private List<Buffer> pieces(Random random) {
        Buffer all = mutated(random);
        if (random.nextBoolean()) {
            all.appendBuffer(mutated(random));
        }
        int cut = random.nextInt(all.length() + 1);
        return List.of(all.getBuffer(0, cut), all.getBuffer(cut, all.length()));
    }

    /** A few bytes changed, perhaps the end taken off; or nothing but noise. */
    private Buffer mutated(Random random) {
        if (random.nextInt(10) == 0) {
            byte[] noise = new byte[1 + random.nextInt(200)];
            random.nextBytes(noise);
            return Buffer.buffer(noise);
        }
        Buffer bytes = frames.get(random.nextInt(frames.size())).copy();
        for (int changes = random.nextInt(4); changes > 0; changes--) {
            int at = random.nextInt(bytes.length());
            int value = random.nextBoolean() ? random.nextInt(256) : bytes.getByte(at) + random.nextInt(-2, 3);
            bytes.setByte(at, (byte) value);
        }
        return random.nextInt(8) == 0 ? bytes.getBuffer(0, 1 + random.nextInt(bytes.length())) : bytes;
    }
}
