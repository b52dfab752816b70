package dev.polywire.eventstore.server;

import java.util.List;
import java.util.stream.Collectors;

/** JSON as the server writes it into its own streams: two spaces, one member a line; what is 0 or false is left out. */
final class IndentedJson {

    private final StringBuilder text = new StringBuilder();
    private String separator = "";

    IndentedJson with(String name, String value) {
        return raw(name, quoted(value));
    }

    IndentedJson with(String name, long value) {
        return value == 0 ? this : raw(name, Long.toString(value));
    }

    IndentedJson with(String name, boolean value) {
        return value ? raw(name, "true") : this;
    }

    IndentedJson with(String name, List<IndentedJson> objects) {
        String all = objects.stream()
                .map(each -> ("\n" + each).replace("\n", "\n    "))
                .collect(Collectors.joining(","));
        return raw(name, objects.isEmpty() ? "[]" : "[" + all + "\n  ]");
    }

    private IndentedJson raw(String name, String value) {
        text.append(separator).append("  ").append(quoted(name)).append(": ").append(value);
        separator = ",\n";
        return this;
    }

    @Override
    public String toString() {
        return text.length() == 0 ? "{}" : "{\n" + text + "\n}";
    }

    private static String quoted(String value) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            quoted.append(escaped(value.charAt(i)));
        }
        return quoted.append('"').toString();
    }

    private static String escaped(char each) {
        return switch (each) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case '\b' -> "\\b";
            case '\f' -> "\\f";
            case '\u0085', '\u2028', '\u2029' -> unicode(each);
            default -> each < ' ' ? unicode(each) : String.valueOf(each);
        };
    }

    private static String unicode(char each) {
        return String.format("\\u%04x", (int) each);
    }
}
