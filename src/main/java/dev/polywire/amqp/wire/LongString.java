package dev.polywire.amqp.wire;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** A text of a field table that was received: bytes, which need not be UTF-8. Who keeps it copies it. */
public record LongString(Buffer bytes) {

    public static LongString of(String text) {
        return new LongString(Buffer.buffer(text));
    }

    /** As UTF-8; what is none becomes U+FFFD. */
    public String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return text();
    }
}
