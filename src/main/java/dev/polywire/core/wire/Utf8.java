package dev.polywire.core.wire;

import io.vertx.core.buffer.Buffer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Strict UTF-8 (RFC 3629), both ways without replacement characters; what was received is checked without allocation. */
public final class Utf8 {

    /** What is wrong with a text that has no UTF-8. */
    public static final String NOT_UNICODE = "half a surrogate pair (expected: Unicode text)";

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long NOT_ASCII = 0x8080808080808080L;
    private static final long ONES = 0x0101010101010101L;
    private static final long QUESTION_MARKS = '?' * ONES;

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

    /**
     * The bytes of {@code text}.
     *
     * @throws IllegalArgumentException with {@link #NOT_UNICODE}: the JDK would write a question mark
     */
    public static byte[] encoded(String text) {
        // The JDK copies ASCII text in bulk, which is faster than any loop over characters.
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (hasQuestionMark(utf8) && !isUnicode(text)) {
            throw new IllegalArgumentException(NOT_UNICODE);
        }
        return utf8;
    }

    /** The same for a value with a name, which stands in the failure. */
    public static byte[] encoded(String name, String text) {
        try {
            return encoded(text);
        } catch (IllegalArgumentException half) {
            throw new IllegalArgumentException(name + ": " + NOT_UNICODE, half);
        }
    }

    /** Whether each surrogate has its partner; otherwise the text has no UTF-8. */
    public static boolean isUnicode(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                i++;
                if (Character.isLowSurrogate(c) || i == text.length() || !Character.isLowSurrogate(text.charAt(i))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean hasQuestionMark(byte[] utf8) {
        int at = 0;
        for (; utf8.length - at >= Long.BYTES; at += Long.BYTES) {
            long others = (long) LONGS.get(utf8, at) ^ QUESTION_MARKS;
            if ((others - ONES & ~others & NOT_ASCII) != 0) {
                return true;
            }
        }
        for (; at < utf8.length; at++) {
            if (utf8[at] == '?') {
                return true;
            }
        }
        return false;
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
