package dev.polywire.framed.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.examples.Readme;
import dev.polywire.framed.wire.FramedEnvelope.Kind;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FramedEnvelopeTest {

    @ParameterizedTest
    @CsvSource({
        "MESSAGE, 0,                    '',   00 0000000000000000",
        "MESSAGE, 0,                    hi,   00 0000000000000000 6869",
        "REQUEST, 1,                    hi,   01 0000000000000001 6869",
        "REPLY,   72623859790382856,    '',   02 0102030405060708",
        "REPLY,   18446744073709551615, hi,   02 ffffffffffffffff 6869",
        "FAILURE, 7,                    no,   03 0000000000000007 6e6f",
    })
    void bothWays(Kind kind, String id, String content, String hex) {
        FramedEnvelope envelope = new FramedEnvelope(kind, Long.parseUnsignedLong(id), Buffer.buffer(content));
        assertEquals(Vectors.bytes(hex), envelope.write());
        assertEquals(envelope, FramedEnvelope.read(Vectors.bytes(hex)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                  | envelope: 0 bytes (expected: >= 9)",
                "00                  | envelope: 1 bytes (expected: >= 9)",
                "01 00000000000000   | envelope: 8 bytes (expected: >= 9)",
                "04 0000000000000001 | envelope: kind 4 (expected: 0 to 3)",
                "ff 0000000000000001 | envelope: kind 255 (expected: 0 to 3)",
                "00 0000000000000001 | envelope: id 1 (expected: 0 in a message)",
                "00 ffffffffffffffff | envelope: id 18446744073709551615 (expected: 0 in a message)",
            })
    void whatIsNone(String hex, String complaint) {
        ProtocolException malformed =
                assertThrows(ProtocolException.class, () -> FramedEnvelope.read(Vectors.bytes(hex)));
        assertEquals(ProtocolException.Kind.DECODE, malformed.kind());
        assertEquals(complaint, malformed.getMessage());
    }

    @Test
    void theBytesOfThePage() {
        List<FramedEnvelope> shown = Readme.bytes("docs/framed.md", "bytes: envelopes").stream()
                .map(line -> FramedEnvelope.read(Vectors.bytes(line.replaceFirst("^0000000b", ""))))
                .toList();
        assertEquals(
                List.of(
                        new FramedEnvelope(Kind.MESSAGE, 0, Buffer.buffer("hi")),
                        new FramedEnvelope(Kind.REQUEST, 7, Buffer.buffer("hi")),
                        new FramedEnvelope(Kind.REPLY, 7, Buffer.buffer("hi")),
                        new FramedEnvelope(Kind.FAILURE, 7, Buffer.buffer("no"))),
                shown);
    }

    @Test
    void framedForAllConnectionsAtOnce() {
        Buffer content = Buffer.buffer("hi");
        assertEquals(Vectors.bytes("00000002 6869"), FramedLimits.DEFAULT.frame(content));
        assertEquals(
                Vectors.bytes("0000000b 00 0000000000000000 6869"),
                FramedLimits.DEFAULT.correlated(1).frame(content));
        assertEquals(
                Vectors.bytes("03 0000000000000002 c3a4"),
                FramedEnvelope.failure(2, "ä").write());
    }
}
