package dev.polywire.core.net;

import dev.polywire.core.wire.Utf8;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The path of a URI (RFC 3986, 3.3) in its parts. */
final class HttpPath {

    /** Several times what any path of ours has. */
    static final int MAX_PARTS = 16;

    private static final int HEX = 16;

    private HttpPath() {}

    /** @return null: it is no path, or a part is no text */
    static @Nullable List<String> parts(@Nullable String path) {
        if (path == null || !path.startsWith("/")) {
            return null;
        }
        String[] raw = path.substring(1).split("/", MAX_PARTS + 1);
        if (raw.length > MAX_PARTS) {
            return null;
        }
        List<String> parts = new ArrayList<>();
        for (String each : raw) {
            String part = decoded(each);
            if (part == null) {
                return null;
            }
            parts.add(part);
        }
        return parts;
    }

    private static @Nullable String decoded(String raw) {
        Buffer bytes = Buffer.buffer(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                int high = i + 2 < raw.length() ? Character.digit(raw.charAt(i + 1), HEX) : -1;
                int low = high < 0 ? -1 : Character.digit(raw.charAt(i + 2), HEX);
                if (low < 0) {
                    return null;
                }
                bytes.appendByte((byte) (high * HEX + low));
                i += 2;
            } else if (c > ' ' && c < 0x7f) {
                bytes.appendByte((byte) c);
            } else {
                return null;
            }
        }
        String text = Utf8.text(bytes);
        return text == null || text.chars().anyMatch(Character::isISOControl) ? null : text;
    }
}
