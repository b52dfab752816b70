package dev.polywire.framed.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.framed.wire.Payloads;
import dev.polywire.fuzz.Complaint;
import dev.polywire.fuzz.FuzzTarget;
import dev.polywire.fuzz.JsonSeeds;
import io.vertx.core.buffer.Buffer;
import java.util.stream.Stream;

/** A JSON payload, or DECODE or LIMIT; what was read can be written, and reads as the same. */
public final class FramedJsonFuzz implements FuzzTarget {

    private static final JsonCodec CODEC = new JsonCodec(Payloads.MAX_VALUE_BYTES);

    @Override
    public String name() {
        return "framed-json";
    }

    @Override
    public Stream<Buffer> seeds() {
        return JsonSeeds.all();
    }

    @Override
    public void run(Buffer input) {
        Object value;
        try {
            value = CODEC.decode(input);
        } catch (ProtocolException bad) {
            Complaint.require(bad, ProtocolException.Kind.DECODE, ProtocolException.Kind.LIMIT);
            return;
        }
        Buffer written = CODEC.encode(value);
        assertEquals(written, CODEC.encode(CODEC.decode(written)));
    }
}
