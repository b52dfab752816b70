package dev.polywire.bolt.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.core.wire.ProtocolException.Kind;
import dev.polywire.testing.AbuseVectors;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The handshake of both sides, byte by byte: all offers, all answers, and what is neither. */
class HandshakeTest {

    private static final Vectors VECTORS = Vectors.read("bolt-handshake.txt");
    private static final AbuseVectors ABUSE = AbuseVectors.of("bolt");

    @ParameterizedTest
    @CsvSource({
        "v1_c, 1",
        "v2_c, 2 1",
        "v41_c, 4.1 4.0 3",
        "manifest_c, 5.8 5.7 5.6 5.4 5.3 5.2 5.1 5.0 4.4 4.3 4.2 3",
        "manifest_c, 6.1 6.0 5.8 5.7 5.6 5.4 5.3 5.2 5.1 5.0 4.4 4.3 4.2 3"
    })
    void offers(String id, String versions) {
        Buffer slots = BoltOffer.of(versions(versions)).slots();
        if (id.equals("v41_c")) {
            // Ranges say the same in less.
            assertEquals("6060b01700010104000000030000000000000000", Vectors.hex(slots));
        } else {
            assertEquals(VECTORS.get(id).hex(), Vectors.hex(slots));
        }
    }

    @Test
    void defaultOfferIsThatOfTheDrivers() {
        assertEquals(VECTORS.get("manifest_c").hex(), Vectors.hex(BoltOffer.DEFAULT.slots()));
        assertThrows(IllegalArgumentException.class, BoltOffer.ALL::slots);
        assertThrows(IllegalArgumentException.class, () -> BoltOffer.of(List.of()));
        assertThrows(IllegalArgumentException.class, () -> BoltOffer.of(List.of(new BoltVersion(5, 5))));
    }

    @ParameterizedTest
    @CsvSource({
        // answer, what was offered, chosen
        "v1_s, 1, 1",
        "v41_s, 4.1 4.0 3, 4.1",
        "driver5_s, '', 5.4",
        "s44, '', 4.4",
        "manifest_neo_s, '', 6.0"
    })
    void answers(String id, String offered, BoltVersionText chosen) {
        ClientHandshake client = client(offered);
        assertTrue(takeAll(client, VECTORS.get(id).bytes()));
        assertEquals(chosen.version, client.version());
        String pick = Vectors.hex(client.pick());
        assertEquals(
                id.equals("manifest_neo_s") ? VECTORS.get("manifest_neo_pick").hex() : "", pick);
    }

    @Test
    void theBestOfAManifest() {
        ClientHandshake client = client("");
        assertTrue(takeAll(client, Vectors.bytes("000001ff 02 00080805 00010106 8101")));
        assertEquals(VECTORS.get("manifest_61_pick").hex(), Vectors.hex(client.pick()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "none_s | handshake: no version in common (offered: [3])",
                "http_s | handshake: answered in HTTP (expected: a Bolt port)",
                "v1_s | handshake: answered 00000001 (expected: one of [3])",
                "00010003 | handshake: answered 00010003 (expected: one of [3])",
                // not offered, so it is no manifest
                "000001ff | handshake: answered 000001FF (expected: one of [3])"
            })
    void noAnswers(String id, String message) {
        Buffer bytes = id.contains("_") ? VECTORS.get(id).bytes() : Vectors.bytes(id);
        assertEquals(message, failure(client("3"), bytes));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "000001ff 00 00 | handshake: no version in common",
                "000001ff 01 00000007 00 | handshake: no version in common",
                "000001ff 8102 | manifest: 257 ranges (expected: <= 256)",
                "B09 | handshake: answered 00000009",
                "B10 | manifest: 18446744073709551615 ranges (expected: <= 256)",
                "B11 | varint: more than 64 bits (expected: <= 10 bytes)",
                "http_s | handshake: answered in HTTP"
            })
    void noManifests(String id, String message) {
        Buffer bytes = id.startsWith("B")
                ? ABUSE.get(id).bytes()
                : id.contains("_") ? VECTORS.get(id).bytes() : Vectors.bytes(id);
        String found = failure(client(""), bytes);
        assertTrue(found.startsWith(message), found);
    }

    @ParameterizedTest
    @CsvSource({
        "varint_0, 0",
        "varint_127, 127",
        "varint_128, 128",
        "varint_1851775, 1851775",
        "varint_max, 18446744073709551615"
    })
    void varints(String id, String value) {
        Varint varint = new Varint();
        byte[] bytes = VECTORS.get(id).bytes().getBytes();
        for (int i = 0; i < bytes.length; i++) {
            assertEquals(i == bytes.length - 1, varint.take(bytes[i] & 0xff));
        }
        assertEquals(value, Long.toUnsignedString(varint.value()));
        Buffer written = Buffer.buffer();
        Varint.append(written, varint.value());
        assertEquals(VECTORS.get(id).hex(), Vectors.hex(written));
    }

    @ParameterizedTest
    @CsvSource({
        // offer, what the server speaks, its answer
        "v1_c, 1, 00000001",
        "v2_c, 1, 00000001",
        "v2_c, '', 00000002",
        "v41_c, '', 00000104",
        "v43_range_c, '', 00000304",
        "v43_range_c, 4.2 4.1, 00000204",
        "pydrv525_c, '', 00000705",
        "pydrv525_c, 4.4, 00000404",
        "manifest_c, 5.4 4.4, 00000405",
        "manifest_c, 3, 00000003",
        // the first slot of the client's decides, not the best version
        "6060b017 00000003 00000405 00000000 00000000, '', 00000003",
        "6060b017 00000000 00000000 00000000 00000001, '', 00000001",
        "B06, '', 00000004",
    })
    void b3Defect7AllSlots(String offer, String spoken, String answer) {
        ServerHandshake server = server(spoken);
        assertTrue(takeAll(server, bytes(offer)));
        assertEquals(answer, Vectors.hex(server.answer()));
        assertEquals(Vectors.hex(Buffer.buffer().appendInt(server.version().wire())), answer);
        assertEquals("", Vectors.hex(server.answer()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "B01 | handshake: not Bolt (expected: 6060B017 first) | ''",
                "B02 | handshake: not Bolt (expected: 6060B017 first) | ''",
                "B03 | handshake: not Bolt (expected: 6060B017 first) | ''",
                "bad_magic | handshake: not Bolt (expected: 6060B017 first) | ''",
                "6060b017 00000000 00000000 00000000 00000000 | handshake: no version in common | 00000000",
                "B05 | handshake: no version in common | 00000000"
            })
    void noOffers(String id, String message, String answer) {
        ServerHandshake server = server("");
        ProtocolException bad = assertThrows(ProtocolException.class, () -> takeAll(server, bytes(id)));
        assertEquals(Kind.FRAMING, bad.kind());
        assertTrue(bad.getMessage().startsWith(message), bad.getMessage());
        assertEquals(answer, Vectors.hex(server.answer()));
    }

    @Test
    void nineteenBytesAreNoOffer() {
        ServerHandshake server = server("");
        assertFalse(takeAll(server, bytes("B07")));
        assertEquals("", Vectors.hex(server.answer()));
    }

    @ParameterizedTest
    @CsvSource({"manifest_pick, 5.7", "manifest_neo_pick, 6.0", "manifest_61_pick, 6.1"})
    void manifestOfAServer(String id, BoltVersionText picked) {
        ServerHandshake server = server("");
        assertFalse(takeAll(server, VECTORS.get("manifest_c").bytes()));
        assertEquals(
                "000001ff" + "06" + "00010106" + "00080805" + "00040404" + "00000003" + "00000002" + "00000001" + "00",
                Vectors.hex(server.answer()));
        assertTrue(takeAll(server, VECTORS.get(id).bytes()));
        assertEquals(picked.version, server.version());
        assertTrue(server.byManifest());
    }

    @ParameterizedTest
    @CsvSource({
        "0000050500",
        "0001070500",
        "0000000000",
        // B10, B11: capabilities of more than 64 bits, and without end
        "00000805 ffffffffffffffffff02",
        "00000805 ffffffffffffffffffff"
    })
    void noPicks(String hex) {
        ServerHandshake server = server("");
        takeAll(server, VECTORS.get("manifest_c").bytes());
        assertEquals(
                Kind.FRAMING,
                assertThrows(ProtocolException.class, () -> takeAll(server, Vectors.bytes(hex.replace(" ", ""))))
                        .kind());
    }

    static List<BoltVersion> all() {
        return BoltVersion.ALL;
    }

    @ParameterizedTest
    @MethodSource("all")
    void bothSides(BoltVersion version) {
        ClientHandshake client = new ClientHandshake(BoltOffer.of(List.of(version)));
        ServerHandshake server = server("");
        boolean done = takeAll(server, client.offer());
        assertTrue(takeAll(client, server.answer()));
        assertTrue(done || takeAll(server, client.pick()));
        assertEquals(version, client.version());
        assertEquals(version, server.version());
        assertEquals(version.hasGqlStatus(), client.byManifest());
        assertEquals(client.byManifest(), server.byManifest());
    }

    /** A version as JUnit can make it out of text. */
    static final class BoltVersionText {

        final BoltVersion version;

        BoltVersionText(String text) {
            version = version(text);
        }
    }

    static BoltVersion version(String text) {
        return BoltVersion.ALL.stream()
                .filter(version -> version.toString().equals(text))
                .findFirst()
                .orElseThrow();
    }

    private static List<BoltVersion> versions(String text) {
        return Arrays.stream(text.split(" ")).map(HandshakeTest::version).toList();
    }

    private static Buffer bytes(String id) {
        return id.matches("B\\d\\d")
                ? ABUSE.get(id).bytes()
                : id.contains("_") ? VECTORS.get(id).bytes() : Vectors.bytes(id);
    }

    private static ClientHandshake client(String offered) {
        return new ClientHandshake(offered.isEmpty() ? BoltOffer.DEFAULT : BoltOffer.of(versions(offered)));
    }

    private static ServerHandshake server(String spoken) {
        return new ServerHandshake(spoken.isEmpty() ? BoltOffer.ALL : BoltOffer.of(versions(spoken)));
    }

    private static String failure(ClientHandshake client, Buffer bytes) {
        ProtocolException bad = assertThrows(ProtocolException.class, () -> takeAll(client, bytes));
        assertEquals(Kind.FRAMING, bad.kind());
        return bad.getMessage();
    }

    private static boolean takeAll(ClientHandshake client, Buffer bytes) {
        boolean done = false;
        for (byte next : bytes.getBytes()) {
            done = client.take(next & 0xff);
        }
        return done;
    }

    private static boolean takeAll(ServerHandshake server, Buffer bytes) {
        boolean done = false;
        for (byte next : bytes.getBytes()) {
            done = server.take(next & 0xff);
        }
        return done;
    }
}
