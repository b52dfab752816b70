package dev.polywire.mongodb.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.fuzz.FuzzTarget;
import dev.polywire.fuzz.MachineRun;
import dev.polywire.fuzz.Pieces;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a server sends: replies, or the end of the stream; the same ones wherever it is cut. Option 0: small messages only;
 * option 1: the hello is part of the stream; option 2: compression is negotiated.
 */
public final class MongoClientFuzz implements FuzzTarget {

    private static final int SMALL_BYTES = 1_024;

    @Override
    public String name() {
        return "mongo-client";
    }

    @Override
    public Stream<Buffer> seeds() {
        Buffer hello = Documents.reply(Documents.HELLO);
        return Stream.concat(
                Stream.concat(HostileReplies.rows().map(HostileReplies.Row::bytes), MongoMessageFuzz.messages())
                        .flatMap(stream ->
                                Stream.of(Pieces.seed(0, stream), Pieces.slowSeed(1, stream), Pieces.seed(4, stream))),
                Stream.of(
                        Pieces.seed(2, hello),
                        Pieces.slowSeed(3, hello.copy().appendBuffer(Documents.reply(Documents.OK))),
                        Pieces.seed(2, Documents.reply(Documents.bson("{ok: 0.0, errmsg: 'no', code: 18}")))));
    }

    @Override
    public void run(Buffer input) {
        Pieces pieces = Pieces.of(input);
        assertEquals(outcome(pieces.whole()), outcome(pieces));
    }

    private static String outcome(Pieces pieces) {
        int maxMessageBytes = pieces.option(0) ? SMALL_BYTES : MessageHeader.MAX_MESSAGE_BYTES;
        MachineRun run = new MachineRun();
        MongoClientOptions options = new MongoClientOptions(maxMessageBytes, Conversation.CLIENT, 1, 10_000);
        boolean compressed = pieces.option(2);
        MongoClientMachine client = new MongoClientMachine(
                compressed ? options.withCompressors(MongoMessageFuzz.COMPRESSORS) : options, run);
        client.start(0);
        if (!pieces.option(1)) {
            Buffer answer = compressed ? Documents.HELLO_COMPRESSED : Documents.HELLO;
            Pieces hello = new Pieces(0, List.of(Documents.reply(answer)));
            run.feed(client, hello, maxMessageBytes, event -> read(run, event));
        }
        return run.play(client, pieces, maxMessageBytes, event -> read(run, event));
    }

    private static Object read(MachineRun run, MongoEvent event) {
        if (event instanceof MongoEvent.HandshakeRefused) {
            run.over();
        }
        if (event instanceof MongoEvent.Reply reply) {
            return reply.responseTo() + " "
                    + Vectors.hex(reply.message().write(1, reply.responseTo(), Integer.MAX_VALUE));
        }
        return event.getClass().getSimpleName();
    }
}
