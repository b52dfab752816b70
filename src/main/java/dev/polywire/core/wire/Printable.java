package dev.polywire.core.wire;

import org.jspecify.annotations.Nullable;

/** Text from a peer or a caller, made safe for a line that people read: one line, of bounded length. */
public final class Printable {

    /** A server's text may be long; people read the failure. */
    public static final int MAX_CHARACTERS = 1_024;

    private Printable() {}

    /** At most {@link #MAX_CHARACTERS} of {@code text}, with line breaks, control characters and half surrogate pairs escaped; null: nothing. */
    public static String line(@Nullable String text) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; text != null && i < text.length(); ) {
            int c = text.codePointAt(i);
            String shown = isEscaped(c) ? String.format("\\u%04x", c) : Character.toString(c);
            if (line.length() + shown.length() > MAX_CHARACTERS) {
                break;
            }
            line.append(shown);
            i += Character.charCount(c);
        }
        return line.toString();
    }

    private static boolean isEscaped(int c) {
        return Character.isISOControl(c)
                || Character.getType(c) == Character.SURROGATE
                || Character.getType(c) == Character.LINE_SEPARATOR
                || Character.getType(c) == Character.PARAGRAPH_SEPARATOR;
    }
}
