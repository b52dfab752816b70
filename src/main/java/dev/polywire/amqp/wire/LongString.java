package dev.polywire.amqp.wire;

import dev.polywire.core.wire.Utf8;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** A received text of a field table: bytes, which need not be UTF-8. Copy it to keep it. */
public record LongString(Buffer bytes) {

    /** @throws IllegalArgumentException when it has no UTF-8 */
    public static LongString of(String text) {
        return new LongString(Buffer.buffer(Utf8.encoded(text)));
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
