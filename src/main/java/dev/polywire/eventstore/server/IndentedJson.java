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
        switch (each) {
            case '"':
                return "\\\"";
            case '\\':
                return "\\\\";
            case '\n':
                return "\\n";
            case '\r':
                return "\\r";
            case '\t':
                return "\\t";
            case '\b':
                return "\\b";
            case '\f':
                return "\\f";
            default:
                boolean control = each < ' ' || each == '\u0085' || each == '\u2028' || each == '\u2029';
                return control ? String.format("\\u%04x", (int) each) : String.valueOf(each);
        }
    }
}
