package dev.polywire.framed.service;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.StrictJson;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.framed.wire.PayloadCodec;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.EncodeException;
import io.vertx.core.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * A payload is one JSON document, strictly read. It stands in this package because its objects are Vert.x's own, which are
 * what the bus carries: nothing is translated on the way.
 */
public final class JsonCodec implements PayloadCodec {

    private static final StrictJson DOCUMENTS = new StrictJson(PlainToJson.MAX_DEPTH);

    @Override
    public @Nullable Object decode(Buffer payload) {
        try {
            return DOCUMENTS.read(payload);
        } catch (FieldException malformed) {
            throw ProtocolException.decode(String.valueOf(malformed.getMessage()));
        }
    }

    @Override
    public Buffer encode(@Nullable Object value) {
        try {
            return Json.encodeToBuffer(value);
        } catch (EncodeException unfit) {
            throw new IllegalArgumentException("cannot be written (expected: JSON of at most 1000 levels)");
        }
    }
}
