package dev.polywire.app;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** The text that the program prints when it is up. */
final class StartupSummary {

    private final List<String> servers = new ArrayList<>();
    private final Table table = new Table("NAME", "PROTOCOL", "ADDRESS", "TARGET", "STATE");
    private final List<String> requests = new ArrayList<>();

    void server(String description) {
        servers.add("embedded: " + description);
    }

    void connector(Protocol protocol, String address, JsonObject status) {
        table.row(
                status.getString("name", "?"),
                status.getString("protocol", protocol.type()),
                address,
                status.getString("target", "?"),
                status.getString("state", "no answer"));
        requests.add("  python3 examples/python/polywire.py " + address + " " + protocol.request());
    }

    String text() {
        StringBuilder text = new StringBuilder();
        servers.forEach(server -> text.append(server).append('\n'));
        text.append('\n');
        text.append(table.text()).append("\nTry:\n");
        requests.forEach(request -> text.append(request).append('\n'));
        return text.toString();
    }
}
