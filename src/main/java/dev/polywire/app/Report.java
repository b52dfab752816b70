package dev.polywire.app;

import dev.polywire.app.ProgramOptions.ConnectorEntry;
import dev.polywire.app.cli.Table;
import dev.polywire.core.net.MemoryOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** The summary of a configuration: its connectors, and the most connections and memory they may have together. */
final class Report {

    private final ProgramOptions options;

    Report(ProgramOptions options) {
        this.options = options;
    }

    /** {@code {errors: [{where, path, what}], warnings, connectors: [{name, protocol, address, target, maxConnections}]}}. */
    static JsonObject json(Configuration configuration) {
        JsonArray connectors = new JsonArray();
        if (configuration.complaints().isEmpty()) {
            for (ConnectorEntry each : configuration.options().connectors()) {
                connectors.add(new JsonObject()
                        .put("name", each.name())
                        .put("protocol", each.protocol().type())
                        .put("address", each.address())
                        .put("target", each.settings().endpoint().target())
                        .put("maxConnections", most(each)));
            }
        }
        return new JsonObject()
                .put("errors", all(configuration.complaints()))
                .put("warnings", all(configuration.warnings()))
                .put("connectors", connectors);
    }

    private static JsonArray all(List<Complaint> complaints) {
        JsonArray all = new JsonArray();
        complaints.forEach(each -> all.add(new JsonObject()
                .put("where", each.where())
                .put("path", each.path())
                .put("what", each.what())));
        return all;
    }

    private static long most(ConnectorEntry entry) {
        return (long) entry.instances() * entry.settings().connections(entry.instances());
    }

    String text() {
        Table table = new Table("NAME", "PROTOCOL", "ADDRESS", "TARGET", "INSTANCES x CONNECTIONS");
        long total = 0;
        for (ConnectorEntry each : options.connectors()) {
            long most = most(each);
            total += most;
            table.row(
                    each.name(),
                    each.protocol().type(),
                    each.address(),
                    each.settings().endpoint().target(),
                    each.instances() + " x " + each.settings().connections(each.instances()) + " = " + most);
        }
        return table.text() + "at most " + total + " connections\n"
                + "at most " + options.common().memory().maxBytes() + " bytes held for peers, in a heap of "
                + MemoryOptions.heapBytes() + "\n";
    }
}
