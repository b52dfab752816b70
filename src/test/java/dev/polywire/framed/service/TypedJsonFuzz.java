package dev.polywire.framed.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.json.FieldException;
import dev.polywire.framed.wire.Payloads;
import dev.polywire.fuzz.Complaint;
import dev.polywire.fuzz.FuzzTarget;
import dev.polywire.fuzz.JsonSeeds;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Stream;

/** A caller's JSON as a payload: a {@link FieldException}, or bytes that we would read as the same. */
public final class TypedJsonFuzz implements FuzzTarget {

    private static final List<FramedFormat> FORMATS = List.of(
            FramedCodec.CBOR.format(16 * Payloads.MAX_VALUE_BYTES),
            FramedCodec.PICKLE.format(16 * Payloads.MAX_VALUE_BYTES));

    @Override
    public String name() {
        return "typed-json";
    }

    @Override
    public Stream<Buffer> seeds() {
        return JsonSeeds.all();
    }

    @Override
    public void run(Buffer input) {
        Object value;
        try {
            value = Json.decodeValue(input);
        } catch (DecodeException notJson) {
            return;
        }
        FORMATS.forEach(format -> writeAndRead(format, value));
    }

    private static void writeAndRead(FramedFormat format, Object value) {
        Buffer written;
        try {
            written = format.write(new JsonObject().put("value", value));
        } catch (FieldException unfit) {
            Complaint.require(unfit.getMessage());
            return;
        }
        assertEquals(written, format.write(format.read(written)));
    }
}
