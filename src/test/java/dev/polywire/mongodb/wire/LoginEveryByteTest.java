package dev.polywire.mongodb.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.Cuts;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A server that says a login to any byte, and then nothing more, nothing but garbage, or its end: the client is not ready, has
 * sent nothing but the login, and does not wait for ever.
 */
class LoginEveryByteTest {

    private final List<String> sent = new ArrayList<>();
    private final FrameTap tap = (ours, name, bytes, secret) -> {
        assertTrue(secret, name);
        if (ours) {
            sent.add(name);
        }
    };

    static Stream<RecordedLogin> logins() {
        return RecordedLogin.all();
    }

    /** Each place that a login may end at: behind its first bytes, down to none. */
    private static IntStream places(RecordedLogin login) {
        return IntStream.range(0, login.stream().length());
    }

    private MongoClientMachine fed(RecordedLogin login, int bytes) {
        MongoClientMachine client = login.client(tap);
        RecordedLogin.feed(client, login.stream().getBuffer(0, bytes));
        assertUnknown(client);
        return client;
    }

    private void assertUnknown(MongoClientMachine client) {
        assertFalse(client.state() == MongoState.READY, "ready");
        assertThrows(IllegalStateException.class, () -> client.send(Documents.bson("{ping: 1}"), List.of()));
        assertTrue(
                sent.stream()
                        .allMatch(name -> name.equals("OP_MSG isMaster")
                                || name.equals("OP_MSG saslStart")
                                || name.equals("OP_MSG saslContinue")),
                sent::toString);
    }

    private static void assertTooLate(MongoClientMachine client) {
        client.tick(RecordedLogin.HANDSHAKE_MILLIS - 1);
        ProtocolException silence =
                assertThrows(ProtocolException.class, () -> client.tick(RecordedLogin.HANDSHAKE_MILLIS));
        assertTrue(silence.isSilence());
        assertEquals(MongoState.FAILED, client.state());
    }

    @ParameterizedTest
    @MethodSource("logins")
    void silence(RecordedLogin login) {
        places(login).forEach(place -> assertTooLate(fed(login, place)));
    }

    /** A login is over when the last byte is there, wherever the stream was cut. */
    @ParameterizedTest
    @MethodSource("logins")
    void whole(RecordedLogin login) {
        Buffer stream = login.stream();
        Cuts.positions(stream.length()).forEach(at -> {
            MongoClientMachine client = login.client(tap);
            Cuts.at(stream, at).forEach(piece -> RecordedLogin.feed(client, piece));
            assertEquals(MongoState.READY, client.state());
        });
    }

    @ParameterizedTest
    @MethodSource("logins")
    void theEnd(RecordedLogin login) {
        places(login).forEach(place -> {
            MongoClientMachine client = fed(login, place);
            client.peerClosed(0);
            try {
                client.nextEvent();
                assertEquals(MongoState.CLOSED, client.state());
            } catch (ProtocolException truncated) {
                assertEquals(MongoState.FAILED, client.state());
            }
        });
    }

    /** Bytes of all kinds, and those that make the greatest lengths and the least. */
    @ParameterizedTest
    @MethodSource("logins")
    void garbage(RecordedLogin login) {
        Random random = new Random(11);
        places(login).forEach(place -> {
            byte[] any = new byte[64];
            random.nextBytes(any);
            byte[] ones = new byte[64];
            Arrays.fill(ones, (byte) 0xff);
            Stream.of(any, ones, new byte[64]).forEach(bytes -> spoilt(fed(login, place), Buffer.buffer(bytes)));
        });
    }

    private void spoilt(MongoClientMachine client, Buffer garbage) {
        try {
            RecordedLogin.feed(client, garbage);
        } catch (ProtocolException violation) {
            assertEquals(MongoState.FAILED, client.state());
            return;
        }
        assertUnknown(client);
        if (client.state() != MongoState.FAILED) {
            assertTooLate(client);
        }
    }

    /** One bit is wrong: only a server that has proved itself lets the client be ready. */
    @ParameterizedTest
    @MethodSource("logins")
    void oneBit(RecordedLogin login) {
        String proof = login.signature();
        int[] ready = new int[1];
        places(login).forEach(place -> {
            Buffer stream = login.stream();
            stream.setByte(place, (byte) (stream.getByte(place) ^ 1 << place % 8));
            MongoClientMachine client = login.client(FrameTap.NONE);
            try {
                RecordedLogin.feed(client, stream);
            } catch (ProtocolException violation) {
                return;
            }
            if (client.state() == MongoState.READY) {
                assertTrue(stream.toString("ISO-8859-1").contains(proof), () -> "without proof: " + place);
                ready[0]++;
            }
        });
        // Such as the greatest batch, or the id of a reply.
        assertTrue(ready[0] > 0, "each bit counts");
    }
}
