package dev.polywire.mongodb.wire;

import java.text.Normalizer;

/**
 * Prepares a password for SCRAM-SHA-256, so that the same characters typed in other ways are the same bytes (RFC 4013, a
 * profile of RFC 3454). Characters that Unicode 3.2 had not assigned are kept, as the RFC has it for queries: the server
 * decides.
 */
final class SaslPrep {

    private static final int SPACE = 0x20;

    private SaslPrep() {}

    /** @throws IllegalArgumentException when it has a character that no password may have; without the text */
    static String prepared(String name, String text) {
        if (text.chars().allMatch(c -> c >= SPACE && c < 0x7f)) {
            return text;
        }
        StringBuilder mapped = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (isOtherSpace(c)) {
                mapped.append(' ');
            } else if (!isMappedToNothing(c)) {
                mapped.appendCodePoint(c);
            }
        });
        String prepared = Normalizer.normalize(mapped, Normalizer.Form.NFKC);
        if (prepared.codePoints().anyMatch(SaslPrep::isProhibited)) {
            throw new IllegalArgumentException(name
                    + ": has a character that SASLprep prohibits (expected: no control and no private characters)");
        }
        requireOneDirection(name, prepared);
        return prepared;
    }

    /** RFC 3454, 6: text from right to left has none from left to right, and begins and ends in its direction. */
    private static void requireOneDirection(String name, String prepared) {
        int[] all = prepared.codePoints().toArray();
        boolean rightToLeft = prepared.codePoints().anyMatch(SaslPrep::isRightToLeft);
        if (rightToLeft
                && (prepared.codePoints()
                                .anyMatch(c -> Character.getDirectionality(c) == Character.DIRECTIONALITY_LEFT_TO_RIGHT)
                        || !isRightToLeft(all[0])
                        || !isRightToLeft(all[all.length - 1]))) {
            throw new IllegalArgumentException(
                    name + ": has text of both directions (expected: what SASLprep permits, one direction)");
        }
    }

    private static boolean isRightToLeft(int c) {
        byte direction = Character.getDirectionality(c);
        return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
                || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
    }

    /** Table C.1.2. */
    private static boolean isOtherSpace(int c) {
        return c == 0x00a0 || c == 0x1680 || c >= 0x2000 && c <= 0x200b || c == 0x202f || c == 0x205f || c == 0x3000;
    }

    /** Table B.1. */
    private static boolean isMappedToNothing(int c) {
        return c == 0x00ad
                || c == 0x034f
                || c == 0x1806
                || c >= 0x180b && c <= 0x180d
                || c == 0x200c
                || c == 0x200d
                || c == 0x2060
                || c >= 0xfe00 && c <= 0xfe0f
                || c == 0xfeff;
    }

    /** Tables C.1.2 and C.2.1 to C.9. */
    private static boolean isProhibited(int c) {
        return isOtherSpace(c)
                || Character.isISOControl(c)
                || isOtherControl(c)
                || Character.getType(c) == Character.PRIVATE_USE
                || Character.getType(c) == Character.SURROGATE
                || (c & 0xfffe) == 0xfffe
                || c >= 0xfdd0 && c <= 0xfdef
                || c >= 0xfff9 && c <= 0xfffd
                || c >= 0x2ff0 && c <= 0x2ffb
                || c == 0x0340
                || c == 0x0341
                || c == 0x200e
                || c == 0x200f
                || c >= 0x202a && c <= 0x202e
                || c == 0xe0001
                || c >= 0xe0020 && c <= 0xe007f;
    }

    /** Table C.2.2 beyond U+009F. */
    private static boolean isOtherControl(int c) {
        return c == 0x06dd
                || c == 0x070f
                || c == 0x180e
                || c == 0x2028
                || c == 0x2029
                || c >= 0x2061 && c <= 0x2063
                || c >= 0x206a && c <= 0x206f
                || c >= 0x1d173 && c <= 0x1d17a;
    }
}
