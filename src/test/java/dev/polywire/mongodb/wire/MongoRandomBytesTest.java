package dev.polywire.mongodb.wire;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
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

/** Bytes nobody thought of: an event or a ProtocolException, and what passes the check can be read by org.bson. */
class MongoRandomBytesTest {

    private static final int INPUTS = 100_000;

    private final List<Buffer> seeds = Stream.of("mongo-op-msg.txt", "mongo-legacy-ops.txt", "mongo-op-compressed.txt")
            .flatMap(file -> Vectors.read(file).all().stream())
            .map(Vectors.Vector::bytes)
            .toList();

    @Test
    void clientMachine() {
        Random random = new Random(20_130_001);
        int replies = 0;
        for (int i = 0; i < INPUTS; i++) {
            Buffer input = input(random);
            Conversation conversation = i % 4 == 0 ? waitingForHello() : Conversation.ready();
            int cut = random.nextInt(input.length() + 1);
            try {
                List<MongoEvent> events = conversation.events(input.getBuffer(0, cut));
                replies += events.size()
                        + conversation
                                .events(input.getBuffer(cut, input.length()))
                                .size();
            } catch (ProtocolException violation) {
                assertNotNull(violation.getMessage());
                assertTrue(conversation.client.state().isFinal());
            }
        }
        assertTrue(replies > INPUTS / 100, "the inputs reach what they test: " + replies);
    }

    @Test
    void serverMachine() {
        Random random = new Random(20_130_002);
        int requests = 0;
        for (int i = 0; i < INPUTS; i++) {
            MongoServerMachine server = new MongoServerMachine(100_000, FrameTap.NONE);
            server.receive(input(random), 0);
            try {
                while (server.nextEvent() != null) {
                    requests++;
                }
            } catch (ProtocolException violation) {
                assertNotNull(violation.getMessage());
            }
        }
        assertTrue(requests > INPUTS / 100, "the inputs reach what they test: " + requests);
    }

    @Test
    void whatPassesCanBeRead() {
        Random random = new Random(20_130_003);
        Buffer rich = Documents.bson(RICH);
        int passed = 0;
        for (int i = 0; i < INPUTS; i++) {
            Buffer document = mutated(random, rich);
            document.setIntLE(0, document.length());
            try {
                BsonBounds.check(document);
            } catch (ProtocolException bad) {
                continue;
            }
            passed++;
            assertDoesNotThrow(() -> Documents.parsed(document), () -> Vectors.hex(document));
        }
        assertTrue(passed > INPUTS / 100, "the inputs reach what they test: " + passed);
    }

    private static final String RICH =
            "{d: 1.5, s: 'text', o: {a: [1, {b: null}]}, b: {$binary: {base64: '//8=', subType:"
                    + " '02'}}, i: {$oid: '0102030405060708090a0b0c'}, t: true, r: /a/i, c: {$code: 'x', $scope: {y: 1}}, l:"
                    + " {$numberLong: '5'}, m: {$numberDecimal: '1.5'}, p: {$dbPointer: {'$ref': 'r', '$id': {'$oid':"
                    + " '0102030405060708090a0b0c'}}}, z: {$timestamp: {t: 1, i: 2}}}";

    private static Conversation waitingForHello() {
        Conversation conversation = new Conversation();
        conversation.client.start(0);
        return conversation;
    }

    private Buffer input(Random random) {
        if (random.nextInt(10) == 0) {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            return Buffer.buffer(noise);
        }
        return mutated(random, seeds.get(random.nextInt(seeds.size())));
    }

    /** A few bytes changed, perhaps a piece taken out or doubled; the length of the message made right in half of them. */
    private static Buffer mutated(Random random, Buffer seed) {
        Buffer bytes = seed.copy();
        for (int changes = random.nextInt(4); changes > 0; changes--) {
            int at = random.nextInt(bytes.length());
            int value = random.nextBoolean() ? random.nextInt(256) : bytes.getByte(at) + random.nextInt(-2, 3);
            bytes.setByte(at, (byte) value);
        }
        if (random.nextInt(4) == 0) {
            int from = random.nextInt(bytes.length());
            int to = random.nextInt(from, bytes.length() + 1);
            Buffer other = bytes.getBuffer(0, from);
            bytes = (random.nextBoolean() ? other.appendBuffer(bytes.getBuffer(from, to)) : other)
                    .appendBuffer(
                            random.nextBoolean()
                                    ? bytes.getBuffer(from, bytes.length())
                                    : bytes.getBuffer(to, bytes.length()));
        }
        if (bytes.length() >= 4 && random.nextBoolean()) {
            bytes.setIntLE(0, bytes.length());
        }
        return bytes.length() < 4 ? Buffer.buffer(new byte[5]) : bytes;
    }
}
