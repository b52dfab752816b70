package dev.polywire.mongodb.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.fuzz.FuzzTarget;
import dev.polywire.fuzz.MachineRun;
import dev.polywire.fuzz.Pieces;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a server sends: replies, or the end of the stream; the same ones wherever it is cut. Option 0: small messages only;
 * option 1: the hello is part of the stream; option 2: compression is negotiated; option 3: with a login by SCRAM-SHA-256;
 * option 4: by SCRAM-SHA-1. Nobody but who knows the password gets a client ready that logs in.
 */
public final class MongoClientFuzz implements FuzzTarget {

    private static final int SMALL_BYTES = 1_024;
    /** What the server proves itself with in the login that the client begins. */
    private static final Map<ScramHash, String> SIGNATURES = Stream.of(ScramHash.values())
            .collect(Collectors.toMap(hash -> hash, hash -> new RecordedLogin(hash, true).signature()));

    @Override
    public String name() {
        return "mongo-client";
    }

    @Override
    public Stream<Buffer> seeds() {
        Buffer hello = Documents.reply(Documents.HELLO);
        return Stream.concat(
                Stream.concat(
                        logins(),
                        Stream.concat(HostileReplies.rows().map(HostileReplies.Row::bytes), MongoMessageFuzz.messages())
                                .flatMap(stream -> Stream.of(
                                        Pieces.seed(0, stream), Pieces.slowSeed(1, stream), Pieces.seed(4, stream)))),
                Stream.of(
                        Pieces.seed(2, hello),
                        Pieces.slowSeed(3, hello.copy().appendBuffer(Documents.reply(Documents.OK))),
                        Pieces.seed(2, Documents.reply(Documents.bson("{ok: 0.0, errmsg: 'no', code: 18}")))));
    }

    /** Whole, and from the hello's answer on. */
    private static Stream<Buffer> logins() {
        return Stream.of(ScramHash.values())
                .flatMap(hash -> Stream.of(true, false).flatMap(old -> {
                    RecordedLogin login = new RecordedLogin(hash, old);
                    int option = hash == ScramHash.SHA_256 ? 8 : 16;
                    Buffer rest = Buffer.buffer();
                    login.messages().stream().skip(1).forEach(rest::appendBuffer);
                    return Stream.of(
                            Pieces.seed(option + 2, login.stream()),
                            Pieces.slowSeed(option + 2, login.stream()),
                            Pieces.seed(option, rest));
                }));
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
        if (compressed) {
            options = options.withCompressors(MongoMessageFuzz.COMPRESSORS);
        }
        ScramHash hash = pieces.option(3) ? ScramHash.SHA_256 : pieces.option(4) ? ScramHash.SHA_1 : null;
        MongoClientMachine client =
                new MongoClientMachine(hash == null ? options : RecordedLogin.options(options, hash), run);
        client.start(0);
        if (!pieces.option(1)) {
            Buffer answer = compressed ? Documents.HELLO_COMPRESSED : Documents.HELLO;
            Pieces hello = new Pieces(0, List.of(Documents.reply(answer)));
            run.feed(client, hello, maxMessageBytes, event -> read(run, client, event));
        }
        String outcome = run.play(client, pieces, maxMessageBytes, event -> read(run, client, event));
        if (hash != null && outcome.contains("Ready")) {
            assertTrue(has(pieces, SIGNATURES.get(hash)), "ready without the server's proof");
        }
        return outcome;
    }

    private static boolean has(Pieces pieces, String text) {
        return pieces.whole().all().get(0).toString("ISO-8859-1").contains(text);
    }

    private static Object read(MachineRun run, MongoClientMachine client, MongoEvent event) {
        if (event instanceof MongoEvent.DeriveKeys derive) {
            ScramKeys keys = RecordedLogin.keys(derive);
            MongoEvent next = keys == null ? null : client.computed(keys);
            return "DeriveKeys" + (next == null ? "" : " " + next.getClass().getSimpleName());
        }
        if (event instanceof MongoEvent.LoginRefused) {
            run.over();
        }
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
