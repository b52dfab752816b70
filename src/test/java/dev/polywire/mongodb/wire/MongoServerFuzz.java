package dev.polywire.mongodb.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.fuzz.FuzzTarget;
import dev.polywire.fuzz.MachineRun;
import dev.polywire.fuzz.Pieces;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.stream.Stream;

/** What a client sends: requests, or the end of the stream; the same ones wherever it is cut. Option 0: small ones only; option 1: compression is negotiated. */
public final class MongoServerFuzz implements FuzzTarget {

    private static final int SMALL_BYTES = 256;

    @Override
    public String name() {
        return "mongo-server";
    }

    @Override
    public Stream<Buffer> seeds() {
        return Stream.concat(MongoMessageFuzz.messages(), HostileReplies.rows().map(HostileReplies.Row::bytes))
                .flatMap(stream ->
                        Stream.of(Pieces.seed(0, stream), Pieces.slowSeed(1, stream), Pieces.seed(2, stream)));
    }

    @Override
    public void run(Buffer input) {
        Pieces pieces = Pieces.of(input);
        assertEquals(outcome(pieces.whole()), outcome(pieces));
    }

    private static String outcome(Pieces pieces) {
        int maxMessageBytes = pieces.option(0) ? SMALL_BYTES : MessageHeader.MAX_MESSAGE_BYTES;
        MachineRun run = new MachineRun();
        MongoServerMachine server = new MongoServerMachine(maxMessageBytes, run, MongoMessageFuzz.COMPRESSORS);
        if (pieces.option(1)) {
            server.negotiate(Compressors.names(MongoMessageFuzz.COMPRESSORS));
        }
        return run.play(server, pieces, maxMessageBytes, request -> {
            server.reply(request.header().requestId(), Documents.OK);
            return request.header().requestId() + " " + Vectors.hex(request.command());
        });
    }
}
