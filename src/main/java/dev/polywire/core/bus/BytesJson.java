package dev.polywire.core.bus;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import dev.polywire.core.json.StrictJson;
import dev.polywire.core.json.TypedValues;
import dev.polywire.core.wire.Utf8;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.EncodeException;
import io.vertx.core.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a message, in one of three spellings, each a field with a name of its own:
 *
 * <pre>
 *   "body": "aGVsbG8="           base64
 *   "text": "hello"              UTF-8
 *   "json": {"level": "error"}   the bytes of this document
 * </pre>
 *
 * @param spelling null: none of the three was there, and there are no bytes
 */
public record BytesJson(@Nullable Spelling spelling, Buffer bytes) {

    /** How the bytes were said. */
    public enum Spelling {
        BASE64,
        TEXT,
        JSON
    }

    /** A deeper or larger document is given as bytes: one megabyte of {@code []} would take a hundred in memory. */
    private static final StrictJson DOCUMENTS = new StrictJson(200, 100_000);

    /**
     * Reads the fields with these names.
     *
     * @throws FieldException when two are there, or the one that is there cannot be bytes
     */
    public static BytesJson read(Fields from, String base64, String text, String json) {
        Object encoded = from.valueOrNull(base64);
        String words = from.textOrNull(text);
        Object document = from.valueOrNull(json);
        int forms = (encoded == null ? 0 : 1) + (words == null ? 0 : 1) + (document == null ? 0 : 1);
        if (forms > 1) {
            throw from.complaint(
                    base64, "beside another one (expected: one of " + base64 + ", " + text + " and " + json + ")");
        } else if (words != null) {
            return new BytesJson(Spelling.TEXT, utf8(from, text, words));
        } else if (document != null) {
            return new BytesJson(Spelling.JSON, written(from, json, document));
        }
        return encoded == null
                ? new BytesJson(null, Buffer.buffer())
                : new BytesJson(Spelling.BASE64, decoded(from, base64, encoded));
    }

    /**
     * The document in received bytes.
     *
     * @return null when there is none, or one that is too deep or too large; and for the literal null, since a null field counts as absent
     */
    public static @Nullable Object document(Buffer bytes) {
        try {
            return DOCUMENTS.read(bytes);
        } catch (FieldException unfit) {
            return null;
        }
    }

    private static Buffer written(Fields from, String name, Object value) {
        try {
            return Json.encodeToBuffer(value);
        } catch (EncodeException unfit) {
            throw from.complaint(name, "cannot be written (expected: JSON of at most 1000 levels)");
        }
    }

    private static Buffer utf8(Fields from, String name, String text) {
        try {
            return Buffer.buffer(Utf8.encoded(text));
        } catch (IllegalArgumentException half) {
            throw from.complaint(name, Utf8.NOT_UNICODE);
        }
    }

    private static Buffer decoded(Fields from, String name, Object value) {
        byte[] bytes = TypedValues.bytes(value);
        if (bytes == null) {
            throw from.complaint(name, Fields.kind(value) + " (expected: base64)");
        }
        return Buffer.buffer(bytes);
    }
}
