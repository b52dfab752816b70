package dev.polywire.app;

import dev.polywire.app.ProgramOptions.ConnectorEntry;
import dev.polywire.core.net.MemoryOptions;

/** The summary of a configuration: its connectors, and the most connections and memory they may have together. */
final class Report {

    private final ProgramOptions options;

    Report(ProgramOptions options) {
        this.options = options;
    }

    String text() {
        Table table = new Table("NAME", "PROTOCOL", "ADDRESS", "TARGET", "INSTANCES x CONNECTIONS");
        long total = 0;
        for (ConnectorEntry each : options.connectors()) {
            long most = (long) each.instances() * each.settings().connections();
            total += most;
            table.row(
                    each.name(),
                    each.protocol().type(),
                    each.address(),
                    each.settings().endpoint().target(),
                    each.instances() + " x " + each.settings().connections() + " = " + most);
        }
        return table.text() + "at most " + total + " connections\n"
                + "at most " + options.common().memory().maxBytes() + " bytes held for peers, in a heap of "
                + MemoryOptions.heapBytes() + "\n";
    }
}
