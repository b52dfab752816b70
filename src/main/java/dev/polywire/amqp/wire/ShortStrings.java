package dev.polywire.amqp.wire;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Recently received short strings. Each message of a consumer has the same tag, exchange and types and often the same key,
 * so most of its strings exist already.
 */
final class ShortStrings {

    /** A power of two. */
    private static final int SLOTS = 64;
    /** Longer ones are seldom the same. */
    private static final int MAX_BYTES = 64;

    private final @Nullable String[] known = new String[SLOTS];

    /** The text of {@code length} bytes at {@code from}. */
    String text(Buffer bytes, int from, int length) {
        if (length == 0) {
            return "";
        }
        if (length > MAX_BYTES) {
            return bytes.getString(from, from + length);
        }
        int hash = length;
        for (int i = from; i < from + length; i++) {
            hash = 31 * hash + bytes.getByte(i);
        }
        int slot = (hash ^ hash >>> 15) & (SLOTS - 1);
        String before = known[slot];
        if (before != null && isAt(before, bytes, from, length)) {
            return before;
        }
        String text = bytes.getString(from, from + length);
        known[slot] = text;
        return text;
    }

    /** Never true for bytes beyond ASCII: they are negative. */
    private static boolean isAt(String text, Buffer bytes, int from, int length) {
        if (text.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (text.charAt(i) != bytes.getByte(from + i)) {
                return false;
            }
        }
        return true;
    }
}
