package dev.polywire.framed.service;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.JsonWeight;
import dev.polywire.core.json.StrictJson;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.framed.wire.PayloadCodec;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.EncodeException;
import io.vertx.core.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * A payload is one JSON document, strictly read. It is in this package because its objects are Vert.x's own, as on the bus:
 * no translation is needed.
 */
public final class JsonCodec implements PayloadCodec {

    private final StrictJson documents;

    /** @param maxValueBytes of memory that the values of one document may take, by estimate: each counts 128 */
    public JsonCodec(long maxValueBytes) {
        long maxValues = Math.max(1, maxValueBytes / JsonWeight.VALUE_BYTES);
        documents = new StrictJson(PlainToJson.MAX_DEPTH, (int) Math.min(maxValues, Integer.MAX_VALUE));
    }

    @Override
    public @Nullable Object decode(Buffer payload) {
        try {
            return documents.read(payload);
        } catch (FieldException unfit) {
            String why = String.valueOf(unfit.getMessage());
            throw unfit.isTooMuch() ? ProtocolException.limit(why) : ProtocolException.decode(why);
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
