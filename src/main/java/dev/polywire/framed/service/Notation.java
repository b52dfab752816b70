package dev.polywire.framed.service;

import dev.polywire.core.json.Fields;
import dev.polywire.core.json.TypedValues;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** The JSON form of a payload's value. */
enum Notation {

    /** Bytes as base64. */
    BYTES {
        @Override
        Object toJson(@Nullable Object plain) {
            return plain instanceof Buffer bytes ? TypedValues.text(bytes.getBytes()) : unfit(plain);
        }

        @Override
        Object toPlain(@Nullable Object json) {
            byte[] bytes = TypedValues.bytes(json);
            if (bytes == null) {
                throw new IllegalArgumentException(Fields.kind(json) + " (expected: base64)");
            }
            return Buffer.buffer(bytes);
        }
    },

    /** A string as it is. */
    TEXT {
        @Override
        Object toJson(@Nullable Object plain) {
            return plain instanceof String text ? text : unfit(plain);
        }

        @Override
        Object toPlain(@Nullable Object json) {
            if (json instanceof String text) {
                return text;
            }
            throw new IllegalArgumentException(Fields.kind(json) + " (expected: a string)");
        }
    },

    /** JSON itself. */
    DOCUMENT {
        @Override
        @Nullable
        Object toJson(@Nullable Object plain) {
            return plain;
        }

        @Override
        @Nullable
        Object toPlain(@Nullable Object json) {
            return json;
        }
    },

    /** Plain JSON where it can express the value, else an object with one name that begins with {@code $}. */
    TYPED {
        @Override
        @Nullable
        Object toJson(@Nullable Object plain) {
            return new PlainToJson().value(plain);
        }

        @Override
        @Nullable
        Object toPlain(@Nullable Object json) {
            return new JsonToPlain().value(json);
        }
    };

    /** @throws dev.polywire.core.wire.ProtocolException DECODE when the value does not fit into JSON */
    abstract @Nullable Object toJson(@Nullable Object plain);

    /** @throws IllegalArgumentException when the caller's value is not in this notation */
    abstract @Nullable Object toPlain(@Nullable Object json);

    private static Object unfit(@Nullable Object plain) {
        throw new IllegalStateException("a codec gave " + Fields.kind(plain));
    }
}
