package dev.polywire.framed.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.fuzz.Complaint;
import dev.polywire.fuzz.FuzzTarget;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.stream.Stream;

/** Text or DECODE; text is written as it was read. */
public final class Utf8Fuzz implements FuzzTarget {

    private static final Utf8Codec CODEC = new Utf8Codec();

    @Override
    public String name() {
        return "utf8";
    }

    @Override
    public Stream<Buffer> seeds() {
        return Stream.concat(
                Payloads.seeds(),
                Stream.of("61", "c3bc", "e29883", "f09f9880", "eda080", "c080", "f4908080", "80", "e298")
                        .map(Vectors::bytes));
    }

    @Override
    public void run(Buffer input) {
        String text;
        try {
            text = CODEC.decode(input);
        } catch (ProtocolException bad) {
            Complaint.require(bad, ProtocolException.Kind.DECODE);
            return;
        }
        assertEquals(input, CODEC.encode(text));
    }
}
