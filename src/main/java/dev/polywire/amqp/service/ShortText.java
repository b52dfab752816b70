package dev.polywire.amqp.service;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import dev.polywire.core.wire.Utf8;

/** Texts whose length AMQP writes in one byte: names, routing keys, most properties. */
final class ShortText {

    private static final int MAX_BYTES = 255;

    private ShortText() {}

    /** @throws FieldException when the text has no UTF-8, or more than 255 bytes of it */
    static String check(String field, String text) {
        if (!Utf8.isUnicode(text)) {
            throw new FieldException(field, Utf8.NOT_UNICODE);
        }
        long bytes = Utf8.bytes(text);
        if (bytes > MAX_BYTES) {
            throw new FieldException(field, bytes + " bytes (expected: <= " + MAX_BYTES + ")");
        }
        return text;
    }

    /** A field of an object; absent: {@code fallback}. */
    static String of(Fields json, String name, String fallback) {
        String text = json.text(name, fallback);
        return check(json.path().isEmpty() ? name : json.path() + "." + name, text);
    }
}
