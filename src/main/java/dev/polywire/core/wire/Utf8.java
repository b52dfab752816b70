package dev.polywire.core.wire;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Strict UTF-8 (RFC 3629), checked in place: without replacement characters and without allocation. */
public final class Utf8 {

    private static final long NOT_ASCII = 0x8080808080808080L;

    private Utf8() {}

    /** Whether the bytes from {@code at} to {@code end} are well formed: no overlong form, no surrogate, at most U+10FFFF. */
    public static boolean isWellFormed(Buffer bytes, int at, int end) {
        while (at < end) {
            if (end - at >= 8 && (bytes.getLong(at) & NOT_ASCII) == 0) {
                at += 8;
                continue;
            }
            int first = bytes.getUnsignedByte(at++);
            if (first < 0x80) {
                continue;
            }
            int more = first < 0xc2 ? -1 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : first < 0xf5 ? 3 : -1;
            if (more < 0 || end - at < more || !secondFits(first, bytes.getUnsignedByte(at))) {
                return false;
            }
            for (int i = 1; i < more; i++) {
                if ((bytes.getByte(at + i) & 0xc0) != 0x80) {
                    return false;
                }
            }
            at += more;
        }
        return true;
    }

    // The second byte alone decides about overlong forms (E0, F0), surrogates (ED) and the end of Unicode (F4).
    private static boolean secondFits(int first, int second) {
        int least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        int most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        return second >= least && second <= most;
    }

    /** The decoded text; null: the bytes are not UTF-8. */
    public static @Nullable String text(Buffer bytes) {
        return isWellFormed(bytes, 0, bytes.length()) ? bytes.toString(StandardCharsets.UTF_8) : null;
    }

    /** The size of {@code text} in bytes; a lone surrogate counts as the one byte that replaces it. */
    public static long bytes(String text) {
        long count = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                count += 4;
                i++;
            } else {
                count += c < 0x80 || Character.isSurrogate(c) ? 1 : c < 0x800 ? 2 : 3;
            }
        }
        return count;
    }
}
