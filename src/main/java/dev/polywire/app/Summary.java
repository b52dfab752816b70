package dev.polywire.app;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** What the program prints when it is up. */
final class Summary {

    private static final String[] HEAD = {"NAME", "PROTOCOL", "ADDRESS", "TARGET", "STATE"};

    private final List<String> servers = new ArrayList<>();
    private final List<String[]> rows = new ArrayList<>();
    private final List<String> requests = new ArrayList<>();

    void server(String description) {
        servers.add("embedded: " + description);
    }

    void connector(Protocol protocol, String address, JsonObject status) {
        rows.add(new String[] {
            status.getString("name", "?"),
            status.getString("protocol", protocol.type()),
            address,
            status.getString("target", "?"),
            status.getString("state", "no answer")
        });
        requests.add("  python3 examples/python/polywire.py " + address + " " + protocol.request());
    }

    String text() {
        StringBuilder text = new StringBuilder();
        servers.forEach(server -> text.append(server).append('\n'));
        text.append('\n');
        row(text, HEAD);
        rows.forEach(row -> row(text, row));
        text.append("\nTry:\n");
        requests.forEach(request -> text.append(request).append('\n'));
        return text.toString();
    }

    private void row(StringBuilder text, String[] cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.length; i++) {
            line.append(String.format("%-" + (width(i) + 2) + "s", cells[i]));
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }

    private int width(int column) {
        int width = HEAD[column].length();
        for (String[] row : rows) {
            width = Math.max(width, row[column].length());
        }
        return width;
    }
}
