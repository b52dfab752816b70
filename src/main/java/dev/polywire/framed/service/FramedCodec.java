package dev.polywire.framed.service;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import dev.polywire.core.json.StrictJson;
import dev.polywire.core.json.TypedValues;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.EncodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How the payload of a framed message stands in JSON. */
public enum FramedCodec {

    /** {@code {bytes}}: any payload, as base64. */
    RAW("bytes") {
        @Override
        @Nullable
        Object decode(Buffer payload) {
            return TypedValues.text(payload.getBytes());
        }

        @Override
        Buffer encode(@Nullable Object value) {
            byte[] bytes = TypedValues.bytes(value);
            if (bytes == null) {
                throw new FieldException("message.bytes", Fields.kind(value) + " (expected: base64 with padding)");
            }
            return Buffer.buffer(bytes);
        }
    },

    /** {@code {text}}: strict UTF-8. */
    UTF8("text") {
        @Override
        @Nullable
        Object decode(Buffer payload) {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(payload.getBytes()))
                        .toString();
            } catch (CharacterCodingException malformed) {
                throw ProtocolException.decode("payload: not UTF-8");
            }
        }

        @Override
        Buffer encode(@Nullable Object value) {
            if (!(value instanceof String text)) {
                throw new FieldException("message.text", Fields.kind(value) + " (expected: a string)");
            }
            try {
                ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
                return Buffer.buffer(utf8.remaining()).setBytes(0, utf8);
            } catch (CharacterCodingException malformed) {
                throw new FieldException("message.text", "half a surrogate pair (expected: Unicode text)");
            }
        }
    },

    /** {@code {value}}: one JSON document; {@code null} is a message like any other. */
    JSON("value") {
        @Override
        @Nullable
        Object decode(Buffer payload) {
            try {
                return DOCUMENTS.read(payload);
            } catch (FieldException malformed) {
                throw ProtocolException.decode("payload: " + malformed.getMessage());
            }
        }

        @Override
        Buffer encode(@Nullable Object value) {
            try {
                return Json.encodeToBuffer(value);
            } catch (EncodeException unfit) {
                throw new FieldException("message.value", "cannot be written (expected: JSON of at most 1000 levels)");
            }
        }
    };

    /**
     * Depth that a peer may send; deeper is an attack on whoever walks the value. JSON libraries stop at 1,000 levels, and
     * on its way to the reader a value stands in an item, in a batch, in a frame of a bridge.
     */
    static final int MAX_DEPTH = 990;

    private static final StrictJson DOCUMENTS = new StrictJson(MAX_DEPTH);

    private final String field;

    FramedCodec(String field) {
        this.field = field;
    }

    /**
     * The message that a payload is.
     *
     * @throws ProtocolException DECODE
     */
    JsonObject read(Buffer payload) {
        return new JsonObject().put(field, decode(payload));
    }

    /**
     * The payload of a message from the bus; its field {@code connection} is the caller's to read.
     *
     * @throws FieldException when it is not a message of this codec
     */
    Buffer write(JsonObject message) {
        if (!message.containsKey(field)) {
            throw new FieldException(
                    "message." + field, "missing (expected with codec " + name().toLowerCase(Locale.ROOT) + ")");
        }
        for (String name : message.fieldNames()) {
            if (!name.equals(field) && !name.equals("connection")) {
                throw new FieldException("message." + name, "unknown field");
            }
        }
        return encode(message.getValue(field));
    }

    abstract @Nullable Object decode(Buffer payload);

    abstract Buffer encode(@Nullable Object value);
}
