package dev.polywire.amqp.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.polywire.fuzz.FuzzTarget;
import dev.polywire.fuzz.MachineRun;
import dev.polywire.fuzz.Pieces;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.stream.Stream;

/** What a client sends to a scripted broker. Option 0: the protocol header is part of the stream. */
public final class AmqpServerFuzz implements FuzzTarget {

    private static final AmqpLimits LIMITS = new AmqpLimits(4_096, 1, 10_000, 20_000);

    @Override
    public String name() {
        return "amqp-server";
    }

    @Override
    public Stream<Buffer> seeds() {
        Buffer publish = Encoded.frame(1, new ContentMethod.Publish("e", "k", true, false))
                .appendBuffer(HostileAmqp.header(5))
                .appendBuffer(Encoded.frame(FrameReader.BODY, 1, Buffer.buffer("hello")));
        Stream<Buffer> headers =
                Vectors.read("amqp-protocol-header.txt").all().stream().map(Vectors.Vector::bytes);
        return Stream.of(
                        AmqpClientFuzz.frames().map(stream -> Pieces.seed(0, stream)),
                        headers.map(stream -> Pieces.slowSeed(1, stream)),
                        Stream.of(Pieces.seed(0, publish), Pieces.slowSeed(0, publish)))
                .flatMap(each -> each);
    }

    @Override
    public void run(Buffer input) {
        Pieces pieces = Pieces.of(input);
        assertEquals(outcome(pieces.whole()), outcome(pieces));
    }

    private static String outcome(Pieces pieces) {
        MachineRun run = new MachineRun();
        AmqpServerMachine server = new AmqpServerMachine(LIMITS, run);
        if (!pieces.option(0)) {
            Pieces header = new Pieces(0, List.of(ProtocolHeader.V0_9_1.write()));
            run.feed(server, header, ProtocolHeader.BYTES + 1, event -> "header");
        }
        return run.play(server, pieces, LIMITS.maxFrameBytes(), AmqpServerFuzz::read);
    }

    private static Object read(AmqpServerEvent event) {
        if (event instanceof AmqpServerEvent.Method asked) {
            assertNotNull(asked.method().name());
            return asked.channel()
                    + asked.method().name()
                    + (asked.content() == null
                            ? ""
                            : Vectors.hex(asked.content().body()));
        }
        return event.getClass().getSimpleName();
    }
}
