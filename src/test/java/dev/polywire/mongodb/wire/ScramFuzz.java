package dev.polywire.mongodb.wire;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.core.wire.ProtocolException.Kind;
import dev.polywire.fuzz.Complaint;
import dev.polywire.fuzz.FuzzTarget;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** SCRAM's payloads, read by each side at each step: accepted, or DECODE. Nobody but who knows the password is let in. */
public final class ScramFuzz implements FuzzTarget {

    private static final String NONCE = "rOprNGfwEbeRWgbNEkqO";
    private static final MongoCredential USER = new MongoCredential("user", "pencil", "admin");
    private static final ScramUser STORED = ScramUser.of(ScramHash.SHA_1, USER, new byte[16], 1);
    private static final ScramKeys KEYS = ScramKeys.of(ScramHash.SHA_256, new byte[32]);

    @Override
    public String name() {
        return "scram";
    }

    @Override
    public Stream<Buffer> seeds() {
        Vectors vectors = Vectors.read("mongo-scram.txt");
        return Stream.of("sha256_s1", "sha256_c2", "sha256_s2", "sha1_c1", "low_iter", "bad_nonce", "name_esc")
                .map(id -> vectors.get(id).bytes());
    }

    @Override
    public void run(Buffer input) {
        ScramClient client = new ScramClient(ScramHash.SHA_256, USER, NONCE);
        read(input, payload -> {
            if (client.answered(payload) instanceof SaslExchange.NeedKeys) {
                client.computed(KEYS);
                read(input, signed -> assertFalse(client.answered(signed) instanceof SaslExchange.Verified));
            }
        });
        ScramServer server = new ScramServer(user -> STORED, "y");
        read(input, server::first);
        ScramServer begun = new ScramServer(user -> STORED, "y");
        begun.first(Buffer.buffer("n,,n=user,r=" + NONCE));
        read(input, payload -> {
            throw new AssertionError("let in: " + begun.last(payload));
        });
    }

    private static void read(Buffer input, Consumer<Buffer> reading) {
        try {
            reading.accept(input);
        } catch (ProtocolException bad) {
            Complaint.require(bad, Kind.DECODE);
        }
    }
}
