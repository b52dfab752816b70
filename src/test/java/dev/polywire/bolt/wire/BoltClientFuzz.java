package dev.polywire.bolt.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.fuzz.Complaint;
import dev.polywire.fuzz.FuzzTarget;
import dev.polywire.fuzz.Pieces;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a server sends: chunks of messages, to a client that waits for rows. Answers and rows that can be read, or the end; the
 * same ones wherever it is cut. Option 0: the client waits for the handshake instead; the others choose a version.
 */
public final class BoltClientFuzz implements FuzzTarget {

    @Override
    public String name() {
        return "bolt-client";
    }

    /** Of both sides, in chunks. */
    static Stream<Buffer> messages() {
        return Stream.of("bolt-messages.txt", "bolt-chunking.txt", "bolt1-seed-tests.txt")
                .flatMap(file -> Vectors.read(file).all().stream())
                .map(Vectors.Vector::bytes);
    }

    static BoltVersion version(Pieces pieces) {
        return BoltVersion.ALL.get((pieces.options() >> 2) * 2 % BoltVersion.ALL.size());
    }

    @Override
    public Stream<Buffer> seeds() {
        Stream<Buffer> handshakes =
                Vectors.read("bolt-handshake.txt").all().stream().map(Vectors.Vector::bytes);
        return Stream.concat(
                Stream.concat(messages(), HostileBolt.toClient().map(HostileBolt.Row::bytes))
                        .flatMap(stream -> Stream.of(Pieces.seed(16, stream), Pieces.slowSeed(0, stream))),
                handshakes.map(stream -> Pieces.slowSeed(1, stream)));
    }

    @Override
    public void run(Buffer input) {
        Pieces pieces = Pieces.of(input);
        assertEquals(outcome(pieces.whole()), outcome(pieces));
    }

    private static String outcome(Pieces pieces) {
        BoltClientMachine client;
        if (pieces.option(0)) {
            client = new BoltClientMachine(new BoltClientOptions("test", AuthToken.none()), FrameTap.NONE);
            client.start(0);
        } else {
            client = Conversation.ready(version(pieces)).client;
            client.send(new BoltRequest.Run("x", Map.of(), TransactionOptions.DEFAULT), 0);
            client.send(BoltRequest.Pull.ALL, 0);
        }
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
            outcome.append(violation.kind());
        }
        assertEquals(BoltState.DEFUNCT, client.state());
        return outcome.toString();
    }

    private static void events(BoltClientMachine client, StringBuilder outcome) {
        for (BoltEvent event = client.nextEvent(); event != null; event = client.nextEvent()) {
            outcome.append(event.getClass().getSimpleName()).append(' ');
            if (event instanceof BoltEvent.Record row) {
                assertEquals(row.record().size(), row.record().values().size());
            }
        }
    }
}
