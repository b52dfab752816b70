package dev.polywire.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes that other tests believe in. */
class TestBytesTest {

    @ParameterizedTest
    @ValueSource(strings = {"mongo", "smart-connection", "tcp-bridge"})
    void abuseVectorsHaveTheirSize(String protocol) {
        AbuseVectors.of(protocol)
                .all()
                .forEach(vector ->
                        assertEquals(vector.sizeBytes(), vector.bytes().length(), vector::toString));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0", "2, 1", "4096, 4095"})
    void shortStreamsAreCutEverywhere(int length, int cuts) {
        assertEquals(cuts, Cuts.positions(length).count());
    }

    @Test
    void longStreamsAreCutAtBothEndsAndBetween() {
        int[] cuts = Cuts.positions(1_000_000).toArray();
        assertEquals(1, cuts[0]);
        assertEquals(1_024, cuts[1_023]);
        assertEquals(999_999, cuts[cuts.length - 1]);
        assertEquals(998_976, cuts[cuts.length - 1_024]);
        assertEquals(2 * 1_024 + 256, cuts.length, 3);
    }

    @Test
    void piecesAreTheWhole() {
        Buffer bytes = Buffer.buffer("abcdef");
        Cuts.positions(6).forEach(at -> assertEquals(bytes, joined(Cuts.at(bytes, at))));
        assertEquals(bytes, joined(Cuts.singleBytes(bytes)));
    }

    private static Buffer joined(Iterable<Buffer> pieces) {
        Buffer joined = Buffer.buffer();
        pieces.forEach(joined::appendBuffer);
        return joined;
    }
}
