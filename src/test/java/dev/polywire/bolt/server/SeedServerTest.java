package dev.polywire.bolt.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.BoltVersion;
import dev.polywire.testing.Cuts;
import dev.polywire.testing.RawPeer;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client of the seed's server met, in bytes of Bolt 1, and what it meets here. */
class SeedServerTest {

    private static final Served SERVED = new Served(Served.bounds(60_000, 0), Served.options(1_500));
    private static final Vectors SEEN = Vectors.read("bolt1-seed-server-observed.txt");
    private static final Buffer HANDSHAKE = SEEN.get("o01").bytes();
    private static final Buffer INIT = RawBolt.bytes(BoltVersion.V1, RawBolt.greeting(BoltVersion.V1, RawBolt.ALICE));
    private static final String PULL_ALL = "0002b03f0000";

    private final RawPeer peer = RawPeer.connect(SERVED.port);

    @AfterEach
    void hangUp() {
        peer.close();
    }

    @AfterAll
    static void close() {
        SERVED.close();
    }

    /** The echo of {@code RUN text {value: ..}} with the parameter in PackStream. */
    private String given(String packed) {
        ready();
        ask("b2 10 84 67697665 a1 8576616c7565 " + packed);
        peer.write(Vectors.bytes(PULL_ALL));
        assertTrue(next().startsWith("b170"));
        String row = next();
        assertTrue(next().startsWith("b170"));
        return row.replaceFirst("b17191", "");
    }

    private void ready() {
        peer.write(HANDSHAKE.copy().appendBuffer(INIT));
        assertEquals(SEEN.get("o02").hex(), hex(4));
        assertTrue(next().endsWith(utf8(BoltServer.AGENT)));
    }

    private void ask(String hex) {
        Buffer message = Vectors.bytes(hex.replace(" ", ""));
        peer.write(Buffer.buffer()
                .appendShort((short) message.length())
                .appendBuffer(message)
                .appendShort((short) 0));
    }

    private String hex(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) peer.readByte();
        }
        return Vectors.hex(Buffer.buffer(bytes));
    }

    /** The next message, of one chunk. */
    private String next() {
        String message = hex(Integer.parseInt(hex(2), 16));
        assertEquals("0000", hex(2));
        return message;
    }

    @ParameterizedTest
    @CsvSource({
        "ff, ff",
        "f1, f1",
        "f0, f0",
        "c8ef, c8ef",
        "c8ff, ff",
        "cbffffffffffffffff, ff",
        "7f, 7f",
        "c97fff, c97fff"
    })
    void b3Defect1NegativeIntegers(String sent, String heard) {
        assertEquals(heard, given(sent));
    }

    @Test
    void b3Defect2TextIsCountedInBytes() {
        String text = Vectors.hex(Buffer.buffer("\u00e5".repeat(10)));
        assertEquals("d014" + text, given("d014" + text));
    }

    /** Chunks of one byte with nothing between them, behind NOOPs, in segments of one byte. */
    @Test
    void b3Defects3And4ChunksAndSegments() {
        ready();
        Buffer chunks = Buffer.buffer(new byte[6]);
        Cuts.singleBytes(Vectors.bytes("b21085").appendString("hello").appendByte((byte) 0xa0))
                .forEach(one -> chunks.appendShort((short) 1).appendBuffer(one));
        chunks.appendShort((short) 0).appendBuffer(Vectors.bytes(PULL_ALL));
        Cuts.singleBytes(chunks).forEach(peer::write);
        next();
        assertEquals("b17191" + "85" + Vectors.hex(Buffer.buffer("hello")), next());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00000001000000000000000000000000",
                "00000009000000010000000000000000",
                "00000009000000080000000700000001"
            })
    void b3Defect7HandshakesInPieces(String slots) {
        Cuts.singleBytes(Vectors.bytes("6060b017" + slots).appendBuffer(INIT)).forEach(peer::write);
        assertEquals("00000001", hex(4));
        assertTrue(next().startsWith("b170"));
    }

    @Test
    void b3Defect7NoVersionInCommonIsSaid() {
        peer.write(Vectors.bytes("6060b017" + "00000009".repeat(4)));
        assertEquals("[0, 0, 0, 0]", Arrays.toString(peer.readToEnd()));
    }

    @Test
    void b3Defect8RunIsAnsweredBeforePullWithFieldsAndWholeMilliseconds() {
        ready();
        ask("b2 10 8568656c6c6f a0");
        String answer = next();
        assertTrue(
                answer.startsWith("b170a2" + "86" + utf8("fields") + "9185" + utf8("value") + "d016"
                        + utf8("result_available_after")),
                answer);
        // 0x00 to 0x7f: a small integer.
        assertTrue(Integer.parseInt(answer.substring(answer.length() - 2), 16) < 0x80, answer);
    }

    @Test
    void b3Defects9And15DiscardIsAnsweredAndManyRowsAndFields() {
        ready();
        ask("b2 10 86 726f77732033 a0");
        next();
        ask("b0 2f");
        assertTrue(next().startsWith("b170"));
        ask("b2 10 86 726f77732033 a0");
        next();
        ask("b0 3f");
        assertEquals(List.of("b1719100", "b1719101", "b1719102"), List.of(next(), next(), next()));
        assertTrue(next().startsWith("b170"));
    }

    @ParameterizedTest
    @CsvSource({"fail a.b.c.d, a.b.c.d", "crash, Neo.DatabaseError.General.UnknownError"})
    void b3Defects10And17AFailureHasACodeAndWhatIsIgnoredHasNoField(String query, String code) {
        ready();
        peer.write(
                RawBolt.bytes(BoltVersion.V1, RawBolt.run(query), BoltRequest.Pull.ALL, new BoltRequest.AckFailure()));
        String failure = next();
        assertTrue(failure.startsWith("b17fa2" + "84" + utf8("code")), failure);
        assertTrue(failure.contains(utf8(code)), failure);
        assertEquals("b07e", next());
        assertEquals("b170a0", next());
    }

    @Test
    void b3Defect13WhoIsRefusedIsToldAndClosed() {
        peer.write(HANDSHAKE.copy().appendBuffer(SEEN.get("o03").bytes()));
        assertEquals("00000001", hex(4));
        assertTrue(next().contains(utf8(Failures.UNAUTHORIZED)));
        assertEquals(-1, peer.readByte());
    }

    /** Structures of 16 fields and more, as the seed wrote them, and one of no fields: a failure, not a value. */
    @ParameterizedTest
    @ValueSource(strings = {"b04e", "dc0001", "dd00004e", "b17a01"})
    void b3Defect18StructuresThatAreNone(String packed) {
        ready();
        ask("b2 10 8161 a1 8161 " + packed);
        assertTrue(next().contains(utf8("Neo.ClientError.Request.Invalid")));
        assertEquals(-1, peer.readByte());
    }

    private static String utf8(String text) {
        return Vectors.hex(Buffer.buffer(text.getBytes(StandardCharsets.UTF_8)));
    }
}
