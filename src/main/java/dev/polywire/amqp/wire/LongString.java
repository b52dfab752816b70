package dev.polywire.amqp.wire;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** A received text of a field table: bytes, which need not be UTF-8. Copy it to keep it. */
public record LongString(Buffer bytes) {

    public static LongString of(String text) {
        return new LongString(Buffer.buffer(text));
    }

    /** As UTF-8; other bytes become U+FFFD. */
    public String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return text();
    }
}
