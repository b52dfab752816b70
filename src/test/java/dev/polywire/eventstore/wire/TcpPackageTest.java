package dev.polywire.eventstore.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.core.wire.FrameAccumulator;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.AbuseVectors;
import dev.polywire.testing.Cuts;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Packages and their bytes: lengths, ids, flags, credentials. */
class TcpPackageTest {

    private static final Vectors PACKAGES = Vectors.read("eventstore-packages.txt");
    private static final Vectors SPLITS = Vectors.read("eventstore-framing-splits.txt");

    private static final UUID ID = UUID.fromString("c181659f-800b-4b58-a85d-5fd3fdc523b9");
    private static final String ID_HEX = "9f6581c10b80584ba85d5fd3fdc523b9";

    static Stream<Arguments> vectors() {
        return Stream.of(
                Arguments.of("line5", CredentialsLayout.PASSWORDS, TcpCommand.HEARTBEAT_REQUEST, null),
                Arguments.of(
                        "line8",
                        CredentialsLayout.PASSWORDS,
                        TcpCommand.PING,
                        new UserCredentials.Password("username", "password")),
                Arguments.of(
                        "line8",
                        CredentialsLayout.PASSWORDS_OR_TOKEN,
                        TcpCommand.PING,
                        new UserCredentials.Password("username", "password")),
                Arguments.of(
                        "line9",
                        CredentialsLayout.PASSWORDS,
                        TcpCommand.AUTHENTICATE,
                        new UserCredentials.Password("admin", "changeit")),
                Arguments.of(
                        "line12",
                        CredentialsLayout.PASSWORDS_OR_TOKEN,
                        TcpCommand.AUTHENTICATE,
                        new UserCredentials.Token("token")));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void readsAndWrites(String line, CredentialsLayout layout, TcpCommand command, UserCredentials credentials) {
        Buffer bytes = PACKAGES.get(line).bytes();
        TcpPackage expected = new TcpPackage(command.number(), false, ID, credentials, Buffer.buffer());
        assertEquals(expected, TcpPackage.read(bytes, layout));
        assertEquals(Vectors.hex(bytes), Vectors.hex(expected.write(layout, TcpPackage.MAX_BYTES)));
    }

    /** The bytes of two tests of old, cut as there. */
    @ParameterizedTest
    @CsvSource({"line4, '2 7 7 14', 0 0 0 0 1", "line5, '', 2", "line6, 125, 1 1", "line7, 250, 1 2"})
    void splits(String line, String cuts, String packages) {
        Buffer stream = SPLITS.get(line).bytes();
        FrameAccumulator input = new FrameAccumulator(TcpPackage.LENGTH_PREFIX, TcpPackage.MAX_BYTES);
        List<String> counts = new ArrayList<>();
        int from = 0;
        for (String cut : (cuts + " " + stream.length()).strip().split(" ")) {
            input.append(stream.getBuffer(from, Integer.parseInt(cut)));
            from = Integer.parseInt(cut);
            counts.add(String.valueOf(drain(input)));
        }
        assertEquals(packages, String.join(" ", counts));
    }

    private static int drain(FrameAccumulator input) {
        int count = 0;
        for (Buffer frame = input.nextFrame(); frame != null; frame = input.nextFrame()) {
            TcpCommand command =
                    TcpPackage.read(frame, CredentialsLayout.PASSWORDS).command();
            assertEquals(
                    frame.length() == 22
                            ? TcpCommand.HEARTBEAT_REQUEST
                            : TcpCommand.PERSISTENT_SUBSCRIPTION_STREAM_EVENT_APPEARED,
                    command);
            count++;
        }
        return count;
    }

    /** E01 to E05, and the smallest and the largest there are; each as soon as its length is here, wherever it is cut. */
    @ParameterizedTest
    @ValueSource(strings = {"00000000", "11000000", "ffffffff", "01000004", "00000008", "00000080", "01020304"})
    void aLengthThatCannotBeIsRefused(String length) {
        Buffer bytes = Vectors.bytes(length);
        Cuts.positions(bytes.length()).forEach(at -> {
            FrameAccumulator input = new FrameAccumulator(TcpPackage.LENGTH_PREFIX, TcpPackage.MAX_BYTES);
            input.append(Cuts.at(bytes, at).get(0));
            assertNull(input.nextFrame());
            input.append(Cuts.at(bytes, at).get(1));
            ProtocolException refused = assertThrows(ProtocolException.class, input::nextFrame);
            assertEquals(ProtocolException.Kind.FRAMING, refused.kind());
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"12000000", "00000004"})
    void aLengthThatCanBeWaits(String length) {
        FrameAccumulator input = new FrameAccumulator(TcpPackage.LENGTH_PREFIX, TcpPackage.MAX_BYTES);
        input.append(Vectors.bytes(length));
        assertNull(input.nextFrame());
        assertEquals(4, input.heldBytes());
    }

    /** E17: text, and the same in bytes. */
    @ParameterizedTest
    @CsvSource({
        "c181659f-800b-4b58-a85d-5fd3fdc523b9, " + ID_HEX,
        "1d073650-79de-354f-8825-c1a7ae810ba8, 5036071dde794f358825c1a7ae810ba8",
        "00000000-0000-0000-0000-000000000000, 00000000000000000000000000000000",
        "ffeeddcc-bbaa-9988-7766-554433221100, ccddeeffaabb88997766554433221100",
    })
    void guids(UUID id, String hex) {
        assertEquals(hex, Vectors.hex(DotNetGuid.bytes(id)));
        assertEquals(id, DotNetGuid.read(Vectors.bytes(hex)));
        for (int bytes : new int[] {0, 15, 17}) {
            Buffer wrong = Buffer.buffer(new byte[bytes]);
            assertEquals(
                    ProtocolException.Kind.DECODE,
                    assertThrows(ProtocolException.class, () -> DotNetGuid.read(wrong))
                            .kind());
        }
    }

    /** What lies between head and payload, and what it is to whom; "-": refused. */
    @ParameterizedTest
    @CsvSource({
        "0161 0162, a:b, a:b",
        "00 0162, :b, :b",
        // Without a payload, an empty password has nothing behind its length.
        "0161 00, -, -",
        "00 00, -, -",
        "05 61646d, -, -",
        "05 61646d696e, -, -",
        "05 61646d696e 08 6368616e, -, -",
        "'', -, -",
        "01, -, -",
        "ff 6162, -, -",
        // A login that is not UTF-8.
        "01c3 0162, -, -",
        // The second byte of this login makes the first two a negative number.
        "02c3a4 0162, ä:b, -",
        "fbff 746f6b656e, -, token",
        "faff 746f6b656e, -, -",
        "ffff 74, -, t",
    })
    void credentials(String block, String before, String since) {
        String hex = block.replace(" ", "");
        Buffer frame =
                Buffer.buffer().appendIntLE(18 + hex.length() / 2).appendBuffer(Vectors.bytes("f201" + ID_HEX + hex));
        assertEquals(before, read(frame, CredentialsLayout.PASSWORDS), "up to 5.x");
        assertEquals(since, read(frame, CredentialsLayout.PASSWORDS_OR_TOKEN), "since 20.6");
    }

    private static String read(Buffer frame, CredentialsLayout layout) {
        try {
            TcpPackage read = TcpPackage.read(frame, layout);
            assertEquals(Vectors.hex(frame), Vectors.hex(read.write(layout, TcpPackage.MAX_BYTES)));
            return read.credentials() instanceof UserCredentials.Password pair
                    ? pair.login() + ":" + pair.password()
                    : ((UserCredentials.Token) read.credentials()).token();
        } catch (ProtocolException refused) {
            assertEquals(ProtocolException.Kind.FRAMING, refused.kind());
            return "-";
        }
    }

    /** Servers accept an empty password when a payload follows. */
    @Test
    void anEmptyPasswordBeforeAPayload() {
        TcpPackage ping = TcpPackage.of(
                ID, new ConnectionMessage.Ping(Buffer.buffer("x")), new UserCredentials.Password("a", ""));
        for (CredentialsLayout layout : CredentialsLayout.values()) {
            assertEquals(ping, TcpPackage.read(ping.write(layout, 100), layout));
        }
    }

    static Stream<Arguments> unsayable() {
        UserCredentials token = new UserCredentials.Token("t");
        return Stream.of(
                Arguments.of(CredentialsLayout.PASSWORDS, pair("a".repeat(256), "b")),
                Arguments.of(CredentialsLayout.PASSWORDS, pair("a", "ä".repeat(128))),
                Arguments.of(CredentialsLayout.PASSWORDS, pair("a", "")),
                Arguments.of(CredentialsLayout.PASSWORDS, pair("a\ud800", "b")),
                Arguments.of(CredentialsLayout.PASSWORDS, token),
                Arguments.of(CredentialsLayout.PASSWORDS_OR_TOKEN, pair("a".repeat(128), "b")),
                Arguments.of(CredentialsLayout.PASSWORDS_OR_TOKEN, pair("a", "b".repeat(128))),
                Arguments.of(CredentialsLayout.PASSWORDS_OR_TOKEN, pair("änne", "b")),
                Arguments.of(CredentialsLayout.PASSWORDS_OR_TOKEN, new UserCredentials.Token("")),
                Arguments.of(CredentialsLayout.PASSWORDS_OR_TOKEN, new UserCredentials.Token("t".repeat(32_769))));
    }

    /** And nothing of it is in the failure. */
    @ParameterizedTest
    @MethodSource("unsayable")
    void whatAServerWouldReadOtherwiseIsNotWritten(CredentialsLayout layout, UserCredentials credentials) {
        TcpPackage authenticate = TcpPackage.of(ID, new ConnectionMessage.Authenticate(), credentials);
        String refused = assertThrows(IllegalArgumentException.class, () -> authenticate.write(layout, 100_000))
                .getMessage();
        assertFalse(refused.contains("aaaa") || refused.contains("bbbb") || refused.contains("tttt"), refused);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 127})
    void theLongestOfThem(int length) {
        UserCredentials pair = pair("a".repeat(length), "b".repeat(length));
        for (CredentialsLayout layout : CredentialsLayout.values()) {
            assertEquals(pair, sentAndRead(pair, layout));
        }
        UserCredentials longest = pair("ä".repeat(127) + "x", "b".repeat(255));
        assertEquals(longest, sentAndRead(longest, CredentialsLayout.PASSWORDS));
        UserCredentials token = new UserCredentials.Token("t".repeat(32_768));
        assertEquals(token, sentAndRead(token, CredentialsLayout.PASSWORDS_OR_TOKEN));
    }

    private static UserCredentials sentAndRead(UserCredentials credentials, CredentialsLayout layout) {
        TcpPackage authenticate = TcpPackage.of(ID, new ConnectionMessage.Authenticate(), credentials);
        return TcpPackage.read(authenticate.write(layout, 100_000), layout).credentials();
    }

    /** E07: the length of the login goes past the end. */
    @Test
    void hazards() {
        Buffer bytes = AbuseVectors.of("eventstore").get("E07").bytes();
        for (CredentialsLayout layout : CredentialsLayout.values()) {
            ProtocolException refused = assertThrows(ProtocolException.class, () -> TcpPackage.read(bytes, layout));
            assertEquals(ProtocolException.Kind.FRAMING, refused.kind());
        }
    }

    @Test
    void secretsAreNotShown() {
        String shown = TcpPackage.of(ID, new ConnectionMessage.Authenticate(), pair("login", "s3cret")) + " "
                + new UserCredentials.Token("s3cret");
        assertFalse(shown.contains("s3cret"), shown);
    }

    /** Unknown flags are passed over, and the one for nodes is kept. */
    @Test
    void flags() {
        Buffer frame = PACKAGES.get("line7").bytes();
        frame.setByte(5, (byte) 0xfe);
        TcpPackage read = TcpPackage.read(frame, CredentialsLayout.PASSWORDS);
        assertEquals(new TcpPackage(3, true, ID, null, Buffer.buffer()), read);
        assertEquals(2, read.write(CredentialsLayout.PASSWORDS, 100).getByte(5));
    }

    @Test
    void isNotWrittenOverItsLimit() {
        TcpPackage ping = TcpPackage.of(ID, new ConnectionMessage.Ping(Buffer.buffer("12345")), pair("a", "b"));
        int bytes =
                ping.write(CredentialsLayout.PASSWORDS, TcpPackage.MAX_BYTES).length() - 4;
        assertEquals(bytes + 4, ping.write(CredentialsLayout.PASSWORDS, bytes).length());
        ProtocolException refused =
                assertThrows(ProtocolException.class, () -> ping.write(CredentialsLayout.PASSWORDS, bytes - 1));
        assertEquals(ProtocolException.Kind.LIMIT, refused.kind());
    }

    private static UserCredentials pair(String login, String password) {
        return new UserCredentials.Password(login, password);
    }
}
