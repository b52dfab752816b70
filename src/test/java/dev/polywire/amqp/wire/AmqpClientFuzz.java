package dev.polywire.amqp.wire;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.amqp.wire.HostileAmqp.When;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.fuzz.Complaint;
import dev.polywire.fuzz.FuzzTarget;
import dev.polywire.fuzz.Pieces;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.Random;
import java.util.stream.Stream;

/**
 * What a broker sends: frames, to a client that logs in or consumes. Events or the end, the same ones wherever it is cut, and
 * nothing behind the end. The options choose when: greeted, authenticating, consuming.
 */
public final class AmqpClientFuzz implements FuzzTarget {

    private static final int LONGEST_SEED_BYTES = 4_000;

    @Override
    public String name() {
        return "amqp-client";
    }

    /** Frames of both sides, right and wrong ones. */
    static Stream<Buffer> frames() {
        Random random = new Random(11);
        Buffer message = Encoded.frame(1, new ContentMethod.Deliver("ct", 1, false, "e", "k"))
                .appendBuffer(HostileAmqp.header(5))
                .appendBuffer(Encoded.frame(FrameReader.BODY, 1, Buffer.buffer("he")))
                .appendBuffer(Encoded.frame(FrameReader.BODY, 1, Buffer.buffer("llo")));
        return Stream.of(
                        Vectors.read("amqp-frames.txt").all().stream().map(Vectors.Vector::bytes),
                        Encoded.methods().stream().map(type -> Encoded.frame(1, Encoded.method(type, random))),
                        Stream.of(message))
                .flatMap(each -> each);
    }

    @Override
    public Stream<Buffer> seeds() {
        Stream<Buffer> hostile = HostileAmqp.rows()
                .filter(row -> row.bytes().length() < LONGEST_SEED_BYTES)
                .map(row -> Pieces.seed(row.when().ordinal(), row.bytes()));
        return Stream.concat(
                hostile,
                frames().flatMap(stream -> Stream.of(
                        Pieces.seed(When.CONSUMING.ordinal(), stream),
                        Pieces.slowSeed(When.AUTHENTICATING.ordinal(), stream))));
    }

    @Override
    public void run(Buffer input) {
        Pieces pieces = Pieces.of(input);
        String whole = outcome(pieces.whole());
        String cut = outcome(pieces);
        assertTrue(whole.equals(cut), () -> whole + " at once, " + cut + " in pieces");
    }

    private static String outcome(Pieces pieces) {
        AmqpClientMachine client = AmqpHostileTest.in(When.values()[pieces.options() % When.values().length]);
        StringBuilder outcome = new StringBuilder();
        try {
            for (Buffer piece : pieces.all()) {
                client.receive(piece, 0);
                events(client, outcome);
            }
            client.peerClosed(0);
            events(client, outcome);
        } catch (ProtocolException violation) {
            Complaint.require(violation, ProtocolException.Kind.values());
            assertNull(client.nextEvent(), "an event behind the end");
            outcome.append(violation.getMessage());
        }
        assertTrue(client.state().isFinal());
        return outcome.toString();
    }

    private static void events(AmqpClientMachine client, StringBuilder outcome) {
        for (AmqpEvent event = client.nextEvent(); event != null; event = client.nextEvent()) {
            assertNotNull(event.toString());
            outcome.append(event.getClass().getSimpleName()).append(' ');
            if (event instanceof AmqpEvent.Delivery delivery) {
                outcome.append(Vectors.hex(delivery.content().body())).append(' ');
            }
        }
    }
}
