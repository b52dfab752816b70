package dev.polywire.amqp.service;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import java.nio.charset.StandardCharsets;

/** Texts whose length AMQP writes in one byte: names, routing keys, most properties. */
final class ShortText {

    private static final int MAX_BYTES = 255;

    private ShortText() {}

    /** @throws FieldException when the text is longer than 255 bytes in UTF-8 */
    static String check(String field, String text) {
        int bytes = text.length() > MAX_BYTES ? text.length() : text.getBytes(StandardCharsets.UTF_8).length;
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
