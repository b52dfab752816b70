package dev.polywire.bolt.wire;

import static dev.polywire.bolt.wire.BoltConversationTest.run;
import static dev.polywire.bolt.wire.Packed.map;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Bytes nobody thought of: an event or a ProtocolException, and a row that was given out can be read. */
class BoltRandomBytesTest {

    private static final int INPUTS = 50_000;

    private final List<Buffer> messages =
            seeds("bolt-messages.txt", "bolt1-readme-transcript.txt", "bolt-chunking.txt");
    private final List<Buffer> handshakes = seeds("bolt-handshake.txt");
    private final List<Buffer> values = seeds("bolt-structures.txt", "packstream.txt");

    private static List<Buffer> seeds(String... files) {
        return Stream.of(files)
                .flatMap(file -> Vectors.read(file).all().stream())
                .map(Vectors.Vector::bytes)
                .toList();
    }

    @Test
    void values() {
        Random random = new Random(1);
        int read = 0;
        for (int i = 0; i < INPUTS; i++) {
            Buffer input = mutated(random, values);
            try {
                Packed.reader(input, BoltVersion.V6_1).skip();
            } catch (ProtocolException bad) {
                continue;
            }
            // What passes can be read, written, and read again.
            Object value = assertDoesNotThrow(
                    () -> Packed.reader(input, BoltVersion.V6_1).value(), () -> Vectors.hex(input));
            if (String.valueOf(value).contains("Legacy")) {
                // Has a form of its own, which newer versions do not write.
                continue;
            }
            Buffer written = Packed.write(value, BoltVersion.V6_1);
            assertEquals(String.valueOf(value), String.valueOf(Packed.read(written, BoltVersion.V6_1)));
            read++;
        }
        assertTrue(read > INPUTS / 100, "the inputs reach what they test: " + read);
    }

    @Test
    void clientMachine() {
        Random random = new Random(2);
        int events = 0;
        for (int i = 0; i < INPUTS / 5; i++) {
            Conversation conversation = i % 4 == 0 ? greeted() : Conversation.ready(BoltVersion.ALL.get(i % 18));
            BoltClientMachine client = conversation.client;
            try {
                if (i % 4 != 0) {
                    client.send(run("x"), 0);
                    client.send(BoltRequest.Pull.ALL, 0);
                }
                for (Buffer piece : pieces(random, i % 4 == 0 ? handshakes : messages)) {
                    client.receive(piece, 0);
                    for (BoltEvent event : BoltClientMachineTest.events(client)) {
                        events++;
                        if (event instanceof BoltEvent.Record row) {
                            assertEquals(
                                    row.record().size(), row.record().values().size());
                        }
                    }
                }
                client.peerClosed(0);
                client.nextEvent();
            } catch (ProtocolException violation) {
                assertNotNull(violation.getMessage());
            }
            assertEquals(BoltState.DEFUNCT, client.state());
        }
        assertTrue(events > INPUTS / 500, "the inputs reach what they test: " + events);
    }

    @Test
    void serverMachine() {
        Random random = new Random(3);
        int events = 0;
        for (int i = 0; i < INPUTS / 5; i++) {
            boolean fresh = i % 8 == 0;
            BoltServerMachine server = fresh
                    ? new BoltServerMachine(Conversation.serverOptions(), FrameTap.NONE)
                    : Conversation.ready(BoltVersion.ALL.get(i % 18)).server;
            if (fresh) {
                server.start(0);
            }
            try {
                for (Buffer piece : pieces(random, fresh ? handshakes : messages)) {
                    server.receive(piece, 0);
                    for (BoltServerEvent event = server.nextEvent(); event != null; event = server.nextEvent()) {
                        events++;
                        if (event instanceof BoltServerEvent.Request request && random.nextInt(4) > 0) {
                            server.success(request.number(), map());
                        }
                    }
                }
            } catch (ProtocolException violation) {
                assertEquals(BoltState.DEFUNCT, server.state());
            }
        }
        assertTrue(events > INPUTS / 500, "the inputs reach what they test: " + events);
    }

    /** A client that waits for the server's answer to its offer. */
    private static Conversation greeted() {
        Conversation conversation = new Conversation(
                new BoltClientOptions("test", AuthToken.none()),
                Conversation.serverOptions(),
                FrameTap.NONE,
                FrameTap.NONE);
        conversation.client.start(0);
        return conversation;
    }

    /** One or two messages, cut somewhere. */
    private static List<Buffer> pieces(Random random, List<Buffer> seeds) {
        Buffer all = mutated(random, seeds);
        if (random.nextBoolean()) {
            all.appendBuffer(mutated(random, seeds));
        }
        int cut = random.nextInt(all.length() + 1);
        return List.of(all.getBuffer(0, cut), all.getBuffer(cut, all.length()));
    }

    /** A few bytes changed, perhaps the end taken off; or nothing but noise. */
    private static Buffer mutated(Random random, List<Buffer> seeds) {
        if (random.nextInt(10) == 0) {
            byte[] noise = new byte[1 + random.nextInt(200)];
            random.nextBytes(noise);
            return Buffer.buffer(noise);
        }
        Buffer bytes = seeds.get(random.nextInt(seeds.size())).copy();
        for (int changes = random.nextInt(4); changes > 0; changes--) {
            int at = random.nextInt(bytes.length());
            int value = random.nextBoolean() ? random.nextInt(256) : bytes.getByte(at) + random.nextInt(-2, 3);
            bytes.setByte(at, (byte) value);
        }
        return random.nextInt(8) == 0 ? bytes.getBuffer(0, 1 + random.nextInt(bytes.length())) : bytes;
    }
}
