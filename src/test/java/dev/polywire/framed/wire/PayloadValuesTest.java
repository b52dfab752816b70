package dev.polywire.framed.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a Java application may give a codec to write beside what the codec reads, and what not. */
class PayloadValuesTest {

    private static final byte[] TWO = {0, -1};

    @Test
    void arraysOfBytesAreBytes() {
        assertEquals(Buffer.buffer(TWO), new RawCodec().encode(TWO));
        assertEquals(Vectors.bytes("4200ff"), new CborCodec(1_000).encode(TWO));
        assertEquals(Buffer.buffer(TWO), new PickleCodec(1_000).decode(new PickleCodec(1_000).encode(TWO)));
    }

    @Test
    void setsAreSets() {
        CborCodec cbor = new CborCodec(1_000);
        assertEquals(Vectors.bytes("d901028101"), cbor.encode(Set.of(1)));
        assertEquals(new TypedValue.Distinct(List.of(1L)), cbor.decode(cbor.encode(Set.of(1))));
    }

    @Test
    void aTextIsNoBytesAndANumberNoText() {
        assertEquals(
                "not bytes (expected: bytes)",
                assertThrows(IllegalArgumentException.class, () -> new RawCodec().encode("text"))
                        .getMessage());
        assertEquals(
                "not text (expected: a string)",
                assertThrows(IllegalArgumentException.class, () -> new Utf8Codec().encode(1))
                        .getMessage());
    }
}
